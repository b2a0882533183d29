"""The Overview's headline and sentences, from tidy frames. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from dashboard import findings, formats
from dashboard.cards import Card, build, covered, inside, only, sums
from dashboard.filters import Filters
from dashboard.findings import Finding
from dashboard.theme import network_label
from data.queries.overview import Overview

Mood = Literal["good", "calm", "watch", "act", "early"]


@dataclass(frozen=True)
class Glance:
    """What a marketer sees first."""

    mood: Mood
    headline: str
    sentences: tuple[str, ...]
    cards: tuple[Card, ...]


def glance(data: Overview, filters: Filters, *, trouble: Sequence[str] = ()) -> Glance:
    """Cards, three sentences and a headline. `trouble`: what needs a person, in words."""
    daily = only(data.daily, filters.network)
    cards = build(data, filters)
    engagement = cards[0].finding
    week = findings.latest_week(sums(daily, "engagement", filters))
    mood, headline = _headline(engagement, week, trouble)
    sentences = (
        _first(engagement, filters),
        _second(cards),
        _third(daily, cards, filters),
    )
    return Glance(mood, headline, tuple(s for s in sentences if s), cards)


def _headline(period: Finding, week: Finding, trouble: Sequence[str]) -> tuple[Mood, str]:
    if trouble:
        more = f", and {len(trouble) - 1} more" if len(trouble) > 1 else ""
        return "act", f"{trouble[0].rstrip('.')}{more}"
    if period.now is None:
        return "early", "No figures in this period yet"
    for finding, what in ((period, "Engagement"), (week, "In the latest week engagement")):
        if finding.verdict == "below":
            return "watch", f"{what} fell more than it usually does"
    for finding, what in ((period, "Engagement"), (week, "In the latest week engagement")):
        if finding.verdict == "above":
            return "good", f"{what} rose more than it usually does"
    if period.verdict == "unknown":
        return "early", "Too early to say what is usual"
    return "calm", "Nothing unusual"


def _first(finding: Finding, filters: Filters) -> str:
    if finding.now is None:
        return f"There are no figures {filters.axis_label} between {filters.label}."
    if finding.change is None:
        return (
            f"Engagement was **{formats.number(finding.now)}**; for {filters.before_label} there "
            "is nothing to compare it with."
        )
    return (
        f"Engagement {_moved(finding.change)} to **{formats.number(finding.now)}** against "
        f"{filters.before_label}, {_usual(finding)}."
    )


def _moved(change: float) -> str:
    if abs(change) < 0.005:
        return "stayed"
    size = formats.percent(abs(change))
    return f"rose **{size}**" if change > 0 else f"fell **{size}**"


def _usual(finding: Finding) -> str:
    usual = finding.usual
    if usual is None:
        return (
            f"and there is not enough history to say whether that is usual "
            f"({finding.weeks} whole weeks, {findings.LEAST_CHANGES + 1} are needed)"
        )
    band = (
        f"{formats.percent(usual.low, signed=True)} to {formats.percent(usual.high, signed=True)}"
    )
    if finding.verdict == "usual":
        return f"within the usual week-to-week range ({band})"
    return f"**outside** the usual week-to-week range ({band})"


def _second(cards: Sequence[Card]) -> str:
    rates = [card for card in cards if card.key.startswith("rate") and card.finding.now]
    if not rates:
        return "No rate can be given: the networks named no views or impressions."
    said = [_rate_words(card, first=card is rates[0]) for card in rates]
    verdict = {
        "usual": ", within the usual range",
        "unknown": "",
        "above": ", above the usual range",
        "below": ", below the usual range",
    }[rates[0].finding.verdict]
    return f"{'; '.join(said)}{verdict if len(rates) == 1 else ''}."


def _rate_words(card: Card, *, first: bool) -> str:
    before = card.finding.before
    was = f" ({formats.rate(before)} before)" if before is not None else ""
    label = card.label if first else card.label[0].lower() + card.label[1:]
    return (
        f"{label} there were **{card.value}** engagements{was}"
        if first
        else (f"{label} **{card.value}**{was}")
    )


def _third(daily: pd.DataFrame, cards: Sequence[Card], filters: Filters) -> str:
    now = _by_network(daily, filters.start, filters.end)
    before = _by_network(daily, filters.before_start, filters.before_end)
    if len(now) > 1 and before and covered(daily, filters):
        moves = findings.mover(now, before)
        said = f"**{network_label(moves[0][0])}** moved it most ({_signed(moves[0][1])})"
        others = [f"{network_label(name)} {_signed(move)}" for name, move in moves[1:]]
        return f"{said}; {', '.join(others)}."
    posts = next(card.finding for card in cards if card.key == "posts")
    if not posts.now:
        return "No post was published in this period."
    was = f" ({formats.number(posts.before)} before)" if posts.before is not None else ""
    return f"**{formats.number(posts.now)}** posts were published{was}."


def _signed(value: float) -> str:
    return f"{'+' if value >= 0 else '−'}{abs(value):,.0f}"


def _by_network(daily: pd.DataFrame, first: date, last: date) -> dict[str, float]:
    part = daily[inside(daily, first, last)]
    sums = part.groupby("network", observed=True)["engagement"].sum()
    return {str(name): float(value) for name, value in sums.items()}
