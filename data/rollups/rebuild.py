"""The full recomputation: what every incremental change must equal."""

from collections.abc import Callable

from sqlalchemy import delete, func, select

from data.models import EngagementDaily, EngagementTopicDaily, Post, PostLatest
from data.rollups.change import inserted
from data.rollups.locks import lock_all
from data.rollups.reading import post_key
from data.session import Session

Progress = Callable[[int, int], None]  # posts done, posts in all
_STEP = 500


def recompute(session: Session, progress: Progress | None = None) -> None:
    """Compute all totals and `post_latest` anew from the snapshots, in this transaction."""
    connection = session.connection()
    session.flush()
    lock_all(connection)
    for table in (EngagementDaily, EngagementTopicDaily, PostLatest):
        connection.execute(delete(table))
    total = connection.execute(select(func.count()).select_from(Post)).scalar_one()
    done, last = 0, 0
    while True:
        ids = list(
            connection.execute(
                select(post_key).where(post_key > last).order_by(post_key).limit(_STEP)
            ).scalars()
        )
        if not ids:
            break
        inserted(connection, ids)
        done, last = done + len(ids), ids[-1]
        if progress is not None:
            progress(done, total)
    session.expire_all()
