"""Claims: who works on a row, until when, and by which attempt.

A row is claimed by a conditional update that sets a lease (database time) and a new attempt
id; every later change compares both. A claim that was lost changes nothing.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import col, select

from data.claimant import is_dead
from data.dbtime import db_now
from data.models import Request, WorkItem
from data.session import Session

LEASE = timedelta(minutes=2)

Row = TypeVar("Row", WorkItem, Request)


def claim_rows(
    session: Session,
    table: type[Row],
    which: ColumnElement[bool],
    due: ColumnElement[bool],
    order: Sequence[Any],
    limit: int,
    worker: str,
) -> list[Row]:
    """Claim up to `limit` of `which` rows: those that wait and are `due`, and lapsed claims."""
    free_the_dead(session, table)
    lapsed = and_(col(table.state) == "claimed", col(table.lease_until) < db_now())
    open_rows = and_(which, or_(and_(col(table.state) == "waiting", due), lapsed))
    chosen = session.exec(
        select(table.id)
        .where(open_rows)
        .order_by(*order)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not chosen:
        return []
    attempt = uuid4().hex
    session.execute(
        update(table)
        .where(col(table.id).in_(chosen), open_rows)
        .values(
            state="claimed",
            attempt_id=attempt,
            attempts=col(table.attempts) + 1,
            claimed_by=worker,
            lease_until=db_now(LEASE),
            started_at=db_now(),
            finished_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    taken = select(table).where(col(table.id).in_(chosen), col(table.attempt_id) == attempt)
    return list(session.exec(taken.order_by(*order).execution_options(populate_existing=True)))


def free_the_dead(session: Session, table: type[WorkItem] | type[Request]) -> int:
    """Let go what processes of this machine held that are gone: no waiting for the lease."""
    holders = session.exec(
        select(table.claimed_by).where(col(table.state) == "claimed").distinct()
    ).all()
    dead = [holder for holder in holders if holder and is_dead(holder)]
    if not dead:
        return 0
    freed = session.execute(
        update(table)
        .where(col(table.state) == "claimed", col(table.claimed_by).in_(dead))
        .values(state="waiting", attempt_id=None, claimed_by=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(freed, "rowcount", 0))


def change(session: Session, row: WorkItem | Request, **values: Any) -> bool:
    """Change a claimed row where the claim still holds (attempt and lease); False where lost."""
    table = type(row)
    changed = session.execute(
        update(table)
        .where(
            col(table.id) == row.id,
            col(table.attempt_id) == row.attempt_id,
            col(table.state) == "claimed",
            col(table.lease_until) > db_now(),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(changed, "rowcount", 0) == 1)
