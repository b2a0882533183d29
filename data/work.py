"""Periodic work: one row per slot, claimed by one process at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, exists, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from data.claims import LEASE, change, claim_rows, free_the_dead
from data.dbtime import db_now
from data.models import WorkItem
from data.session import Session, open_session

__all__ = [
    "claim",
    "claim_in",
    "count_page",
    "ensure_slot",
    "finish",
    "free_dead",
    "is_open",
    "release",
    "renew",
    "renew_in",
    "slot_key",
    "waiting",
]


def slot_key(account_id: int, stream: str, slot: str) -> str:
    """The unique name of one piece of periodic work."""
    return f"collect:{account_id}:{stream}:{slot}"


def ensure_slot(
    session: Session,
    kind: str,
    slot_key: str,
    account_id: int | None,
    stream: str | None,
    due_at: datetime,
) -> bool:
    """Make the slot's row unless it is there; whether it was made. Two schedulers make one."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else None
    statement = (insert or sqlite.insert)(WorkItem).values(
        kind=kind,
        slot_key=slot_key,
        account_id=account_id,
        stream=stream,
        state="waiting",
        due_at=due_at,
        attempts=0,
        pages=0,
        inserted=0,
        updated=0,
        unchanged=0,
    )
    statement = statement.on_conflict_do_nothing(index_elements=["slot_key"])
    made = session.execute(statement.returning(col(WorkItem.id))).first()
    return made is not None


def is_open(session: Session, account_id: int, stream: str) -> bool:
    """Whether work on this stream waits or runs: then a further slot would only queue behind."""
    found = session.exec(
        select(WorkItem.id)
        .where(
            WorkItem.account_id == account_id,
            WorkItem.stream == stream,
            col(WorkItem.state).in_(("waiting", "claimed")),
        )
        .limit(1)
    ).first()
    return found is not None


def waiting(session: Session, account_id: int, stream: str) -> int | None:
    """The id of the stream's item that nobody runs (it waits, or its lease has ended)."""
    return session.exec(
        select(WorkItem.id)
        .where(
            WorkItem.account_id == account_id,
            WorkItem.stream == stream,
            (col(WorkItem.state) == "waiting")
            | ((col(WorkItem.state) == "claimed") & (col(WorkItem.lease_until) < db_now())),
        )
        .order_by(col(WorkItem.due_at), col(WorkItem.id))
        .limit(1)
    ).first()


def free_dead(session: Session) -> int:
    """Let go what processes of this machine held that are gone; how many items."""
    return free_the_dead(session, WorkItem)


def claim(engine: Engine, kinds: Sequence[str], limit: int, worker: str) -> list[WorkItem]:
    """Claim due work, the longest due first. Never two of one account's stream at once.

    Looks before it takes the write lock: several times a second there is nothing to do.
    """
    with open_session(engine, "worker") as session:
        if not _anything(session):
            return []
    with open_session(engine, "worker", write=True) as session:
        return claim_in(session, kinds, limit, worker)


def _anything(session: Session) -> bool:
    """Whether something is due, or claimed (by a process that may be gone)."""
    due = (col(WorkItem.state) == "waiting") & (col(WorkItem.due_at) <= db_now())
    held = col(WorkItem.state) == "claimed"
    return session.exec(select(WorkItem.id).where(due | held).limit(1)).first() is not None


def claim_in(
    session: Session, kinds: Sequence[str], limit: int, worker: str, only: int | None = None
) -> list[WorkItem]:
    """The same within the caller's transaction; `only`: that item, due or not."""
    other = aliased(WorkItem)
    busy = exists().where(
        col(other.account_id) == WorkItem.account_id,
        col(other.stream) == WorkItem.stream,
        col(other.state) == "claimed",
        col(other.id) != WorkItem.id,
        col(other.lease_until) > db_now(),
    )
    which = col(WorkItem.kind).in_(kinds) & ~busy
    due: ColumnElement[bool] = col(WorkItem.due_at) <= db_now()
    if only is not None:
        which, due = which & (col(WorkItem.id) == only), true()
    order = (col(WorkItem.due_at), col(WorkItem.id))
    return claim_rows(session, WorkItem, which, due, order, limit, worker)


def renew(engine: Engine, item: WorkItem) -> bool:
    """Prolong the lease; False where the claim is lost: stop, and write nothing."""
    with open_session(engine, "worker", write=True) as session:
        return renew_in(session, item)


def renew_in(session: Session, item: WorkItem) -> bool:
    """Prolong the lease within the transaction that writes a page: both or neither."""
    return change(session, item, lease_until=db_now(LEASE))


def count_page(
    session: Session, item: WorkItem, inserted: int, updated: int, unchanged: int
) -> bool:
    """Add one stored page to what the item has brought so far."""
    return change(
        session,
        item,
        pages=col(WorkItem.pages) + 1,
        inserted=col(WorkItem.inserted) + inserted,
        updated=col(WorkItem.updated) + updated,
        unchanged=col(WorkItem.unchanged) + unchanged,
    )


def finish(
    session: Session,
    item: WorkItem,
    *,
    state: str = "done",
    error: str | None = None,
    todo: str | None = None,
) -> bool:
    """End it as done, failed or stopped; False where the claim is lost."""
    return change(
        session,
        item,
        state=state,
        error=error,
        todo=todo,
        finished_at=db_now(),
        lease_until=None,
        claimed_by=None,
    )


def release(
    session: Session,
    item: WorkItem,
    *,
    due_at: datetime | None = None,
    error: str | None = None,
    todo: str | None = None,
) -> bool:
    """Let the claim go: to be done at `due_at` (None: now). False where the claim is lost."""
    return change(
        session,
        item,
        state="waiting",
        due_at=due_at or db_now(timedelta(0)),
        error=error,
        todo=todo,
        attempt_id=None,
        lease_until=None,
        claimed_by=None,
    )
