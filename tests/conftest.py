"""Databases for tests: real SQLite files and a real PostgreSQL, each test on a fresh copy."""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from data import practice as practices
from data.migrate import upgrade
from data.models import Practice
from data.session import make_engine, open_session
from tests import postgres

FULL = os.environ.get("DRILLS") == "full"

settings.register_profile(
    "reachwell",
    deadline=None,
    max_examples=1000 if FULL else 40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("reachwell")

_numbers = count()
_server: list[Path] = []


def pytest_configure(config: pytest.Config) -> None:
    """The controller (or the one process) starts PostgreSQL; workers find it by environment."""
    if postgres.ADDRESS not in os.environ and not config.getoption("collectonly"):
        _server.append(postgres.start())
        os.environ[postgres.ADDRESS] = str(_server[0] / "data")


def pytest_unconfigure(config: pytest.Config) -> None:
    """It goes with the run."""
    while _server:
        os.environ.pop(postgres.ADDRESS, None)
        postgres.stop(_server.pop())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """A migrated PostgreSQL database to copy, one a test process."""
    name = f"template_{os.getpid()}"
    with postgres.database(name) as url:
        engine = make_engine(url)
        upgrade(engine)
        engine.dispose()
        yield name


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database."""
    path = tmp_path / "reachwell.sqlite3"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_template: str) -> Iterator[str]:
    """A migrated PostgreSQL database."""
    with postgres.database(f"test_{os.getpid()}_{next(_numbers)}", postgres_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database with nothing in it: the test runs on SQLite and on PostgreSQL."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url = request.getfixturevalue(name)
    assert isinstance(url, str)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    with postgres.database(f"empty_{os.getpid()}_{next(_numbers)}") as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on `database_url`."""
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def practice(engine: Engine) -> Practice:
    """A practice in New York, described in `engine`'s database."""
    with open_session(engine, "test", write=True) as session:
        return practices.describe(
            session, name="Hudson Family Medicine", zone="America/New_York", currency="USD"
        )
