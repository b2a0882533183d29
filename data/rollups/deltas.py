"""Changes to the daily totals, summed per row and written in one go."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection

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
        _write(connection, "engagement_daily", "kind", self._by_kind.items())
        _write(connection, "engagement_topic_daily", "topic_id", self._by_topic.items())


def _put(sums: list[int], change: tuple[int, int, int]) -> None:
    for place, part in enumerate(change):
        sums[place] += part


def _write(
    connection: Connection, table: str, fourth: str, sums: Iterable[tuple[Key, list[int]]]
) -> None:
    # In key order, so that two writers on PostgreSQL queue rather than block each other.
    rows: list[tuple[Any, ...]] = sorted(
        (axis, day.isoformat(), account, one, metric, *change)
        for (axis, day, account, one, metric), change in sums
        if any(change)
    )
    if not rows:
        return
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    day = mark if mark == "?" else "CAST(%s AS date)"
    key = f"axis, day, account_id, {fourth}, metric"
    connection.exec_driver_sql(
        f"INSERT INTO {table} ({key}, value, estimated, posts) "  # noqa: S608 - own names
        f"VALUES ({mark}, {day}, {mark}, {mark}, {mark}, {mark}, {mark}, {mark}) "
        f"ON CONFLICT ({key}) DO UPDATE SET value = {table}.value + excluded.value, "
        f"estimated = {table}.estimated + excluded.estimated, "
        f"posts = {table}.posts + excluded.posts",
        rows,
    )
    gone = [row[:5] for row in rows if row[7] < 0]
    if gone:
        connection.exec_driver_sql(
            f"DELETE FROM {table} WHERE axis = {mark} AND day = {day} AND account_id = {mark} "  # noqa: S608
            f"AND {fourth} = {mark} AND metric = {mark} AND posts = 0",
            gone,
        )
