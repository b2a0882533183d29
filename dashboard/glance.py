"""The Overview's figures and sentences, from tidy frames. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import findings, formats
from dashboard.filters import Filters
from dashboard.findings import Finding
from dashboard.theme import network_label
from data.metrics import RATE_OVER
from data.queries.overview import Overview

Values = NDArray[np.float64]
Mood = Literal["good", "calm", "watch", "act", "early"]


@dataclass(frozen=True)
class Card:
    """One figure: now, before, whether its change is usual, and its weeks for a small line.

    `unit` is what stands behind the figure in words; `rising_is_good` is None for spend.
    """

    key: str
    label: str
    finding: Finding
    value: str
    weeks: Values
    shown: int
    help: str
    rising_is_good: bool | None = True

    @property
    def delta(self) -> str | None:
        """The change against the period before, or None where there is none."""
        change = self.finding.change
        return None if change is None else formats.percent(change, signed=True)

    @property
    def alt(self) -> str:
        """What the small line shows."""
        known = self.weeks[~np.isnan(self.weeks)]
        if len(known) < 2:
            return f"{self.label}: no weeks to draw."
        return (
            f"{self.label} over {len(self.weeks)} weeks, between {known.min():,.4g} and "
            f"{known.max():,.4g}, {known[-1]:,.4g} in the latest."
        )


@dataclass(frozen=True)
class Glance:
    """What a marketer sees first."""

    mood: Mood
    headline: str
    sentences: tuple[str, ...]
    cards: tuple[Card, ...]


def glance(data: Overview, filters: Filters, *, trouble: Sequence[str] = ()) -> Glance:
    """Cards, three sentences and a headline. `trouble`: what needs a person, in words."""
    daily = _only(data.daily, filters.network)
    engagement = _total(daily, "engagement", filters)
    cards = [
        Card(
            "engagement",
            "Engagement",
            engagement,
            formats.number(engagement.now),
            *_weeks(daily, "engagement", filters),
            "Reactions or likes, comments or replies, shares, reposts and quotes, saves or "
            "bookmarks. Clicks are apart.",
        ),
        _posts(_only(data.posts, filters.network), filters),
        _followers(_only(data.followers, filters.network), filters),
        *_rates(daily, filters),
        *(_spend(data.spend, filters) if filters.network is None else ()),
    ]
    week = findings.latest_week(_sums(daily, "engagement", filters))
    mood, headline = _headline(engagement, week, trouble)
    sentences = (
        _first(engagement, filters),
        _second(cards),
        _third(daily, cards, filters),
    )
    return Glance(mood, headline, tuple(s for s in sentences if s), tuple(cards))


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
    if len(now) > 1 and before and _covered(daily, filters):
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
    part = daily[_inside(daily, first, last)]
    sums = part.groupby("network", observed=True)["engagement"].sum()
    return {str(name): float(value) for name, value in sums.items()}


def _only(frame: pd.DataFrame, network: str | None) -> pd.DataFrame:
    return frame if network is None else frame[frame["network"] == network]


def _inside(frame: pd.DataFrame, first: date, last: date) -> "pd.Series[bool]":
    return (frame["day"] >= pd.Timestamp(first)) & (frame["day"] <= pd.Timestamp(last))


def _window(frame: pd.DataFrame, name: str, first: date, last: date) -> float | None:
    """The sum, or None where nothing is known."""
    part = frame.loc[_inside(frame, first, last), name]
    return float(part.sum()) if part.notna().any() else None


def _covered(frame: pd.DataFrame, filters: Filters) -> bool:
    """Whether the figures reach back to the beginning of what is compared with."""
    return len(frame) > 0 and frame["day"].min() <= pd.Timestamp(filters.before_start)


def _before(frame: pd.DataFrame, name: str, filters: Filters) -> float | None:
    if not _covered(frame, filters):
        return None
    return _window(frame, name, filters.before_start, filters.before_end)


def _sums(frame: pd.DataFrame, name: str, filters: Filters) -> Values:
    return findings.weekly_sums(
        frame["day"].to_numpy(), frame[name].to_numpy(), np.datetime64(filters.end, "D")
    )


def _weeks(frame: pd.DataFrame, name: str, filters: Filters) -> tuple[Values, int]:
    return _drawn(_sums(frame, name, filters), filters)


def _drawn(weeks: Values, filters: Filters) -> tuple[Values, int]:
    """The weeks to draw (those of the period and as many before, at least 16)."""
    shown = max(1, filters.days // 7)
    return weeks[-max(16, 2 * shown) :], shown


def _total(frame: pd.DataFrame, name: str, filters: Filters) -> Finding:
    return findings.compare(
        _window(frame, name, filters.start, filters.end),
        _before(frame, name, filters),
        _sums(frame, name, filters),
    )


def _posts(frame: pd.DataFrame, filters: Filters) -> Card:
    finding = _total(frame, "posts", filters)
    return Card(
        "posts",
        "Posts published",
        finding,
        formats.number(finding.now or 0),
        *_weeks(frame, "posts", filters),
        "Without reposts of others.",
    )


def _followers(frame: pd.DataFrame, filters: Filters) -> Card:
    """The newest count of each account up to a day, added over accounts."""
    wide = frame.pivot_table(index="day", columns="account_id", values="followers").ffill()
    stand = wide.sum(axis=1, min_count=1)
    now, before = (_stand(stand, day) for day in (filters.end, filters.before_end))
    back = pd.date_range(end=pd.Timestamp(filters.end), periods=105, freq="7D")
    weeks = stand.reindex(back, method="ffill").dropna().to_numpy(dtype=np.float64)
    return Card(
        "followers",
        "Followers",
        findings.compare(now, before, weeks),
        formats.number(now),
        *_drawn(weeks, filters),
        "The accounts' own counts on the last day, added up.",
    )


def _stand(stand: "pd.Series[float]", day: date) -> float | None:
    known = stand[stand.index <= pd.Timestamp(day)]
    return float(known.iloc[-1]) if len(known) else None


def _rates(daily: pd.DataFrame, filters: Filters) -> list[Card]:
    """One rate for each thing that it is taken over: views and impressions never mix."""
    cards = []
    for over in ("views", "impressions"):
        networks = [network for network, name in RATE_OVER.items() if name == over]
        part = daily[daily["network"].isin(networks)]
        if not part["rated_over"].notna().any():
            continue
        now = _rate(part, filters.start, filters.end)
        before = _rate(part, filters.before_start, filters.before_end)
        weeks = _divided(
            _sums(part, "rated_engagement", filters), _sums(part, "rated_over", filters)
        )
        finding = findings.compare(now, before if _covered(part, filters) else None, weeks)
        present = sorted({str(name) for name in part["network"]})
        here = network_label(present[0]) if len(present) == 1 else "Meta"
        cards.append(
            Card(
                f"rate-{over}",
                f"Per 1,000 {over} on {here}",
                finding,
                formats.rate(now),
                *_drawn(weeks, filters),
                f"Over posts whose engagement and {over} are both known.",
            )
        )
    return cards


def _rate(frame: pd.DataFrame, first: date, last: date) -> float | None:
    top = _window(frame, "rated_engagement", first, last)
    over = _window(frame, "rated_over", first, last)
    return top / over if top is not None and over else None


def _divided(top: Values, over: Values) -> Values:
    rate: Values = np.full(len(top), np.nan)
    np.divide(top, over, out=rate, where=over > 0)
    return rate


def _spend(spend: pd.DataFrame, filters: Filters) -> list[Card]:
    """One card a currency: currencies never add."""
    cards = []
    for currency, part in spend.groupby("currency", sort=True, observed=True):
        finding = _total(part, "spend_minor", filters)
        minor = None if finding.now is None else round(finding.now)
        cards.append(
            Card(
                f"spend-{currency}",
                f"Ad spend in {currency}",
                finding,
                formats.money(minor, None),
                *_weeks(part, "spend_minor", filters),
                "Days of the ad account. Figures younger than 28 days may still move.",
                rising_is_good=None,
            )
        )
    return cards
