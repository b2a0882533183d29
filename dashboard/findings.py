"""What changed, and whether that is unusual. Pure: numbers in, findings out.

The usual range is a robust band of week-to-week changes over the history there is: no change
plus or minus twice the scaled median size of the logarithms of the ratios of neighbouring
weeks (1.4826 makes the median size of a normal distribution its standard deviation). A few
wild weeks do not widen it. Fewer than eight changes: no range, and the page says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Verdict = Literal["usual", "above", "below", "unknown"]
LEAST_CHANGES = 8
WIDTH = 2.0
_NORMAL = 1.4826
_LEAST_SPREAD = 0.02  # a band of less than 2 % would call every week unusual


@dataclass(frozen=True)
class UsualRange:
    """Relative changes from one week to the next that are usual, and how many it rests on."""

    low: float
    high: float
    changes: int

    def verdict(self, change: float) -> Verdict:
        """Whether a relative change lies inside."""
        if change < self.low:
            return "below"
        return "above" if change > self.high else "usual"


@dataclass(frozen=True)
class Finding:
    """A figure now and before. `usual` is None where the history is too short."""

    now: float | None
    before: float | None
    usual: UsualRange | None
    weeks: int  # whole weeks of history

    @property
    def change(self) -> float | None:
        """Relative, or None where there is nothing to compare with."""
        if self.now is None or self.before is None or self.before == 0:
            return None
        return self.now / self.before - 1

    @property
    def verdict(self) -> Verdict:
        """Against the usual week-to-week range."""
        if self.change is None or self.usual is None:
            return "unknown"
        return self.usual.verdict(self.change)


def weekly_sums(
    days: NDArray[np.datetime64], values: NDArray[np.float64], last: np.datetime64
) -> NDArray[np.float64]:
    """Sums of whole weeks that end with `last` (included), oldest first.

    A week without rows is 0; one whose rows all miss the figure is NaN. The first, partial
    week is left out.
    """
    days = days.astype("datetime64[D]")
    known = ~np.isnan(values)
    inside = days <= last
    if not (inside & known).any():
        return np.empty(0)
    back = (last.astype("datetime64[D]") - days).astype(int)
    weeks = int(back[inside & known].max() + 1) // 7
    place, kept = back // 7, inside & (back < weeks * 7)
    sums = np.bincount(place[kept & known], weights=values[kept & known], minlength=weeks).astype(
        np.float64
    )
    rows = np.bincount(place[kept], minlength=weeks)
    sums[(rows > 0) & (np.bincount(place[kept & known], minlength=weeks) == 0)] = np.nan
    return np.asarray(sums[::-1], dtype=np.float64)


def usual_range(weeks: Sequence[float] | NDArray[np.float64]) -> UsualRange | None:
    """The usual range of the change from one week to the next; None: too little history.

    Pairs with a week of nothing (or unknown) have no ratio and are left out.
    """
    values = np.asarray(weeks, dtype=np.float64)
    if len(values) < 2:
        return None
    usable = (values[1:] > 0) & (values[:-1] > 0)
    changes = np.log(values[1:][usable] / values[:-1][usable])
    if len(changes) < LEAST_CHANGES:
        return None
    spread = max(_NORMAL * float(np.median(np.abs(changes))), _LEAST_SPREAD)
    return UsualRange(
        low=float(np.expm1(-WIDTH * spread)),
        high=float(np.expm1(WIDTH * spread)),
        changes=len(changes),
    )


def compare(
    now: float | None, before: float | None, weeks: Sequence[float] | NDArray[np.float64]
) -> Finding:
    """A finding from two figures of equal length and the weeks of the history."""
    return Finding(now, before, usual_range(weeks), len(weeks))


def latest_week(weeks: Sequence[float] | NDArray[np.float64]) -> Finding:
    """The newest whole week against the one before it; its range rests on the older weeks."""
    values = np.asarray(weeks, dtype=np.float64)
    if len(values) < 2:
        return Finding(None, None, None, len(values))
    if np.isnan(values[-2:]).any():
        return Finding(None, None, None, len(values))
    return Finding(float(values[-1]), float(values[-2]), usual_range(values[:-1]), len(values) - 1)


def mover(now: dict[str, float], before: dict[str, float]) -> list[tuple[str, float]]:
    """Who moved the total: names with their differences, the largest in size first."""
    names = sorted(now.keys() | before.keys())
    moves = [(name, now.get(name, 0.0) - before.get(name, 0.0)) for name in names]
    return sorted(moves, key=lambda move: -abs(move[1]))
