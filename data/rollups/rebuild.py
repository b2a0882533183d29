"""The full recomputation: what every incremental change must equal."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, func, select
from sqlmodel import col

from data.metrics import POST_METRIC_NAMES
from data.models import EngagementDaily, EngagementTopicDaily, Post, PostLatest, PostSnapshot
from data.models.base import to_micros
from data.rollups.appending import count
from data.rollups.batch import Row, make_batch, regular
from data.rollups.change import counted_as_posts, inserted
from data.rollups.locks import lock_all
from data.rollups.reading import post_key
from data.session import Session

Progress = Callable[[int, int], None]  # posts done, posts in all

#: Posts at a time: with 80 snapshots each, some ten thousand rows are in memory.
_STEP = 200


def recompute(session: Session, progress: Progress | None = None) -> None:
    """Compute all totals and `post_latest` anew from the snapshots, in this transaction."""
    session.flush()
    connection = session.connection()
    lock_all(connection)
    for table in (EngagementDaily, EngagementTopicDaily, PostLatest):
        connection.execute(delete(table))
    total = connection.execute(select(func.count()).select_from(Post)).scalar_one()
    done, last = 0, 0
    while ids := _after(connection, last):
        _add(connection, ids)
        done, last = done + len(ids), ids[-1]
        if progress is not None:
            progress(done, total)
    session.expire_all()


def _after(connection: Connection, last: int) -> list[int]:
    query = select(post_key).where(post_key > last).order_by(post_key).limit(_STEP)
    return list(connection.execute(query).scalars())


def _add(connection: Connection, ids: Sequence[int]) -> None:
    """The short way for the posts for which it holds, the long one for the others."""
    rows = _rows(connection, ids)
    if not rows:
        inserted(connection, ids)
        return
    batch = make_batch(connection, rows)
    good = regular(batch)
    short = batch.only(good)
    regular_ids = short.posts.ids.tolist()
    inserted(connection, sorted(set(ids) - set(regular_ids)))
    counted_as_posts(connection, regular_ids)
    if regular_ids:
        count(connection, short)


def _rows(connection: Connection, ids: Sequence[int]) -> list[Row]:
    columns = [getattr(PostSnapshot, name) for name in POST_METRIC_NAMES]
    found = connection.execute(
        select(
            col(PostSnapshot.captured_at),
            col(PostSnapshot.post_id),
            col(PostSnapshot.raw_reply_id),
            *columns,
        ).where(col(PostSnapshot.post_id).in_(ids))
    )
    return [(to_micros(row[0]), *row[1:]) for row in found]
