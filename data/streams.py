"""How far each stream of an account was read (`stream_state`), read and changed under a lock."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import select

from data.models import StreamState
from data.session import Session

STREAMS = ("posts", "refresh", "account", "ads")


def locked(session: Session, account_id: int, stream: str) -> StreamState:
    """The row, made where it is missing, and locked until the transaction ends."""
    insert: Any = (
        postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    )
    session.execute(
        insert(StreamState)
        .values(
            account_id=account_id,
            stream=stream,
            marks={},
            unavailable={},
            stop_asked=False,
            pages=0,
            items=0,
        )
        .on_conflict_do_nothing(index_elements=["account_id", "stream"])
    )
    return session.exec(
        select(StreamState)
        .where(StreamState.account_id == account_id, StreamState.stream == stream)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def peek(session: Session, account_id: int, stream: str) -> StreamState | None:
    """The row without a lock, or None."""
    return session.exec(
        select(StreamState).where(
            StreamState.account_id == account_id, StreamState.stream == stream
        )
    ).first()


def refused_with(session: Session, account_id: int, error: str) -> set[str]:
    """The account's streams whose last run ended with that very error."""
    return set(
        session.exec(
            select(StreamState.stream).where(
                StreamState.account_id == account_id, StreamState.last_error == error
            )
        )
    )


def failed(session: Session, state: StreamState, error: str, at: datetime) -> None:
    """Keep the last error for people to see."""
    state.last_error, state.last_error_at = error, at
    session.add(state)


def succeeded(session: Session, state: StreamState, at: datetime) -> None:
    """A run came to its end: the last error is history."""
    state.last_ok_at, state.last_error, state.last_error_at = at, None, None
    session.add(state)
