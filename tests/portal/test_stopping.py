"""A run that is told to stop: it released nothing, or it says what it released."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import func, select

from collectors.portal.launch import launch
from collectors.portal.order import Order
from data import practice
from data.models import PrivacyLedger
from data.privacy import mappings
from data.session import Engine, make_engine, open_session
from tests.portal import canaries


class _Stopped(Exception):
    """What the worker raises."""


@pytest.fixture
def engine(sqlite_url: str, tmp_path: Path) -> Engine:
    """A practice with the mapping of the made table."""
    engine = make_engine(sqlite_url)
    with open_session(engine, "test", write=True) as session:
        practice.describe(session, name="Hudson", zone="America/New_York", currency="USD",
                          active_patients=8000, zip3s=["100"])  # fmt: skip
        mappings.put(session, "clinic", canaries.MAPPING)
    return engine


def _launch(engine: Engine, folder: Path, stop_at: str) -> int:
    """Releases that the run told of; raises where it stopped in time."""
    file = canaries.write_table(folder / "clinic.csv", 2_000)
    order = Order((file,), "clinic", date(2026, 3, 2), date(2026, 3, 8), False, 500)

    def tell(text: str, _share: float | None) -> None:
        if text == stop_at:
            raise _Stopped

    url = engine.url.render_as_string(hide_password=False)
    return len(launch(url, folder, "test", order, tell).releases)


def _spent(engine: Engine) -> int:
    with open_session(engine, "test") as session:
        return session.exec(select(func.count()).select_from(PrivacyLedger)).one()


@pytest.mark.parametrize("stop_at", ["Reading", "Counting"])
def test_a_run_that_is_stopped_in_time_spends_nothing(
    engine: Engine, tmp_path: Path, stop_at: str
) -> None:
    with pytest.raises(_Stopped):
        _launch(engine, tmp_path, stop_at)
    assert _spent(engine) == 0


def test_a_stop_while_the_releases_are_written_comes_too_late_and_they_are_told(
    engine: Engine, tmp_path: Path
) -> None:
    told = _launch(engine, tmp_path, "Releasing")
    assert told == _spent(engine) > 0
