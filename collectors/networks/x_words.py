"""What the X adapter tells people about an account."""

from collectors.networks.base import NetworkError

NEWEST_ONLY = 3200
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
