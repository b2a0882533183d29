"""Engines and sessions: the one place that opens databases.

SQLite: our own BEGIN (IMMEDIATE for writers, so that two of them queue and none is lost),
WAL, a busy time-out of 30 s, foreign keys on. Sessions need an actor.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session as _Session

from data.errors import Refused

__all__ = ["Engine", "Session", "make_engine", "open_session", "shared_engine"]

BUSY_SECONDS = 30


class Session(_Session):
    """A session that knows for whom it acts (`actor`: a person's e-mail, worker, machine…)."""

    actor: str


def make_engine(url: str, *, durable: bool = False, foreign_keys: bool = True) -> Engine:
    """An engine on SQLite or PostgreSQL. `durable`: synchronous=FULL (what must not be lost).

    `foreign_keys=False` is for migrations alone.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(url, durable, foreign_keys)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise Refused(
            "REACHWELL_DATABASE_URL is not a database address.",
            "Write sqlite:////folder/file.sqlite3 or postgresql://user:password@host/name.",
        )
    return parsed


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """An engine for the time of one command; its connections are closed at the end."""
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@lru_cache(maxsize=8)
def shared_engine(url: str) -> Engine:
    """One engine per address and process."""
    return make_engine(url)


def _sqlite_engine(url: str, durable: bool, foreign_keys: bool) -> Engine:
    path = make_url(url).database
    if path and not path.startswith((":memory:", "file:")):  # `file:` is an address of its own
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS},
        pool_pre_ping=False,
        hide_parameters=True,  # an error's text goes to the log, and parameters are posts
    )

    @event.listens_for(engine, "connect")
    def _pragmas(raw: Any, _record: Any) -> None:
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        if not _is_read_only(cursor):
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        cursor.execute("PRAGMA cache_size = -65536")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _is_read_only(cursor: Any) -> bool:
    """Whether journal_mode is set already: a read-only file must not be asked to change it."""
    mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    return bool(mode == "wal")


@contextmanager
def open_session(engine: Engine, actor: str, *, write: bool = False) -> Iterator[Session]:
    """A session for `actor`, one transaction: committed at the end, rolled back on an error.

    `write` takes SQLite's write lock at the start. Functions of `data` never commit.
    """
    if not actor:
        raise ValueError("a session needs an actor")
    bound = engine.execution_options(write=True) if write else engine
    with Session(bound, expire_on_commit=False) as session, session.begin():
        session.actor = actor
        if write:
            session.connection()  # begins now, not at the first statement
        yield session
