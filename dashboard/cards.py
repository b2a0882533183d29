"""The Overview's cards: one figure each, with its change and its weeks. Pure."""

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
    def arrow(self) -> Literal["up", "down", "off"]:
        """Which way the change points; none where it rounds to nothing."""
        change = self.finding.change
        if change is None or abs(change) < 0.0005:
            return "off"
        return "up" if change > 0 else "down"

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


def build(data: Overview, filters: Filters) -> tuple[Card, ...]:
    """Engagement, posts, followers, a rate for each denominator, spend for each currency."""
    daily = only(data.daily, filters.network)
    engagement = total(daily, "engagement", filters)
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
        _posts(only(data.posts, filters.network), filters),
        _followers(only(data.followers, filters.network), filters),
        *_rates(daily, filters),
        *(_spend(data.spend, filters) if filters.network is None else ()),
    ]
    return tuple(cards)


def only(frame: pd.DataFrame, network: str | None) -> pd.DataFrame:
    """The rows of one network, or all."""
    return frame if network is None else frame[frame["network"] == network]


def inside(frame: pd.DataFrame, first: date, last: date) -> "pd.Series[bool]":
    """Which rows lie between two days, both included."""
    return (frame["day"] >= pd.Timestamp(first)) & (frame["day"] <= pd.Timestamp(last))


def _window(frame: pd.DataFrame, name: str, first: date, last: date) -> float | None:
    """The sum, or None where nothing is known."""
    part = frame.loc[inside(frame, first, last), name]
    return float(part.sum()) if part.notna().any() else None


def covered(frame: pd.DataFrame, filters: Filters) -> bool:
    """Whether the figures of every account reach back to the beginning of what is compared."""
    if frame.empty:
        return False
    by_account = "account_id" in frame
    begins = frame.groupby("account_id")["day"].min().max() if by_account else frame["day"].min()
    return bool(begins <= pd.Timestamp(filters.before_start))


def _before(frame: pd.DataFrame, name: str, filters: Filters) -> float | None:
    if not covered(frame, filters):
        return None
    return _window(frame, name, filters.before_start, filters.before_end)


def sums(frame: pd.DataFrame, name: str, filters: Filters) -> Values:
    """Sums of whole weeks that end with the period's last day."""
    return findings.weekly_sums(
        frame["day"].to_numpy(), frame[name].to_numpy(), np.datetime64(filters.end, "D")
    )


def _weeks(frame: pd.DataFrame, name: str, filters: Filters) -> tuple[Values, int]:
    return _drawn(sums(frame, name, filters), filters)


def _drawn(weeks: Values, filters: Filters) -> tuple[Values, int]:
    """The weeks to draw (those of the period and as many before, at least 16)."""
    shown = max(1, filters.days // 7)
    return weeks[-max(16, 2 * shown) :], shown


def total(frame: pd.DataFrame, name: str, filters: Filters) -> Finding:
    """The period's sum against the one before, and what is usual."""
    return findings.compare(
        _window(frame, name, filters.start, filters.end),
        _before(frame, name, filters),
        sums(frame, name, filters),
    )


def _posts(frame: pd.DataFrame, filters: Filters) -> Card:
    finding = total(frame, "posts", filters)
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
        weeks = _divided(sums(part, "rated_engagement", filters), sums(part, "rated_over", filters))
        finding = findings.compare(now, before if covered(part, filters) else None, weeks)
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
        finding = total(part, "spend_minor", filters)
        minor = None if finding.now is None else round(finding.now)
        cards.append(
            Card(
                f"spend-{currency}",
                f"Ad spend in {currency}",
                finding,
                formats.money(minor, str(currency), named=False),
                *_weeks(part, "spend_minor", filters),
                "Days of the ad account. Figures younger than 28 days may still move.",
                rising_is_good=None,
            )
        )
    return cards
