"""How reports name and write figures. English for now; all words of a report stand here."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from campaigns.figures import CampaignSummary, Figure, Number
from data.metrics import BY_NAME

MISSING = "—"
#: Ends or begins a stretch of writing direction; in a name it would turn its surroundings round.
_DIRECTION = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}

_METRICS: Mapping[str, str] = {
    "posts": "Posts",
    "engagement": "Engagement",
    "engagement_rate": "Engagement rate",
    "spend": "Spend",
    "results": "Results",
    "click_rate": "Click rate",
    "cost_per_click": "Cost per click",
    "cost_per_result": "Cost per result",
    "budget": "Budget",
    "budget_share": "Budget spent",
    "time_share": "Time gone by",
}
_NETWORKS: Mapping[str, str] = {"x": "X", "facebook": "Facebook", "instagram": "Instagram"}
_STATES: Mapping[str, str] = {"planned": "Planned", "running": "Running", "ended": "Ended"}
_AXES: Mapping[str, str] = {"published": "by day published", "happened": "by day it happened"}


def metric(name: str) -> str:
    """A metric's label: "cost_per_click" -> "Cost per click"."""
    if name in _METRICS:
        return _METRICS[name]
    return BY_NAME[name].label if name in BY_NAME else name.replace("_", " ").capitalize()


def network(name: str) -> str:
    """A network's name as its people write it."""
    return _NETWORKS.get(name, name.capitalize())


def scope(name: str) -> str:
    """A scope's label: "organic x" -> "X", "paid USD" -> "All ads in USD"."""
    kind, _, rest = name.partition(" ")
    if kind == "organic":
        return network(rest) if rest else "All posts"
    if kind == "paid" and not rest:
        return "All ads"
    if kind == "paid":
        is_currency = len(rest) == 3 and rest.isascii() and rest.isupper()
        return f"All ads in {rest}" if is_currency else rest
    return name.capitalize()


def state(name: str) -> str:
    """A campaign's state."""
    return _STATES[name]


def axis(name: str) -> str:
    """What a day means on a chart."""
    return _AXES[name]


def figure(shown: Figure | None) -> str:
    """A figure with its unit, or a dash where nothing is known."""
    return MISSING if shown is None else number(shown.value, shown.unit)


def number(value: Number | None, unit: str) -> str:
    """A value with its unit: 1,234 / 4.2 % / 1,840.00 USD / a dash for None."""
    if value is None:
        return MISSING
    if unit == "ratio":
        return (
            f"{float(value) * 100:,.2f} %"
            if abs(float(value)) < 0.1
            else f"{float(value) * 100:,.1f} %"
        )
    if unit == "count":
        return f"{value:,}"
    amount = value if isinstance(value, Decimal) else Decimal(str(value))
    return f"{amount:,f} {unit}"


def counted(count: int, thing: str) -> str:
    """of 1 post, of 23 posts."""
    return f"of {count:,} {thing}" + ("" if count == 1 else "s")


def day(value: date) -> str:
    """5 Oct 2026."""
    return f"{value.day} {value:%b %Y}"


def period(summary: CampaignSummary) -> str:
    """Both days of the campaign."""
    return f"{day(summary.facts.starts_on)} to {day(summary.facts.ends_on)}"


def moment(value: datetime | None, zone: str) -> str:
    """An instant in the practice's time: 5 Oct 2026, 16:04."""
    if value is None:
        return MISSING
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {local:%H:%M}"


def clean(text: str, most: int = 2_000) -> str:
    """`text` that any format can hold: one line, no control signs, no turns of direction, cut."""
    kept = "".join(" " if sign.isspace() else sign for sign in text[: most * 2] if _is_kept(sign))
    line = " ".join(kept.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _is_kept(sign: str) -> bool:
    if sign.isspace():
        return True
    category = unicodedata.category(sign)
    return category not in ("Cc", "Cs") and unicodedata.bidirectional(sign) not in _DIRECTION
