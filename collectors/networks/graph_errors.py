"""What Graph's error codes mean for us: one table, one error class.

Codes as documented for Graph v26.0: 4, 17, 32, 613 and 80000 to 80014 are quotas; 190 and 102
the token; 10 and 200 to 299 permissions; 1 "reduce the amount of data"; 2 trouble at Meta; 100 a
parameter; 506 a duplicate.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from collectors.networks.base import NetworkError, Reason
from collectors.networks.failures import rate_limit
from collectors.networks.secrets import scrub
from collectors.networks.values import clean_text

QUOTA_CODES = frozenset({4, 17, 32, 613, *range(80_000, 80_015)})
TOKEN_CODES = frozenset({190, 102, 104})
PERMISSION_CODES = frozenset({10, *range(200, 300)})
TOO_MUCH_DATA = 1
TROUBLE = 2
PARAMETER = 100
UNKNOWN_OBJECT = 33  # subcode of 100
UNKNOWN_ALIAS = 803
BEFORE_BUSINESS = 2_108_006  # media from before the account became a business one
EXPIRED = (463, 467)
PERMISSIONS = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "read_insights",
    "instagram_basic",
    "instagram_manage_insights",
    "ads_read",
    "ads_management",
    "business_management",
)
INSIGHT_PERMISSIONS = ("read_insights", "instagram_manage_insights")
NEW_TOKEN = "Make a new access token and paste it on the page Connections."  # noqa: S105 a sentence


class GraphRefusal(NetworkError):
    """Graph's own no, with its code and subcode and the permissions that its words name."""

    code: int = 0
    subcode: int = 0
    needs: tuple[str, ...] = ()
    few_viewers: bool = False

    @property
    def is_parameter(self) -> bool:
        """A parameter (a metric, a field) was refused; the object itself is there."""
        return self.code == PARAMETER and self.reason == "refused"

    @property
    def is_ignorable(self) -> bool:
        """No figures for this object: too few viewers, or from before it was a business."""
        return self.few_viewers or self.subcode == BEFORE_BUSINESS


@dataclass(frozen=True)
class GraphFault:
    """The `error` object of a reply."""

    code: int
    subcode: int
    message: str
    transient: bool
    status: int


def fault_in(body: object, status: int) -> GraphFault | None:
    """The error that a reply holds, whatever its status; None where it holds none."""
    if not isinstance(body, Mapping) or "error" not in body:
        return None
    error = body["error"]
    if not isinstance(error, Mapping):
        return GraphFault(0, 0, clean_text(error), False, status)
    return GraphFault(
        code=_number(error.get("code")),
        subcode=_number(error.get("error_subcode")),
        message=clean_text(error.get("message")),
        transient=error.get("is_transient") is True,
        status=status,
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def refusal(
    fault: GraphFault, label: str, secrets: tuple[str, ...], until: datetime | None
) -> GraphRefusal:
    """The fault as the error that the rest of the house understands."""
    needs = tuple(name for name in PERMISSIONS if re.search(rf"\b{name}\b", fault.message))
    reason, message, todo = _meaning(fault, label, needs, secrets)
    if reason == "rate_limit":
        limit = rate_limit(label, until)
        message, retry_at = str(limit), limit.retry_at
    else:
        retry_at = None
    error = GraphRefusal(
        message,
        reason=reason,
        permanent=reason not in ("rate_limit", "server"),
        retry_at=retry_at,
        todo=todo,
    )
    error.code, error.subcode, error.needs = fault.code, fault.subcode, needs
    error.few_viewers = fault.code == 10 and "viewer" in fault.message.lower()
    return error


def _meaning(
    fault: GraphFault, label: str, needs: tuple[str, ...], secrets: tuple[str, ...]
) -> tuple[Reason, str, str | None]:
    said = _said(fault.message, secrets)
    if fault.code in QUOTA_CODES or fault.status == 429:
        return "rate_limit", "", None
    if fault.code in TOKEN_CODES:
        return "token", _token_sentence(fault, label), NEW_TOKEN
    if fault.code in PERMISSION_CODES or (fault.code == PARAMETER and needs):
        return "permission", *_permission(label, needs, said)
    if fault.code == TOO_MUCH_DATA:
        return "server", f"{label} was asked for too much at once.", None
    if fault.code == TROUBLE or fault.transient or fault.status >= 500:
        return "server", f"{label} has trouble of its own (code {fault.code}).", None
    if fault.status == 402:
        return (
            "credit",
            f"{label} wants a payment before it goes on{said}",
            "Settle it in Meta's business settings, then collect again.",
        )
    if (fault.code, fault.subcode) == (PARAMETER, UNKNOWN_OBJECT) or fault.code == UNKNOWN_ALIAS:
        return "gone", f"{label} does not know what was asked for any more.", GONE_TODO
    return "refused", f"{label} refused the request (code {fault.code}){said}", None


GONE_TODO = (
    "Check that the account still exists and that you still have a role on it; then paste a new "
    "token on the page Connections."
)


def _token_sentence(fault: GraphFault, label: str) -> str:
    if fault.subcode in EXPIRED:
        return f"{label} does not accept the token any more: it has expired."
    return f"{label} does not accept the token: it is wrong or was revoked."


def _permission(label: str, needs: tuple[str, ...], said: str) -> tuple[str, str]:
    if not needs:
        return f"{label} does not permit this{said}", (
            "Check your role on the account and the permissions of the token; then paste a new "
            "token on the page Connections."
        )
    names = " and ".join(needs)
    return (
        f"{label} does not permit this: the permission {names} is missing.",
        f"Make a token with {names} and paste it on the page Connections.",
    )


def _said(message: str, secrets: tuple[str, ...]) -> str:
    words = re.sub(r"^\(#\d+\)\s*", "", scrub(message, secrets)).strip().rstrip(".")[:200]
    return f': "{words}".' if words else "."
