"""Add snapshots to the totals: the short way where it holds, else the long one."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, select
from sqlmodel import col

from data import bulk
from data.metrics import POST_METRIC_NAMES
from data.models import Account
from data.models.base import to_instant
from data.rollups import cells
from data.rollups.batch import Batch, Row, bits, make_batch, regular
from data.rollups.change import changing
from data.rollups.days import Ints
from data.rollups.reading import zone_of
from data.rollups.shortcut import parts

SNAPSHOT = ("captured_at", "post_id", "raw_reply_id", *POST_METRIC_NAMES)
_LATEST = ("captured_at", "raw_reply_id", "carried", "counted", *POST_METRIC_NAMES)


def append(connection: Connection, rows: Sequence[Row]) -> None:
    """Store snapshots (one that exists is left) and bring totals and latest stands along."""
    if not rows:
        return
    batch = make_batch(connection, rows)
    good = regular(batch)
    if good.all():
        short = batch
    else:
        short, long = batch.only(good), batch.only(~good)
        with changing(connection, long.posts.ids.tolist()):
            bulk.insert_missing(
                connection, "post_snapshot", SNAPSHOT, stored(connection, long.rows)
            )
    if short.rows:
        bulk.insert(connection, "post_snapshot", SNAPSHOT, stored(connection, short.rows))
        count(connection, short)


def count(connection: Connection, batch: Batch) -> None:
    """Add a regular batch, whose snapshots are stored, to the totals."""
    zone = zone_of(connection)
    networks = {
        row.id: row.network
        for row in connection.execute(select(col(Account.id), col(Account.network)))
    }
    happened, published, counted = parts(batch, networks, zone)
    account = batch.posts.account
    names, kind = np.unique(np.array(batch.posts.kind, dtype=object), return_inverse=True)
    changes = cells.summed((happened, published), account, kind.astype(np.int64), names)
    cells.write(connection, "engagement_daily", "kind", changes)
    post, topic = _topics(connection, batch.posts.ids)
    if len(post):
        cells.write(
            connection,
            "engagement_topic_daily",
            "topic_id",
            cells.by_topic((happened, published), post, topic, account),
        )
    bulk.put(connection, "post_latest", ("post_id",), _LATEST, _latest(connection, batch, counted))


def stored(connection: Connection, rows: list[Row]) -> Sequence[Sequence[object]]:
    """Rows as the database's driver takes them: instants are integers on SQLite alone."""
    if connection.dialect.name == "sqlite":
        return rows
    instants = {
        micros: to_instant(micros) for micros in {row[0] for row in rows} if micros is not None
    }
    return [(instants[row[0] or 0], *row[1:]) for row in rows]


def _topics(connection: Connection, ids: Ints) -> tuple[Ints, Ints]:
    """Pairs (index into ids, topic), ascending."""
    sqlite = connection.dialect.name == "sqlite"
    wanted = "[" + ",".join(map(str, ids.tolist())) + "]" if sqlite else ids.tolist()
    among = "IN (SELECT value FROM json_each(?))" if sqlite else "= ANY(%s)"
    found = connection.exec_driver_sql(
        f"SELECT post_id, topic_id FROM post_topic WHERE post_id {among} ORDER BY post_id",  # noqa: S608
        (wanted,),
    ).fetchall()
    pairs = np.array([tuple(row) for row in found], dtype=np.int64).reshape(-1, 2)
    return np.searchsorted(ids, pairs[:, 0]).astype(np.int64), pairs[:, 1]


def _latest(connection: Connection, batch: Batch, counted: Ints) -> list[tuple[object, ...]]:
    last = np.flatnonzero(np.concatenate((batch.post[1:] != batch.post[:-1], [True])))
    measured = bits(~np.isnan(batch.counters[last]))
    carried = batch.posts.known & ~measured
    rows = [batch.rows[place] for place in last.tolist()]
    instants = [row[0] for row in stored(connection, rows)]
    return [
        (post_id, instant, row[2], old, bit, *(row[3:] if not old else _filled(row[3:], state)))
        for post_id, instant, row, old, bit, state in zip(
            batch.posts.ids.tolist(),
            instants,
            rows,
            carried.tolist(),
            counted.tolist(),
            batch.posts.state,
            strict=True,
        )
    ]


def _filled(counters: Sequence[int | None], state: np.ndarray) -> list[int | None]:
    """What the snapshot does not give keeps its last value."""
    return [
        value if value is not None else None if np.isnan(old) else int(old)
        for value, old in zip(counters, state.tolist(), strict=True)
    ]
