"""Signs of life of workers, in database time: pages and `reachwell health` read them."""

from datetime import timedelta

from sqlmodel import col, delete, select

from data.dbtime import db_now, read_db_now
from data.models import WorkerHeartbeat
from data.session import Session

#: A worker that has not beaten for so long is not counted as alive.
FRESH = timedelta(seconds=45)
#: Rows of workers that are gone are kept so long, for whoever looks into a failure.
KEPT = timedelta(days=7)


def beat(session: Session, worker: str, doing: str | None, clock_skew_ms: int | None) -> None:
    """Say that `worker` (host:pid:start) lives; its first beat makes the row.

    `clock_skew_ms`: how far this machine's clock is ahead of the reference, None if unknown.
    """
    at = read_db_now(session)
    row = session.get(WorkerHeartbeat, worker)
    if row is None:
        host, pid, *_ = worker.split(":")
        row = WorkerHeartbeat(worker=worker, host=host, pid=int(pid), started_at=at, beat_at=at)
    row.beat_at, row.doing, row.clock_skew_ms, row.stopped_at = at, doing, clock_skew_ms, None
    session.add(row)


def end(session: Session, worker: str) -> None:
    """Say that `worker` stops on purpose."""
    row = session.get(WorkerHeartbeat, worker)
    if row is not None:
        row.stopped_at = read_db_now(session)
        session.add(row)


def alive(session: Session) -> list[WorkerHeartbeat]:
    """Workers that live now, the one that started first in front."""
    return list(
        session.exec(
            select(WorkerHeartbeat)
            .where(
                col(WorkerHeartbeat.stopped_at).is_(None),
                col(WorkerHeartbeat.beat_at) > db_now(-FRESH),
            )
            .order_by(col(WorkerHeartbeat.started_at))
        ).all()
    )


def latest(session: Session) -> WorkerHeartbeat | None:
    """The newest sign of life there ever was, of whichever worker."""
    return session.exec(
        select(WorkerHeartbeat).order_by(col(WorkerHeartbeat.beat_at).desc()).limit(1)
    ).first()


def sweep(session: Session) -> None:
    """Drop the rows of workers gone for longer than `KEPT`."""
    session.exec(delete(WorkerHeartbeat).where(col(WorkerHeartbeat.beat_at) < db_now(-KEPT)))
