"""Shapes the rollups' frames into what a chart draws. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.charts import Axes
from dashboard.filters import Filters
from dashboard.theme import network_label
from data.metrics import RATE_OVER
from data.queries.coverage import Known, Span, together

Values = NDArray[np.float64]
MEASURES = ("Engagement", "Rate", "Clicks", "Posts")
COLUMNS = {"Engagement": "engagement", "Clicks": "clicks", "Posts": "posts"}
WEEKLY_FROM = 120  # days: longer periods are drawn by week
PER = 1000
REACH, FOLLOWERS = "reach", "followers"
PER_CHOICES = {"Views or impressions": None, "Reach": REACH, "Followers": FOLLOWERS}
_WORDS = {REACH: "people reached"}
_DEFINITIONS = {
    REACH: "The median over posts of engagement over reach, × 1,000, on the day of publication: "
    "reach adds up over nothing. Only posts whose reach is known.",
    FOLLOWERS: "A day's engagement over the followers of the same accounts on that day, "
    "× 1,000; longer times are the sum over the sum of their days. Days without a count of "
    "followers have no rate.",
}


@dataclass(frozen=True)
class Measure:
    """What is counted. A rate has one denominator, and only the networks that name it."""

    name: str
    over: str | None = None
    networks: tuple[str, ...] = ()

    @property
    def summed(self) -> bool:
        """Whether it is a rate over a denominator that networks name for their posts."""
        return self.over is not None and self.over not in _DEFINITIONS

    @property
    def unit(self) -> str:
        """Behind a figure."""
        if self.over is not None:
            return f"per 1,000 {_WORDS.get(self.over, self.over)}"
        return {"Engagement": "engagements", "Clicks": "clicks", "Posts": "posts"}[self.name]

    @property
    def title(self) -> str:
        """At the beginning of a sentence."""
        if self.over is None:
            return self.name if self.name != "Posts" else "Posts published"
        return f"{'Median engagement' if self.over == REACH else 'Engagement'} {self.unit}"

    @property
    def definition(self) -> str:
        """What the page says of it."""
        if self.over in _DEFINITIONS:
            return _DEFINITIONS[self.over]
        if self.over is not None:
            here = " and ".join(network_label(name) for name in self.networks)
            return (
                f"Engagement over {self.over} of posts on {here} where both are known, "
                f"× 1,000. Networks that count something else are left out here."
            )
        return {
            "Engagement": "Reactions or likes + comments or replies + shares, reposts and "
            "quotes + saves or bookmarks. Clicks are apart.",
            "Clicks": "Clicks on links and posts, as the networks that tell them count them.",
            "Posts": "Posts published, without reposts of others.",
        }[self.name]

    def axes(self, time: str) -> Axes:
        """For a chart on a time axis."""
        return Axes(self.unit, time, 1 if self.over else 0)


def measure(name: str | None, frame: pd.DataFrame) -> Measure:
    """The measure of that name; a rate takes the denominator with the most engagement.

    Rates by reach and by followers are `Measure("Rate", REACH)` and `Measure("Rate", FOLLOWERS)`.
    """
    if name != "Rate":
        return Measure(name if name in COLUMNS else "Engagement")
    rated = frame.groupby("network", observed=True)["rated_engagement"].sum()
    sums: dict[str, float] = {}
    for network, value in rated.items():
        over = RATE_OVER.get(str(network))
        if over is not None:
            sums[over] = sums.get(over, 0.0) + float(value)
    best = max(sums, key=lambda over: sums[over], default="views")
    here = sorted(n for n in rated.index if RATE_OVER.get(str(n)) == best)
    return Measure("Rate", best, tuple(str(n) for n in here))


def only(frame: pd.DataFrame, filters: Filters, what: Measure) -> pd.DataFrame:
    """The rows that the filters and the measure leave; reposts of others never count."""
    keep = np.ones(len(frame), dtype=bool)
    if filters.network is not None:
        keep &= (frame["network"] == filters.network).to_numpy()
    if "kind" in frame:
        keep &= (frame["kind"] != "retweet").to_numpy()
        if filters.kind is not None and filters.topic is None:
            keep &= (frame["kind"] == filters.kind).to_numpy()
    if what.summed:
        keep &= frame["network"].isin(what.networks).to_numpy()
    return frame[keep]


def value_of(frame: pd.DataFrame, what: Measure) -> float | None:
    """The measure over all rows; None where nothing is known."""
    if what.over is None:
        column = frame[COLUMNS[what.name]]
        return float(column.sum()) if column.notna().any() else None
    if what.over == REACH:
        return float(frame["rate"].median() * PER) if frame["rate"].notna().any() else None
    if frame["rated_engagement"].isna().all():
        return None
    top, over = frame["rated_engagement"].sum(), frame["rated_over"].sum()
    return float(top / over * PER) if over > 0 else None


def grouped(frame: pd.DataFrame, by: str, what: Measure, over: float | None = None) -> pd.DataFrame:
    """Columns `by` and value, the largest first; groups of which nothing is known left out.

    `over`: one denominator for all groups, where they share it (followers).
    """
    groups = frame.groupby(by, sort=True, observed=True)
    if what.over is None:
        value = groups[COLUMNS[what.name]].sum(min_count=1)
    elif what.over == REACH:
        value = groups["rate"].median() * PER
    elif over is not None:
        value = groups["rated_engagement"].sum(min_count=1) / (over or np.nan) * PER
    else:
        sums = groups[["rated_engagement", "rated_over"]].sum(min_count=1)
        value = sums["rated_engagement"] / sums["rated_over"].where(sums["rated_over"] > 0) * PER
    made = value.dropna().rename("value").reset_index()
    return made.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def between(frame: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """The rows of these days, both included."""
    days = frame["day"]
    return frame[(days >= pd.Timestamp(first)) & (days <= pd.Timestamp(last))]


def step(filters: Filters) -> int:
    """Days a bar: 1, or 7 in long periods."""
    return 7 if filters.days > WEEKLY_FROM else 1


def over_time(
    frame: pd.DataFrame,
    first: date,
    last: date,
    what: Measure,
    days_a_bar: int,
    known: Known | None = None,
) -> pd.DataFrame:
    """Columns day (a bar's first), value, estimated; every bar of the period is there.

    A total is 0 only where it is known that nothing happened: no row within the days that are
    `known` (None: from the first row on). It is NaN where posts stand but none of them names
    the figure, and outside of those days. A rate without rows is NaN.
    """
    part = between(frame, first, last)
    count = -(-((last - first).days + 1) // days_a_bar)
    starts = np.datetime64(last, "D") - np.arange(count)[::-1] * days_a_bar - (days_a_bar - 1)
    place = (
        count
        - 1
        - (
            (np.datetime64(last, "D") - part["day"].to_numpy().astype("datetime64[D]")).astype(int)
            // days_a_bar
        )
    )
    value = _per_bar(part, place, count, what)
    if what.over is None:
        known = known or Known(part["day"].min().date() if len(part) else last, last)
        empty = np.bincount(place, minlength=count) == 0
        ends = starts + (days_a_bar - 1)
        begun = ends >= np.datetime64(known.begins, "D")
        value = np.where(empty & begun & (ends <= np.datetime64(known.until, "D")), 0.0, value)
    estimated: Values = np.zeros(count)
    if what.name == "Engagement":
        weights = np.nan_to_num(part["estimated"].to_numpy(dtype=np.float64))
        estimated = np.asarray(np.bincount(place, weights=weights, minlength=count), np.float64)
    return pd.DataFrame(
        {"day": starts.astype("datetime64[s]"), "value": value, "estimated": estimated}
    )


def _per_bar(part: pd.DataFrame, place: NDArray[np.int64], count: int, what: Measure) -> Values:
    def summed(name: str) -> Values:
        column = part[name].to_numpy(dtype=np.float64)
        known = ~np.isnan(column)
        total = np.bincount(place[known], weights=column[known], minlength=count)
        seen = np.bincount(place[known], minlength=count)
        return np.where(seen > 0, total, np.nan)

    if what.over is None:
        return summed(COLUMNS[what.name])
    if what.over == REACH:
        medians = part["rate"].groupby(place).median().reindex(np.arange(count))
        return np.asarray(medians.to_numpy(dtype=np.float64) * PER)
    top, over = summed("rated_engagement"), summed("rated_over")
    rate: Values = np.full(count, np.nan)
    np.divide(top * PER, over, out=rate, where=np.nan_to_num(over) > 0)
    return rate


def by_network(
    frame: pd.DataFrame,
    first: date,
    last: date,
    what: Measure,
    days_a_point: int,
    spans: Sequence[Span] = (),
) -> pd.DataFrame:
    """Columns day, network, value: for each network the mean of the seven days up to a day,
    or, in long periods, each week's value. A rate is the sum over the sum of those days, by
    reach the median of their posts. Nothing is drawn outside a network's `spans`."""
    parts = []
    for network, part in frame.groupby("network", sort=True, observed=True):
        known = together(spans, (str(network),))
        row = (
            over_time(part, first, last, what, days_a_point, known)
            if days_a_point > 1
            else _rolled(part, first, last, what, known)
        )
        if row["value"].notna().any():
            parts.append(row.assign(network=str(network))[["day", "network", "value"]])
    if not parts:
        return pd.DataFrame({"day": [], "network": [], "value": []})
    return pd.concat(parts, ignore_index=True)


def _rolled(
    part: pd.DataFrame, first: date, last: date, what: Measure, known: Known | None
) -> pd.DataFrame:
    days = pd.date_range(first, last, unit="s")
    value = _rolled_values(part, first, last, what, known)
    if known is not None:
        value = np.where(days > pd.Timestamp(known.until), np.nan, value)
    return pd.DataFrame({"day": days, "value": value})


def _rolled_values(
    part: pd.DataFrame, first: date, last: date, what: Measure, known: Known | None
) -> Values:
    if what.over is None:
        row = over_time(part, first, last, what, 1, known)
        return row["value"].rolling(7, min_periods=1).mean().to_numpy(dtype=np.float64)
    days = pd.date_range(first, last, unit="s")
    if what.over == REACH:
        weeks = (between(part, day - timedelta(days=6), day)["rate"] for day in days.date)
        return np.array([float(week.median()) * PER for week in weeks], dtype=np.float64)
    sums = part.groupby("day")[["rated_engagement", "rated_over"]].sum().reindex(days)
    rolled = sums.fillna(0.0).rolling(7, min_periods=1).sum()
    over = rolled["rated_over"].where(rolled["rated_over"] > 0)
    return (rolled["rated_engagement"] / over * PER).to_numpy(dtype=np.float64)
