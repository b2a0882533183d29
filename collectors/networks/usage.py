"""Graph's usage headers: how much of a quota is used, and when to go on."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from collectors.networks.failures import DEFAULT_PAUSE, LONGEST_PAUSE
from collectors.networks.values import mapping
from data.clock import now

FULL = 90.0  # percent
PERCENTAGES = ("call_count", "total_time", "total_cputime", "acc_id_util_pct")
FLAT = ("x-app-usage", "x-page-usage", "x-ad-account-usage")
BY_BUSINESS = "x-business-use-case-usage"


def pause_until(headers: Mapping[str, str]) -> datetime | None:
    """When to go on where 90 % of a quota or more is used; None below that.

    The header's own minutes where it names some, else 15: the windows slide over an hour.
    """
    usages = [one for one in _usages(headers) if _share(one) >= FULL]
    if not usages:
        return None
    return now() + (max(_wait(one) for one in usages) or DEFAULT_PAUSE)


def regain_at(headers: Mapping[str, str]) -> datetime | None:
    """When a used-up quota is to be had again, where a header says so."""
    waits = [_wait(one) for one in _usages(headers)]
    longest = max(waits, default=timedelta(0))
    return now() + longest if longest else None


def _usages(headers: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
    for name in FLAT:
        yield mapping(_loaded(headers.get(name)))
    for entries in mapping(_loaded(headers.get(BY_BUSINESS))).values():
        for entry in entries if isinstance(entries, list) else ():
            yield mapping(entry)


def _loaded(text: str | None) -> object:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def _share(usage: Mapping[str, object]) -> float:
    return max((_number(usage.get(name)) for name in PERCENTAGES), default=0.0)


def _wait(usage: Mapping[str, object]) -> timedelta:
    minutes = _number(usage.get("estimated_time_to_regain_access"))
    seconds = _number(usage.get("reset_time_duration"))
    wanted = max(minutes * 60, seconds)
    return timedelta(seconds=min(wanted, LONGEST_PAUSE.total_seconds()))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value) if 0 <= value < 1e12 else 0.0
