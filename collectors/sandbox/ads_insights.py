"""Ad insights: rows by level and stretch of days, every figure a string as Graph sends it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from collectors.sandbox import ads_plan
from collectors.sandbox.ads_figures import LEAD_VALUE_CENTS, Figures, figures_at, split, summed
from collectors.sandbox.ads_plan import Ad
from collectors.sandbox.calls import Call
from collectors.sandbox.fields import names, parse_fields
from collectors.sandbox.replies import refuse
from collectors.sandbox.world import World

LEVELS = ("ad", "adset", "campaign", "account")
WINDOWS = ("1d_click", "7d_click", "28d_click", "1d_view", "1d_ev")
ENDED_WINDOWS = ("7d_view", "28d_view")
MONTHS_BACK = 37
PRESETS = {"yesterday": 1, "last_3d": 3, "last_7d": 7, "last_14d": 14, "last_28d": 28,
           "last_30d": 30, "last_90d": 90}  # fmt: skip
BREAKDOWNS: Mapping[str, Mapping[str, float]] = {
    "age": {"18-24": 8, "25-34": 22, "35-44": 26, "45-54": 17, "55-64": 14, "65+": 13},
    "gender": {"female": 61, "male": 37, "unknown": 2},
    "publisher_platform": {"facebook": 58, "instagram": 36, "audience_network": 6},
    "country": {"US": 100},
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both included."""

    first: date
    last: date

    def days(self) -> Iterator[date]:
        """Its days in order."""
        for offset in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=offset)


def asked_fields(call: Call) -> list[str]:
    """The fields of a call; code 100 where one is none of insights'."""
    asked = names(parse_fields(call.get("fields"))) or ["impressions", "spend"]
    if unknown := [name for name in asked if name not in MAKERS]:
        raise refuse(100, f"(#100) {unknown[0]} is not valid for fields param.")
    return asked


def insight_rows(world: World, call: Call, ads: Sequence[Ad], level: str) -> list["Row"]:
    """The rows that a call asks for; a stretch without impressions has none."""
    level = call.get("level") or level
    if level not in LEVELS:
        raise refuse(100, f"(#100) level must be one of {', '.join(LEVELS)}")
    windows, shares = _windows(call), _cells(call)
    whole, groups = _range(call, world), _grouped(ads, level)
    rows: list[Row] = []
    for span in _spans(call, whole):
        for members in groups.values():
            total = summed(_parts(world, members, span, call.now))
            if total.impressions:
                row = Row(world, level, members[0], span, total, windows, {})
                rows += _broken_down(row, shares)
    return rows


def _parts(world: World, ads: Sequence[Ad], span: Span, now: datetime) -> Iterator[Figures]:
    for ad in ads:
        campaign = ad.ad_set.campaign
        inside = Span(max(span.first, campaign.begin), min(span.last, campaign.end))
        for day in inside.days():
            yield figures_at(world.seed, ad, day, now)


def _windows(call: Call) -> list[str]:
    windows = call.items("action_attribution_windows")
    for one in windows:
        if one in ENDED_WINDOWS:
            raise refuse(100, f"(#100) The attribution window {one} is no longer available")
        if one not in (*WINDOWS, "default"):
            raise refuse(100, f"(#100) {one} is no valid action_attribution_windows")
    return windows


def _range(call: Call, world: World) -> Span:
    today = call.now.astimezone(ads_plan.AD_ZONE).date()
    if raw := call.get("time_range"):
        try:
            given = json.loads(raw)
            span = Span(date.fromisoformat(given["since"]), date.fromisoformat(given["until"]))
        except (ValueError, KeyError, TypeError) as error:
            raise refuse(100, "(#100) param time_range must have since and until") from error
    else:
        span = _preset(call.get("date_preset") or "last_30d", today, world)
    if span.first > span.last:
        raise refuse(100, "(#100) time_range: since must not be later than until")
    if span.first < _months_before(today, MONTHS_BACK):
        raise refuse(
            3018,
            f"(#3018) The start date of the time range cannot be beyond {MONTHS_BACK} months "
            "from the current date",
            subcode=1504018,
        )
    begun = world.history_start.astimezone(ads_plan.AD_ZONE).date()
    return Span(max(span.first, begun), min(span.last, today))


def _preset(name: str, today: date, world: World) -> Span:
    yesterday = today - timedelta(days=1)
    if name == "today":
        return Span(today, today)
    if name in ("maximum", "lifetime"):
        return Span(world.history_start.astimezone(ads_plan.AD_ZONE).date(), today)
    if name not in PRESETS:
        raise refuse(100, f"(#100) {name} is no valid date_preset")
    return Span(today - timedelta(days=PRESETS[name]), yesterday)


def _months_before(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, min(day.day, 28))


def _spans(call: Call, whole: Span) -> list[Span]:
    step = call.get("time_increment") or "all_days"
    if whole.first > whole.last:
        return []
    if step == "all_days":
        return [whole]
    if step == "monthly":
        return _by_month(whole)
    if not step.isdigit() or not 1 <= int(step) <= 90:
        raise refuse(100, "(#100) time_increment must be 1 to 90, monthly or all_days")
    starts = list(whole.days())[:: int(step)]
    length = timedelta(days=int(step) - 1)
    return [Span(first, min(first + length, whole.last)) for first in starts]


def _by_month(whole: Span) -> list[Span]:
    months: dict[tuple[int, int], list[date]] = {}
    for day in whole.days():
        months.setdefault((day.year, day.month), []).append(day)
    return [Span(days[0], days[-1]) for days in months.values()]


def _grouped(ads: Sequence[Ad], level: str) -> dict[str, list[Ad]]:
    keys: Mapping[str, Callable[[Ad], str]] = {
        "ad": lambda ad: ad.remote_id,
        "adset": lambda ad: ad.ad_set.remote_id,
        "campaign": lambda ad: ad.ad_set.campaign.remote_id,
        "account": lambda _ad: "",
    }
    groups: dict[str, list[Ad]] = {}
    for ad in ads:
        groups.setdefault(keys[level](ad), []).append(ad)
    return groups


@dataclass(frozen=True, slots=True)
class Row:
    """What one row of insights is about."""

    world: World
    level: str
    ad: Ad
    span: Span
    figures: Figures
    windows: Sequence[str]
    cell: Mapping[str, str]


def _cells(call: Call) -> list[tuple[dict[str, str], float]]:
    """The cells of the breakdowns asked for, with the weight of each."""
    kinds = call.items("breakdowns")
    if unknown := [name for name in kinds if name not in BREAKDOWNS]:
        raise refuse(100, f"(#100) breakdowns[0] must be one of the known ones, not {unknown[0]}")
    cells: list[tuple[dict[str, str], float]] = [({}, 1.0)]
    for kind in kinds:
        shares = BREAKDOWNS[kind]
        cells = [(at | {kind: one}, w * s) for at, w in cells for one, s in shares.items()]
    return cells


def _broken_down(row: Row, cells: Sequence[tuple[dict[str, str], float]]) -> list[Row]:
    if len(cells) == 1:
        return [replace(row, cell=cells[0][0])]
    parts = split(row.figures, [weight for _, weight in cells])
    return [
        replace(row, figures=part, cell=at)
        for (at, _), part in zip(cells, parts, strict=True)
        if part.impressions
    ]


def written(row: Row, asked: Sequence[str]) -> dict[str, Any]:
    """The row as Graph writes it: the fields asked for, the days, the cell."""
    made = {name: MAKERS[name](row) for name in asked}
    made["date_start"], made["date_stop"] = row.span.first.isoformat(), row.span.last.isoformat()
    return {name: value for name, value in made.items() if value is not None} | dict(row.cell)


def money(cents: int) -> str:
    """Cents as Graph writes an amount."""
    return f"{cents // 100}.{cents % 100:02d}"


def _rate(part: float, whole: int, factor: float = 1.0) -> str | None:
    return f"{part * factor / whole:.6f}" if whole else None


def _action_counts(figures: Figures) -> dict[str, int]:
    counts = {
        "link_click": figures.link_clicks,
        "post_engagement": figures.engagements,
        "landing_page_view": figures.landing_views,
        "lead": figures.leads,
    }
    return {name: number for name, number in counts.items() if number}


def _actions(row: Row, scale: int = 1) -> list[dict[str, str]] | None:
    """Counts by type; `value` is that of seven days after a click and one after a view."""
    counts = _action_counts(row.figures)
    if scale != 1:
        counts = {name: number for name, number in counts.items() if name == "lead"}
    found = []
    for name, number in counts.items():
        by_window = _by_window(name, number)
        entry = {"action_type": name, "value": _amount(number, scale)}
        for window in row.windows:
            if by_window.get(window):
                entry[window] = _amount(by_window[window], scale)
        found.append(entry)
    return found or None


def _amount(number: int, scale: int) -> str:
    return str(number) if scale == 1 else money(number * scale)


def _by_window(name: str, number: int) -> dict[str, int]:
    viewed = number // 8 if name in ("lead", "landing_page_view") else 0
    clicked = number - viewed
    first_day = clicked - clicked // 5 if name == "lead" else clicked
    return {"1d_click": first_day, "7d_click": clicked, "28d_click": clicked, "1d_view": viewed}


def _cost_per_action(row: Row) -> list[dict[str, str]] | None:
    counts = _action_counts(row.figures)
    found = [
        {"action_type": name, "value": f"{row.figures.spend / 100 / number:.6f}"}
        for name, number in counts.items()
    ]
    return found or None


def _of(level: str, value: Callable[[Ad], str]) -> Callable[[Row], str | None]:
    """A name or id that only rows of that level or below have."""
    return lambda row: value(row.ad) if LEVELS.index(row.level) <= LEVELS.index(level) else None


MAKERS: Mapping[str, Callable[[Row], Any]] = {
    "account_id": lambda row: row.world.identity.ad_account_id.removeprefix("act_"),
    "account_name": lambda _row: ads_plan.ACCOUNT_NAME,
    "account_currency": lambda _row: ads_plan.CURRENCY,
    "campaign_id": _of("campaign", lambda ad: ad.ad_set.campaign.remote_id),
    "campaign_name": _of("campaign", lambda ad: ad.ad_set.campaign.name),
    "objective": _of("campaign", lambda ad: ad.ad_set.campaign.objective),
    "adset_id": _of("adset", lambda ad: ad.ad_set.remote_id),
    "adset_name": _of("adset", lambda ad: ad.ad_set.name),
    "ad_id": _of("ad", lambda ad: ad.remote_id),
    "ad_name": _of("ad", lambda ad: ad.name),
    "impressions": lambda row: str(row.figures.impressions),
    "reach": lambda row: str(row.figures.reach),
    "frequency": lambda row: _rate(row.figures.impressions, row.figures.reach),
    "clicks": lambda row: str(row.figures.clicks),
    "inline_link_clicks": lambda row: str(row.figures.link_clicks),
    "inline_post_engagement": lambda row: str(row.figures.engagements),
    "spend": lambda row: money(row.figures.spend),
    "cpc": lambda row: _rate(row.figures.spend, row.figures.clicks, 0.01),
    "cpm": lambda row: _rate(row.figures.spend, row.figures.impressions, 10.0),
    "ctr": lambda row: _rate(row.figures.clicks, row.figures.impressions, 100.0),
    "actions": _actions,
    "action_values": lambda row: _actions(row, LEAD_VALUE_CENTS),
    "cost_per_action_type": _cost_per_action,
    "date_start": lambda row: row.span.first.isoformat(),
    "date_stop": lambda row: row.span.last.isoformat(),
}
