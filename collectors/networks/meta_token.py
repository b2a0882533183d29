"""What a Meta token is worth: whose it is, when it ends, what it permits, and a longer one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.networks.base import NetworkError
from collectors.networks.graph import Graph
from collectors.networks.graph_errors import NEW_TOKEN
from collectors.networks.values import mapping
from data.clock import now

#: Meta's short tokens live an hour or two, its long ones 60 days.
SHORT = timedelta(days=2)


@dataclass(frozen=True)
class TokenInfo:
    """`scopes` None: Meta did not say. `ends_at` None: never, or not said."""

    scopes: frozenset[str] | None
    ends_at: datetime | None

    def lacks(self, *needed: str) -> tuple[str, ...]:
        """The permissions of `needed` that are missing for sure."""
        return () if self.scopes is None else tuple(n for n in needed if n not in self.scopes)


def look(graph: Graph) -> TokenInfo:
    """Ask Meta about the token; NetworkError where it is no longer valid."""
    token = graph.values["access_token"]
    try:
        body = graph.get_unkept("debug_token", input_token=token)
    except NetworkError as error:
        if error.reason not in ("permission", "refused"):
            raise
        return TokenInfo(None, None)
    data = mapping(body.get("data"))
    if data.get("is_valid") is False:
        raise NetworkError(
            f"{graph.label} does not accept the token: it is wrong, expired or revoked.",
            reason="token",
            permanent=True,
            todo=NEW_TOKEN,
        )
    scopes = data.get("scopes")
    return TokenInfo(
        scopes=frozenset(map(str, scopes)) if isinstance(scopes, list) else None,
        ends_at=_first_end(data.get("expires_at"), data.get("data_access_expires_at")),
    )


def _first_end(*stamps: Any) -> datetime | None:
    """The first of the instants at which reading ends; 0 means never."""
    ends = [
        datetime.fromtimestamp(one, UTC)
        for one in stamps
        if isinstance(one, int) and not isinstance(one, bool) and 0 < one < 32_503_680_000
    ]
    return min(ends, default=None)


def lengthen(graph: Graph, info: TokenInfo) -> Graph | None:
    """The same access with a long-lived token, where the app's keys allow it and it is needed."""
    if "app_secret" not in graph.values or info.ends_at is None:
        return None
    if info.ends_at - now() > SHORT:
        return None
    body = graph.get_unkept(
        "oauth",
        "access_token",
        grant_type="fb_exchange_token",
        client_id=graph.values["app_id"],
        client_secret=graph.values["app_secret"],
        fb_exchange_token=graph.values["access_token"],
    )
    token = body.get("access_token")
    if not isinstance(token, str) or not token or token == graph.values["access_token"]:
        return None
    return graph.with_token(token)
