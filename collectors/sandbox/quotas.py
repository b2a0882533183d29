"""Quotas: X's windows of 15 minutes, and the usage headers of Graph.

A window begins anew after 15 minutes of real time, or of the sandbox's clock when that is moved
on: filling a year in a minute must not run into a limit that the year would not have met.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

WINDOW_SECONDS = 900
X_LIMITS = {"x:timeline": 900, "x:tweets": 5000, "x:me": 75, "x:user": 900}
META_CALLS_A_WINDOW = 20_000


@dataclass(slots=True)
class Window:
    """Calls of one token to one kind of address in the current window."""

    ends: float
    sandbox_ends: datetime
    used: int = 0


@dataclass(slots=True)
class Quotas:
    """Counts calls and writes the headers that say how many are left."""

    windows: dict[tuple[str, str], Window] = field(default_factory=dict)

    def x_headers(self, token: str, kind: str, now: datetime) -> tuple[dict[str, str], bool]:
        """The three x-rate-limit headers, and whether this call is beyond the limit."""
        limit = X_LIMITS.get(kind, 900)
        window = self._count(token, kind, now)
        headers = {
            "x-rate-limit-limit": str(limit),
            "x-rate-limit-remaining": str(max(0, limit - window.used)),
            "x-rate-limit-reset": str(int(window.ends)),
        }
        return headers, window.used > limit

    def graph_headers(
        self, token: str, network: str, account: str, now: datetime, percent: int | None
    ) -> dict[str, str]:
        """X-App-Usage and the header of the object's kind, in percent; `percent` forces it."""
        used = self._count(token, "graph", now).used * 100 // META_CALLS_A_WINDOW
        share = min(100, used) if percent is None else percent
        usage = {"call_count": share, "total_time": share, "total_cputime": share}
        headers = {"X-App-Usage": _json(usage)}
        if network == "facebook":
            headers["X-Page-Usage"] = _json(usage)
        if network == "meta_ads":
            headers["X-Ad-Account-Usage"] = _json({"acc_id_util_pct": float(share)})
        if network in ("facebook", "instagram", "meta_ads"):
            kind = {"facebook": "pages", "instagram": "instagram"}.get(network, "ads_insights")
            wait = 0 if share < 100 else WINDOW_SECONDS // 60
            entry = {"type": kind, "estimated_time_to_regain_access": wait} | usage
            headers["X-Business-Use-Case-Usage"] = _json({account.removeprefix("act_"): [entry]})
        return headers

    def _count(self, token: str, kind: str, now: datetime) -> Window:
        window = self.windows.get((token, kind))
        real = time.time()
        if window is None or real >= window.ends or now >= window.sandbox_ends:
            span = timedelta(seconds=WINDOW_SECONDS)
            window = Window(real + WINDOW_SECONDS, now + span)
            self.windows[token, kind] = window
        window.used += 1
        return window


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
