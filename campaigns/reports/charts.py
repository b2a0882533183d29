"""A summary's charts as SVG, drawn by Vega-Lite from the summary's own rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import vl_convert

from campaigns.figures import CampaignSummary, DayValue
from campaigns.reports import words

FONT = "Libertinus Serif"
INK, QUIET, RULE = "#10303b", "#5a6b73", "#dfe5e8"
#: Told apart with any kind of colour vision, and beside grey.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7a6a00", "#56b4e9")
_NETWORK_COLOURS = {"Facebook": "#0072b2", "Instagram": "#d55e00", "X": "#cc79a7"}
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Chart:
    """An SVG with its title and the words that say what it shows to who cannot see it."""

    title: str
    svg: str
    alt: str


def engagement_chart(summary: CampaignSummary) -> Chart | None:
    """Engagement by day published and network; None where there is nothing to draw."""
    days = [
        day
        for day in summary.days
        if day.metric == "engagement" and day.axis == "published" and day.value is not None
    ]
    if not days:
        return None
    title = "Engagement of posts, by day published"
    return _by_day(summary, days, title, "", width=700)


def spend_chart(summary: CampaignSummary) -> Chart | None:
    """Spend in the budget's currency (else the first): by day where days are known, else by ad
    campaign; None where there is nothing to draw.
    """
    if not summary.ads:
        return None
    currency = summary.ads[0].ad.currency
    days = [
        day
        for day in summary.days
        if day.metric == "spend" and day.scope == f"paid {currency}" and day.value is not None
    ]
    title = f"Ad spend in {currency}"
    if days:
        return _by_day(summary, days, f"{title}, by day it happened", currency)
    return _by_campaign(summary, currency, f"{title}, by ad campaign")


def _by_day(
    summary: CampaignSummary,
    days: Sequence[DayValue],
    title: str,
    unit: str,
    width: int = 330,
) -> Chart:
    rows = [
        {
            "day": day.day.isoformat(),
            "series": words.scope(day.scope),
            "value": float(day.value or 0),
        }
        for day in days
    ]
    names = list(dict.fromkeys(str(row["series"]) for row in rows))
    ends = [summary.facts.starts_on.isoformat(), summary.facts.ends_on.isoformat()]
    encoding = {
        "x": {
            "field": "day",
            "type": "temporal",
            "timeUnit": "utcyearmonthdate",
            "scale": {"type": "utc", "domain": _widest(ends, rows)},
            "axis": {"title": None, "format": "%-d %b", "tickCount": 6, "grid": False},
        },
        "y": _values(),
        "color": _colours(names),
    }
    svg = _svg(rows, {"type": "bar", "width": {"band": 0.82}}, encoding, width)
    return Chart(title, svg, _alt(title, rows, unit))


def _by_campaign(summary: CampaignSummary, currency: str, title: str) -> Chart | None:
    rows = [
        {"series": words.clean(line.ad.campaign_name, 40), "value": float(line.spend)}
        for line in summary.ads
        if line.ad.currency == currency and line.spend is not None
    ][:8]
    if not rows:
        return None
    encoding = {
        "y": {"field": "series", "type": "nominal", "sort": None, "axis": {"title": None}},
        "x": _values(),
        "color": {"value": "#006d7c"},
    }
    svg = _svg(rows, {"type": "bar", "height": {"band": 0.7}}, encoding, height=24 * len(rows) + 24)
    return Chart(title, svg, _alt(title, rows, currency))


def _widest(ends: list[str], rows: Rows) -> list[str]:
    """The campaign's days, wider where a post picked by hand lies outside."""
    days = [*ends, *(str(row["day"]) for row in rows)]
    return [min(days), max(days)]


def _values() -> dict[str, Any]:
    axis = {
        "title": None,
        "format": ",~f",
        "tickCount": 4,
        "tickMinStep": 1,
        "domain": False,
        "ticks": False,
    }
    return {
        "field": "value",
        "type": "quantitative",
        "aggregate": "sum",
        "scale": {"nice": 4, "zero": True},
        "axis": axis,
    }


def _colours(names: list[str]) -> dict[str, Any]:
    spare = iter(colour for colour in COLOURS if colour not in _NETWORK_COLOURS.values())
    known = [_NETWORK_COLOURS.get(name) or next(spare, QUIET) for name in names]
    legend = {"title": None, "orient": "top", "symbolType": "square"} if len(names) > 1 else None
    return {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": names, "range": known if len(names) > 1 else ["#006d7c"]},
        "legend": legend,
    }


def _svg(
    rows: Rows, mark: dict[str, Any], encoding: dict[str, Any], width: int = 330, height: int = 150
) -> str:
    """Drawn to fit the size, labels included: text is as big in one chart as in the other."""
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": list(rows)},
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 2,
        "mark": mark,
        "encoding": encoding,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "background": None,
            "axis": {
                "labelFontSize": 10,
                "labelColor": QUIET,
                "gridColor": RULE,
                "domainColor": RULE,
                "tickColor": RULE,
                "labelLimit": 150,
            },
            "legend": {"labelFontSize": 10.5, "labelColor": INK, "offset": 4, "padding": 0},
        },
    }
    return str(vl_convert.vegalite_to_svg(spec))


def _alt(title: str, rows: Rows, unit: str) -> str:
    """The title, each series' total and the highest bar."""
    totals: dict[str, float] = {}
    for row in rows:
        totals[row["series"]] = totals.get(row["series"], 0) + row["value"]
    shown = ", ".join(f"{name} {total:,.10g} {unit}".rstrip() for name, total in totals.items())
    top = max(rows, key=lambda row: float(row["value"]))
    at = f" on {top['day']}" if "day" in top else ""
    return f"{title}. Totals: {shown}. Highest: {top['series']}{at}, {top['value']:,.10g}."
