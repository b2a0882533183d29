"""Faults of the machine are sentences, and nothing is lost."""

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

import data.session
from data.clock import now
from data.errors import Refused, where
from data.faults import as_refusal, refusing
from data.migrate import current, upgrade
from data.models import AuditEvent, Practice
from data.practice import describe
from data.session import make_engine, open_session


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_a_full_disk(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with (
        pytest.raises(Refused, match="is full"),
        refusing(),
        open_session(engine, "test", write=True) as session,
    ):
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        describe(session, name="x" * 100_000)
    engine.dispose()
    engine = make_engine(sqlite_url)
    with open_session(engine, "test") as session:
        assert session.get(Practice, 1) is None
    engine.dispose()


def test_a_database_that_stays_locked(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data.session, "BUSY_SECONDS", 0.2)
    engine = make_engine(sqlite_url)
    blocker = sqlite3.connect(path_of(sqlite_url), isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with (
        pytest.raises(Refused, match="locked") as refused,
        refusing(),
        open_session(engine, "test", write=True),
    ):
        pass
    assert refused.value.todo is not None
    with open_session(engine, "test") as session:  # readers go on
        assert session.get(Practice, 1) is None
    blocker.execute("ROLLBACK")
    blocker.close()
    with open_session(engine, "test", write=True) as session:
        describe(session, name="Hudson")
    engine.dispose()


def test_a_read_only_database_can_be_read_and_says_why_not_written(sqlite_url: str) -> None:
    url = f"sqlite:///file:{path_of(sqlite_url)}?mode=ro&uri=true"
    engine = make_engine(url)
    assert upgrade(engine) == current(engine)
    with (
        pytest.raises(Refused, match="only be read"),
        refusing(),
        open_session(engine, "test", write=True) as session,
    ):
        describe(session, name="Hudson")
    engine.dispose()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "notes.sqlite3").write_text("Dear diary, " * 100)
    engine = make_engine(f"sqlite:///{tmp_path / 'notes.sqlite3'}")
    with pytest.raises(Refused, match="not a database"):
        upgrade(engine)
    engine.dispose()


def test_a_server_that_is_not_there() -> None:
    engine = make_engine("postgresql://localhost:1/reachwell")
    with pytest.raises(Refused, match="does not answer"):
        current(engine)
    engine.dispose()


def test_a_database_name_that_is_not_there(postgres_url: str) -> None:
    engine = make_engine(postgres_url.replace("/test_", "/no_"))
    with pytest.raises(Refused, match="refuses this user"):
        current(engine)
    engine.dispose()


def test_our_own_mistakes_stay_errors(engine: Engine) -> None:
    with (
        pytest.raises((OperationalError, ProgrammingError)) as error,
        refusing(),
        engine.connect() as connection,
    ):
        connection.exec_driver_sql("SELECT * FROM no_such_table")
    assert as_refusal(error.value) is None


def test_a_session_that_fails_keeps_nothing(engine: Engine) -> None:
    with pytest.raises(RuntimeError), open_session(engine, "test", write=True) as session:
        describe(session, name="Hudson")
        raise RuntimeError
    with open_session(engine, "test") as session:
        assert session.get(Practice, 1) is None
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_a_session_needs_an_actor(engine: Engine) -> None:
    with pytest.raises(ValueError, match="actor"), open_session(engine, ""):
        pass


def test_writers_queue_and_none_is_lost(engine: Engine) -> None:
    with open_session(engine, "test", write=True) as session:
        describe(session, name="Hudson", active_patients=0)

    def add() -> None:
        for _ in range(10):
            with open_session(engine, "test", write=True) as session:
                row = session.get(Practice, 1, with_for_update=True)
                assert row is not None
                row.active_patients = (row.active_patients or 0) + 1

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_session(engine, "test") as session:
        row = session.get(Practice, 1)
        assert row is not None
        assert row.active_patients == 40


def test_what_is_logged_of_an_error_holds_no_value_of_a_row(
    engine: Engine, practice: Practice
) -> None:
    with (
        pytest.raises(IntegrityError) as raised,
        open_session(engine, "test", write=True) as session,
    ):
        session.add(AuditEvent(at=now(), actor="ana", action=None, object="A private sentence."))  # type: ignore[arg-type]
        session.flush()
    assert "A private sentence." not in where(raised.value)
    if engine.dialect.name == "sqlite":  # PostgreSQL quotes the row in its own message
        assert "A private sentence." not in str(raised.value)
