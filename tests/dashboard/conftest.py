"""A made practice for pages and queries, filled once and copied for each test."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import streamlit as st

from data.clock import now
from data.session import Session, make_engine, open_session
from tests.made import made_practice


@pytest.fixture(scope="session")
def made_now() -> datetime:
    """Pages read the clock: the made practice ends now."""
    return now()


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory, made_now: datetime) -> Path:
    """A practice with 150 days of posts, to copy."""
    path = tmp_path_factory.mktemp("made") / "made.sqlite3"
    made_practice(f"sqlite:///{path}", now=made_now, days=150, posts_a_day=0.5)
    engine = make_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def made_url(made_file: Path, tmp_path: Path) -> str:
    """A copy of it for one test."""
    path = tmp_path / "made.sqlite3"
    shutil.copy(made_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def made_session(made_url: str) -> Iterator[Session]:
    """A writing session on it."""
    engine = make_engine(made_url)
    with open_session(engine, "test", write=True) as session:
        yield session
    engine.dispose()


@pytest.fixture
def young_url(tmp_path: Path, made_now: datetime) -> str:
    """A practice that began to collect ten days ago, with 40 days of posts."""
    url = f"sqlite:///{tmp_path / 'young.sqlite3'}"
    made_practice(url, now=made_now, days=40, posts_a_day=0.5, collecting_days=10)
    return url


@pytest.fixture(autouse=True)
def _no_caches() -> Iterator[None]:
    """Streamlit's caches outlive a test."""
    yield
    st.cache_data.clear()
    st.cache_resource.clear()
