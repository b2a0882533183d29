"""Changes to the daily totals, summed per row and written in one go."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import Connection

from data.rollups.cells import Change, write
from data.rollups.contributions import Folded, Subject

Key = tuple[str, date, int, str | int, str]  # axis, day, account, kind or topic, metric


class Deltas:
    """Sums of (value, estimated, posts) per row of the two rollup tables."""

    def __init__(self) -> None:
        self._by_kind: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
        self._by_topic: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, subject: Subject, folded: Folded, sign: int) -> None:
        """Put a post's parts in (sign 1) or take them out (sign -1)."""
        for (axis, day, metric), share in folded.shares.items():
            change = (sign * share.value, sign * share.estimated, sign)
            _put(self._by_kind[axis, day, subject.account_id, subject.kind, metric], change)
            for topic in subject.topics:
                _put(self._by_topic[axis, day, subject.account_id, topic, metric], change)

    def write(self, connection: Connection) -> None:
        """Add them to the tables; rows that no post contributes to any more vanish."""
        write(connection, "engagement_daily", "kind", sorted(_changes(self._by_kind)))
        write(connection, "engagement_topic_daily", "topic_id", sorted(_changes(self._by_topic)))


def _put(sums: list[int], change: tuple[int, int, int]) -> None:
    for place, part in enumerate(change):
        sums[place] += part


def _changes(sums: Mapping[Key, list[int]]) -> Iterator[Change]:
    for (axis, day, account, one, metric), change in sums.items():
        if any(change):
            yield (axis, day.isoformat(), account, one, metric, *change)
