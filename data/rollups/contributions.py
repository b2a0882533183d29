"""What one post adds to the daily totals: a pure function of its snapshots.

*published*: the newest known value of each metric, on the practice's day of publication.
*happened*: for each metric the difference between one known value and the next, spread in
whole numbers over the days from the one capture to the other, both included. A first known
value is a difference from 0 (since the day of publication) when it was captured within 24
hours of publishing; else it is the opening stand and belongs to no day.

Engagement is the sum of its parts, also day by day, so that a chart's total equals the
charts of its parts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from data.clock import local_day
from data.metrics import (
    BY_NAME,
    POST_METRIC_NAMES,
    RATE_OVER,
    ROLLUP_METRICS,
    engagement_parts,
)

PUBLISHED = "published"
HAPPENED = "happened"
FRESH = timedelta(hours=24)
_INSTANT = timedelta(microseconds=1)  # what the databases keep

#: rollup metric -> its place, as in the bits of `post_latest.counted`
PLACE = {name: place for place, name in enumerate(ROLLUP_METRICS)}
_ADDITIVE = tuple(name for name in POST_METRIC_NAMES if "posts" in BY_NAME[name].additive)

Values = dict[str, int]
Cell = tuple[str, date, str]  # axis, day, rollup metric


@dataclass(frozen=True)
class Subject:
    """What the totals need to know of a post. `turn` decides who gets a spread's odd ones."""

    post_id: int
    account_id: int
    network: str
    kind: str
    published_at: datetime
    turn: int
    topics: tuple[int, ...] = ()


@dataclass(frozen=True)
class Seen:
    """A snapshot: the metrics that the reply gave, by canonical name."""

    captured_at: datetime
    values: Values
    raw_reply_id: int | None = None


@dataclass
class Share:
    """A post's part of one cell; `estimated` is what of it was spread over several days."""

    value: int = 0
    estimated: int = 0


@dataclass
class Folded:
    """All of a post's parts, and its newest stand as `post_latest` keeps it."""

    shares: dict[Cell, Share] = field(default_factory=dict)
    state: Values = field(default_factory=dict)
    captured_at: datetime | None = None
    raw_reply_id: int | None = None
    carried: int = 0
    counted: int = 0

    def add(self, axis: str, day: date, metric: str, value: int, estimated: bool = False) -> None:
        """Add to a cell; a known 0 is a part too."""
        share = self.shares.setdefault((axis, day, metric), Share())
        share.value += value
        if estimated:
            share.estimated += value


def spread(difference: int, days: int, turn: int) -> list[int]:
    """`difference` in `days` whole numbers that differ by at most 1; the sum is exact.

    All remainders are equal, so the odd ones go to the days from `turn` on, round and round:
    always giving them to the first day would draw a peak where there is none.
    """
    each, odd = divmod(difference, days)
    return [each + ((place - turn) % days < odd) for place in range(days)]


def fold(subject: Subject, snapshots: Sequence[Seen], zone: str) -> Folded:
    """All parts of a post, from its snapshots in the order of `captured_at`."""
    folded = Folded()
    published = local_day(subject.published_at, zone)
    folded.add(PUBLISHED, published, "posts", 1)
    known_at: dict[str, datetime] = {}
    for snapshot in snapshots:
        before = dict(folded.state)
        folded.state.update(snapshot.values)
        if subject.kind != "retweet":
            _happened(folded, subject, snapshot, before, known_at, zone)
        known_at.update(dict.fromkeys(snapshot.values, snapshot.captured_at))
        folded.captured_at, folded.raw_reply_id = snapshot.captured_at, snapshot.raw_reply_id
    if snapshots:
        _close(folded, known_at, zone)
    if subject.kind != "retweet":
        _published(folded, subject, published)
    return folded


def _published(folded: Folded, subject: Subject, day: date) -> None:
    for name in _ADDITIVE:
        if name in folded.state:
            folded.add(PUBLISHED, day, name, folded.state[name])
    chosen = engagement_parts(folded.state)
    if not chosen:
        return
    total = sum(folded.state[name] for name in chosen)
    folded.add(PUBLISHED, day, "engagement", total)
    over = RATE_OVER.get(subject.network, "")
    if over in folded.state:
        folded.add(PUBLISHED, day, "rated_engagement", total)
        folded.add(PUBLISHED, day, "rated_over", folded.state[over])


def _happened(
    folded: Folded,
    subject: Subject,
    snapshot: Seen,
    before: Values,
    known_at: dict[str, datetime],
    zone: str,
) -> None:
    chosen = engagement_parts(folded.state)
    moved = {
        name: _difference(subject, snapshot, name, before, known_at)
        for name in _ADDITIVE
        if name in snapshot.values
    }
    over = RATE_OVER.get(subject.network, "")
    rated = moved.get(over) is not None
    for name, difference in moved.items():
        if difference is None:
            continue
        parts = [name]
        if name in chosen:
            parts += ["engagement", "rated_engagement"] if rated else ["engagement"]
        if name == over and any(moved.get(part) is not None for part in chosen):
            parts.append("rated_over")
        # A time of publication that is yet to come (a wrong clock) is no time to spread over.
        since = known_at.get(name, min(subject.published_at, snapshot.captured_at))
        turn = subject.turn + PLACE[name]
        for day, value, estimated in _by_day(since, snapshot.captured_at, difference, turn, zone):
            for part in parts:
                folded.add(HAPPENED, day, part, value, estimated)


def _difference(
    subject: Subject,
    snapshot: Seen,
    name: str,
    before: Values,
    known_at: dict[str, datetime],
) -> int | None:
    """Since the last known value; from 0 for a first one that is fresh; None: opening stand."""
    if name in known_at:
        return snapshot.values[name] - before[name]
    if snapshot.captured_at - subject.published_at <= FRESH:
        return snapshot.values[name]
    return None


def closing_day(captured_at: datetime, zone: str) -> date:
    """The last day that a capture tells of: one at midnight sharp closes the day before."""
    return local_day(captured_at - _INSTANT, zone)


def _by_day(
    since: datetime, until: datetime, difference: int, turn: int, zone: str
) -> Iterator[tuple[date, int, bool]]:
    last = closing_day(until, zone)
    first = min(local_day(since, zone), last)
    days = (last - first).days + 1
    for place, value in enumerate(spread(difference, days, turn)):
        yield first + timedelta(days=place), value, days > 1


def _close(folded: Folded, known_at: dict[str, datetime], zone: str) -> None:
    assert folded.captured_at is not None  # noqa: S101 - called after a snapshot
    for place, name in enumerate(POST_METRIC_NAMES):
        if name in known_at and known_at[name] < folded.captured_at:
            folded.carried |= 1 << place
    day = closing_day(folded.captured_at, zone)
    for name, place in PLACE.items():
        if (HAPPENED, day, name) in folded.shares:
            folded.counted |= 1 << place
