"""The practice whose portal logs these tests read."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from data import practice
from data.session import make_engine, open_session


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """A practice of 8,000 patients that names two areas."""
    made = make_engine(sqlite_url)
    with open_session(made, "test", write=True) as session:
        practice.describe(session, name="Hudson", zone="America/New_York", currency="USD",
                          active_patients=8000, zip3s=["100", "112"])  # fmt: skip
    yield made
    made.dispose()
