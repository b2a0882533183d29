"""What a year of collecting brings, as rows of snapshots in the order of their arrival.

Posts appear evenly over the days at three networks; each is read at the ages of
`data.ingest.schedule` (hourly, six-hourly, daily, weekly: 80 times in 90 days), and its
counters saturate with age, as real ones do. Nothing random enters: every run has the same rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from math import exp

from data.ingest.schedule import next_snapshot_at
from data.metrics import POST_METRIC_NAMES
from data.models import to_micros
from data.rollups.batch import Row

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
NETWORKS = ("x", "facebook", "instagram", "x")
KINDS = ("post", "photo", "link", "video")
TOPICS = 40
_METRICS = {
    "x": "impressions likes replies reposts quotes bookmarks clicks profile_clicks",
    "facebook": "views reach reactions comments shares clicks",
    "instagram": "views reach likes comments shares saves",
}
_PLACES = {
    network: tuple(POST_METRIC_NAMES.index(name) for name in names.split())
    for network, names in _METRICS.items()
}
_SIZES = (900, 40, 6, 9, 2, 4, 25, 7)


@dataclass(frozen=True)
class Made:
    """One post: its key, account (from 1), time, kind and topics."""

    id: int
    account: int
    published_at: datetime
    kind: str
    topics: tuple[int, ...]


def posts(count: int, days: int) -> list[Made]:
    """`count` posts, evenly over `days`; two of three have a topic, one of six has two."""
    made = []
    for number in range(count):
        topics = (number * 7 % TOPICS + 1, number * 11 % TOPICS + 1)[
            : (1, 2, 1, 0, 1, 0)[number % 6]
        ]
        made.append(
            Made(
                number + 1,
                number % len(NETWORKS) + 1,
                BEGIN + timedelta(days=days) * number / count,
                KINDS[number // 3 % len(KINDS)],
                tuple(sorted(set(topics))),
            )
        )
    return made


@cache
def _ages() -> tuple[timedelta, ...]:
    """At which ages a post is read: first some minutes after it appeared."""
    found, age = [], timedelta(minutes=20)
    while True:
        found.append(age)
        following = next_snapshot_at(BEGIN, BEGIN + age)
        if following is None:
            return tuple(found)
        age = following - BEGIN


def rows(made: list[Made]) -> Iterator[Row]:
    """All snapshots in the order of their time, a week at a time: few stand in memory."""
    window = timedelta(days=7)
    since, begun, active = BEGIN, 0, list[Made]()
    while begun < len(made) or active:
        until = since + window
        while begun < len(made) and made[begun].published_at < until:
            active.append(made[begun])
            begun += 1
        found = [row for post in active for row in _rows(post, since, until)]
        found.sort(key=lambda row: (row[0] or 0, row[1] or 0))
        yield from found
        active = [post for post in active if post.published_at + _ages()[-1] >= until]
        since = until


def _rows(post: Made, since: datetime, until: datetime) -> Iterator[Row]:
    places = _PLACES[NETWORKS[post.account - 1]]
    for age in _ages():
        if not since <= post.published_at + age < until:
            continue
        grown = 1 - exp(-age / timedelta(days=1.5))
        counters: list[int | None] = [None] * len(POST_METRIC_NAMES)
        for nth, place in enumerate(places):
            counters[place] = int(grown * _SIZES[nth] * (1 + post.id % 5))
        yield (to_micros(post.published_at + age), post.id, 1, *counters)


def by_capture(made: list[Made], captures: int, every: timedelta) -> Iterator[list[Row]]:
    """The hardest case: every post is read at every capture, and every counter has moved."""
    start = BEGIN + timedelta(days=500)
    for capture in range(captures):
        at = to_micros(start + capture * every)
        page = []
        for post in made:
            counters: list[int | None] = [None] * len(POST_METRIC_NAMES)
            for nth, place in enumerate(_PLACES[NETWORKS[post.account - 1]]):
                counters[place] = (capture + 1) * (nth + 1 + post.id % 7)
            page.append((at, post.id, 1, *counters))
        yield page
