"""How a post's counters grow with its age: fast on the first day, then ever slower.

A stretched exponential, 1 - exp(-(age / scale) ** shape), which fits the shape that posts of all
three networks show: most of what they get comes in the first day, a long tail after it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = 3600.0
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a kind of post is seen: hours of scale, and the stretch of its tail."""

    scale_hours: float
    shape: float


PACES: Mapping[str, Pace] = {
    "x": Pace(5.0, 0.55),
    "facebook": Pace(11.0, 0.6),
    "instagram": Pace(14.0, 0.6),
}
REEL_PACE = Pace(40.0, 0.6)
VIRAL_PACE = Pace(26.0, 0.9)


def share_reached(age_seconds: float, pace: Pace) -> float:
    """The share of its final counters that a post of that age has, in [0, 1), never falling."""
    if age_seconds <= 0:
        return 0.0
    return -math.expm1(-((age_seconds / (pace.scale_hours * HOUR)) ** pace.shape))


@dataclass(frozen=True, slots=True)
class Standstill:
    """A stretch of time in which nothing is delivered (an outage)."""

    begin: datetime
    end: datetime

    def overlap(self, begin: datetime, end: datetime) -> timedelta:
        """How much of [begin, end) falls into the standstill."""
        if end <= self.begin or begin >= self.end:
            return NO_TIME
        return min(end, self.end) - max(begin, self.begin)


@dataclass(frozen=True, slots=True)
class Dip:
    """A counter that falls once, as when a network removes likes of closed accounts."""

    metric: str
    at: datetime
    share: float


@dataclass(frozen=True, slots=True)
class GrownMetrics:
    """Counters that grow to their final values; no key for a metric that the post lacks."""

    published_at: datetime
    finals: Mapping[str, int]
    pace: Pace
    standstills: Sequence[Standstill] = ()
    dip: Dip | None = None

    def at(self, now: datetime) -> dict[str, int]:
        """The counters at that instant, whole numbers."""
        share = share_reached(self._active_age(now), self.pace)
        values = {name: int(final * share + 1e-9) for name, final in self.finals.items()}
        if self.dip and now >= self.dip.at:
            name = self.dip.metric
            values[name] = int(values[name] * (1 - self.dip.share))
        return values

    def _active_age(self, now: datetime) -> float:
        age = now - self.published_at
        for stop in self.standstills:
            age -= stop.overlap(self.published_at, now)
        return age.total_seconds()


@dataclass(frozen=True, slots=True)
class ObservedMetrics:
    """Counters as they were observed; before the first observation there are none."""

    observations: Sequence[tuple[datetime, Mapping[str, int]]]

    def at(self, now: datetime) -> dict[str, int]:
        """The newest observation that is not after that instant."""
        current: Mapping[str, int] = {}
        for instant, metrics in self.observations:
            if instant > now:
                break
            current = metrics
        return dict(current)
