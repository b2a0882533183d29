"""What the X adapter tells people about an account."""

from collectors.networks.base import NetworkError, Reason

NEWEST_ONLY = 3200
NEW_TOKEN = (  # a sentence
    "Make a new token in X's developer portal and paste it on the page Connections."  # noqa: S105
)
#: Status -> reason, what happened, what to do. `{said}` ends the sentence in X's own words.
REFUSALS: dict[int, tuple[Reason, str, str]] = {
    401: (
        "token",
        "X does not accept the token any more: it is wrong, expired or revoked.",
        NEW_TOKEN,
    ),
    402: (
        "credit",
        "X reads nothing more: the credit of this developer account is used up.",
        "Add credit in X's developer portal under Billing, then collect again.",
    ),
    403: (
        "permission",
        "X does not permit this{said}",
        "In X's developer portal give the app the scopes tweet.read, users.read and "
        "offline.access, make a new user token and paste it on the page Connections.",
    ),
    404: (
        "gone",
        "X does not know what was asked for{said}",
        "Check the account's name on the page Connections.",
    ),
}


def refused(status: int, said: str) -> NetworkError:
    """The error for a definite no; `said` is the end of a sentence."""
    if status not in REFUSALS:
        message = f"X refused the request (status {status}){said}"
        return NetworkError(message, reason="refused", permanent=True)
    reason, message, todo = REFUSALS[status]
    return NetworkError(message.replace("{said}", said), reason=reason, permanent=True, todo=todo)


NOT_OWN = {
    "what": "clicks and profile clicks",
    "why": "the token is not this account's own: sign in to X as the account and make a user token",
}


def can_read(posts: int | None, seen: int, followers: int | None, own: bool) -> tuple[str, ...]:
    """What a test found readable. `posts` None: X did not say; `seen` of them were read."""
    number = min(posts, NEWEST_ONLY) if posts is not None else seen
    can = [f"read {number} post" + ("s" if number != 1 else "")]
    if posts is not None and posts > NEWEST_ONLY:
        can[0] += f" (X gives the newest {NEWEST_ONLY:,} of {posts:,})"
    if followers is not None:
        can.append("read followers")
    if own:
        can.append("read clicks and profile clicks of posts up to 30 days old")
    return tuple(can)


def account_gone() -> NetworkError:
    """The error for an id that X has no user for."""
    return NetworkError(
        "X does not know this account: it was renamed, suspended or closed.",
        reason="gone",
        permanent=True,
        todo="Check the account's name on the page Connections and add it anew under its present "
        "one.",
    )
