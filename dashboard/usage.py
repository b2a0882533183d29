"""What the portal's figures say: how many, how sure, and which changes may be named. Pure.

A change is named only where it is larger than noise alone makes in 95 of 100 cases.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard import formats
from dashboard.portal_names import EVENTS
from data.privacy.tables import margin
from data.queries.portal_sources import parts_of
from data.queries.portal_usage import Point

TOO_FEW = "too few to say"
FOUR = 4  # weeks whose mean is compared with that of the four before
THE_BAND = (
    "The shaded band is where the true number lies 95 times in 100. Noise is added on purpose so "
    "that no patient can be found."
)


@dataclass(frozen=True)
class Unit:
    """How the time is cut: the days of a period, and how far back one like it lies."""

    name: str
    days: int
    back: int

    @property
    def before(self) -> str:
        """What the newest one is compared with."""
        return "the same day a week before" if self.days == 1 else f"the {self.name} before"

    @property
    def newest(self) -> str:
        """Where the newest figure stands."""
        return f"{'on' if self.days == 1 else 'in'} the newest {self.name}"

    @property
    def per(self) -> str:
        """What a figure is counted by: four weeks have a week's mean."""
        return "day" if self.days == 1 else "week"


WEEK, DAY, FOUR_WEEKS = Unit("week", 7, 1), Unit("day", 1, 7), Unit("four weeks", 28, 1)


@dataclass(frozen=True)
class Change:
    """Two figures and the margin of their difference."""

    now: float
    before: float
    margin: float

    @property
    def difference(self) -> float:
        """Positive where there are more now."""
        return self.now - self.before

    @property
    def is_clear(self) -> bool:
        """Whether noise alone would not make it."""
        return abs(self.difference) > self.margin


def combined(series: Sequence[Sequence[Point]]) -> list[Point]:
    """Several estimates of the same totals as one, each weighted by how sure it is.

    Only totals of the same sources estimate the same. Where a period has several, that of the
    most parts is taken (so no patients are dropped); of equals that of the most periods (so that
    the line stays one); of equals that with the smaller margin.
    """
    found: dict[tuple[date, date], dict[frozenset[str], list[Point]]] = {}
    for one in (point for points in series for point in points):
        found.setdefault((one.first, one.last), {}).setdefault(one.sources, []).append(one)
    totals = [[_weighted(same) for same in found[days].values()] for days in sorted(found)]
    rank = _ranked([one for same in totals for one in same])
    return [min(same, key=lambda one: rank[one.sources]) for same in totals]


def _weighted(same: Sequence[Point]) -> Point:
    weights = [1 / one.sigma**2 for one in same]
    value = sum(w * one.value for w, one in zip(weights, same, strict=True)) / sum(weights)
    sigma = math.sqrt(1 / sum(weights))
    return Point(same[0].first, same[0].last, value, sigma, same[0].sources)


def _ranked(totals: Sequence[Point]) -> dict[frozenset[str], int]:
    """The sources of totals, best first: one order for all periods, 0 is the best."""
    sigmas: dict[frozenset[str], list[float]] = {}
    for one in totals:
        sigmas.setdefault(one.sources, []).append(one.sigma)

    def order(sources: frozenset[str]) -> tuple[int, int, float, list[str]]:
        own = sigmas[sources]
        parts = frozenset[str]().union(*map(parts_of, sources))
        return -len(parts), -len(own), sum(own) / len(own), sorted(sources)

    return {sources: place for place, sources in enumerate(sorted(sigmas, key=order))}


def by_four_weeks(points: Sequence[Point]) -> list[Point]:
    """The mean week of each four weeks, counted back from the newest; broken ones are left out."""
    found = []
    for end in range(len(points), FOUR - 1, -FOUR):
        four = points[end - FOUR : end]
        whole = (four[-1].first - four[0].first).days == 7 * (FOUR - 1)
        if whole and len({one.sources for one in four}) == 1:
            sigma = math.sqrt(sum(one.sigma**2 for one in four)) / FOUR
            found.append(Point(four[0].first, four[-1].last, _mean(four), sigma, four[0].sources))
    return found[::-1]


def is_drawable(points: Sequence[Point]) -> bool:
    """Whether most can be told. A line through few would go through the highest alone."""
    return 2 * sum(one.told is not None for one in points) > len(points)


def since_before(points: Sequence[Point], unit: Unit) -> Change | None:
    """The newest period against the one that it is compared with; None where that is missing
    or was told of by other sources."""
    if not points:
        return None
    now = points[-1]
    wanted = now.first - timedelta(days=unit.days * unit.back)
    before = next((one for one in points if one.first == wanted), None)
    if before is None or before.sources != now.sources:
        return None
    return Change(now.value, before.value, margin(math.hypot(now.sigma, before.sigma)))


def over_four_weeks(points: Sequence[Point]) -> Change | None:
    """The mean of the newest four weeks against the four before; None where one is missing."""
    newest = points[-2 * FOUR :]
    if len(newest) < 2 * FOUR or len({one.sources for one in newest}) > 1:
        return None
    if (newest[-1].first - newest[0].first).days != 7 * (2 * FOUR - 1):
        return None
    before, now = newest[:FOUR], newest[FOUR:]
    spread = math.sqrt(sum(one.sigma**2 for one in newest)) / FOUR
    return Change(_mean(now), _mean(before), margin(spread))


def _mean(points: Sequence[Point]) -> float:
    return sum(one.value for one in points) / len(points)


def step(half: float) -> int:
    """To what a figure of this margin is rounded: 60 -> 10, 12 -> 1, 600 -> 100."""
    return int(10 ** max(0, math.floor(math.log10(half / 3)))) if half > 3 else 1


def rounded(value: float, half: float) -> str:
    """The value without false digits: (1243, 60) -> "1,240"."""
    return formats.number(round(value / step(half)) * step(half))


def within(value: float, half: float) -> str:
    """ "1,240 ± 60"."""
    return f"{rounded(value, half)} ± {rounded(half, half)}"


def heading(event: str, points: Sequence[Point], unit: Unit) -> str:
    """The finding: how many, how sure, and whether the change can be told from noise."""
    name = EVENTS[event][0]
    now = points[-1]
    if now.told is None:
        return f"{name}: {TOO_FEW} {unit.newest}"
    said = f"{name}: about {rounded(now.value, now.margin)} patients a {unit.per}, "
    said += f"± {rounded(now.margin, now.margin)}"
    change = since_before(points, unit)
    if change is None:
        return said
    if not change.is_clear:
        return f"{said}; no clear change since {unit.before}"
    return f"{said}; {_more(change)} than {unit.before}"


def _more(change: Change) -> str:
    number = rounded(abs(change.difference), change.margin)
    return f"about {number} {'more' if change.difference > 0 else 'fewer'}"


def four_weeks(change: Change) -> tuple[str, str]:
    """("up" | "down" | "flat", what the mean of the newest four weeks says)."""
    spread = rounded(change.margin, change.margin)
    if not change.is_clear:
        return "flat", (
            "**No clear change over four weeks.** Their mean differs from that of the four weeks "
            f"before by less than noise alone can make (± {spread})."
        )
    share = formats.change(change.now, change.before)
    percent = f" ({formats.percent(share, signed=True)})" if change.before > change.margin else ""
    way = "up" if change.difference > 0 else "down"
    return way, (
        f"**Clearly {way} over four weeks.** Their mean is {_more(change)} a week than in the "
        f"four weeks before{percent}, ± {spread}."
    )
