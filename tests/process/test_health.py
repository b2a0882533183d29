"""What `reachwell health` and the heartbeat say, on both databases."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from collectors import duties, skew
from data import heartbeat
from data.alerts import open_alerts
from data.clock import now
from data.crypto import PRIVATE_FILE, make_keys
from data.health import Check, look
from data.models import Account, Practice, StreamState, WorkerHeartbeat
from data.session import open_session
from data.settings import load_settings

WORKER = "desk:4711:1"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path) -> None:
    """This database, this home."""
    monkeypatch.setenv("REACHWELL_DATABASE_URL", database_url)
    monkeypatch.setenv("REACHWELL_HOME", str(tmp_path))


@pytest.fixture(autouse=True)
def no_skew(monkeypatch: pytest.MonkeyPatch) -> None:
    """No network has answered yet."""
    monkeypatch.setattr(skew, "_latest", None)


def _checks() -> dict[str, Check]:
    return {check.name: check for check in look(load_settings())}


def _read(engine: Engine, ago: timedelta, **account: object) -> None:
    with open_session(engine, "test", write=True) as session:
        row = Account(network="x", handle="Hudson", handle_key="hudson", created_at=now())
        for name, value in account.items():
            setattr(row, name, value)
        session.add(row)
        session.flush()
        session.add(StreamState(account_id=row.id or 0, stream="posts", last_ok_at=now() - ago))


def test_a_worker_that_beats(engine: Engine, practice: Practice) -> None:
    duties.beat(engine, WORKER, "waiting")
    check = _checks()["worker"]
    assert check.ok and "1 at work: desk (process 4711, waiting)" in check.detail
    duties.say_goodbye(engine, WORKER)
    check = _checks()["worker"]
    assert not check.ok and "`make run` or `reachwell worker`" in check.detail
    assert check.since is not None


def test_a_worker_that_beats_no_more(engine: Engine, practice: Practice) -> None:
    duties.beat(engine, WORKER, "working")
    with open_session(engine, "test", write=True) as session:
        session.execute(update(WorkerHeartbeat).values(beat_at=now() - timedelta(minutes=2)))
    assert not _checks()["worker"].ok
    with open_session(engine, "test") as session:
        assert heartbeat.alive(session) == []
        assert heartbeat.latest(session) is not None


def test_rows_of_workers_long_gone_are_dropped(engine: Engine, practice: Practice) -> None:
    duties.beat(engine, "desk:1:1", "working")
    with open_session(engine, "test", write=True) as session:
        session.execute(update(WorkerHeartbeat).values(beat_at=now() - timedelta(days=8)))
    duties.beat(engine, WORKER, "waiting")
    with open_session(engine, "test") as session:
        assert session.get(WorkerHeartbeat, "desk:1:1") is None


@pytest.mark.parametrize(("minutes", "way"), [(10, "fast"), (-10, "slow")])
def test_a_clock_ten_minutes_off(
    engine: Engine, practice: Practice, minutes: int, way: str
) -> None:
    skew.note(now() - timedelta(minutes=minutes), now())
    duties.beat(engine, WORKER, "waiting")
    with open_session(engine, "test") as session:
        (alert,) = open_alerts(session)
    assert alert.title == f"This machine's clock is 10 minutes {way}."
    assert "automatic setting of date and time" in (alert.todo or "")
    assert not _checks()["clock"].ok and f"10 minutes {way}" in _checks()["clock"].detail
    skew.note(now(), now())
    duties.beat(engine, WORKER, "waiting")
    with open_session(engine, "test") as session:
        assert open_alerts(session) == []
    assert _checks()["clock"].ok


def test_a_source_that_is_read(engine: Engine, practice: Practice) -> None:
    _read(engine, timedelta(minutes=20))
    assert _checks()["source x:Hudson"].ok


def test_a_source_that_fell_silent(engine: Engine, practice: Practice) -> None:
    _read(engine, timedelta(hours=30))
    check = _checks()["source x:Hudson"]
    assert not check.ok and check.detail == "Nothing was read for 30 hours."


def test_a_source_that_needs_a_person(engine: Engine, practice: Practice) -> None:
    _read(engine, timedelta(hours=1), state="needs_reauth", state_reason="The token has ended.")
    check = _checks()["source x:Hudson"]
    assert not check.ok and "The token has ended. See the page Connections." in check.detail


def test_keys_that_others_can_read(engine: Engine, practice: Practice, tmp_path: Path) -> None:
    make_keys(tmp_path)
    assert _checks()["keys"].ok
    (tmp_path / PRIVATE_FILE).chmod(0o644)
    check = _checks()["keys"]
    assert not check.ok and "chmod 600" in check.detail


def test_nothing_is_made_by_looking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("REACHWELL_DATABASE_URL")
    home = tmp_path / "new"
    monkeypatch.setenv("REACHWELL_HOME", str(home))
    check = _checks()["database"]
    assert not check.ok and "There is no database" in check.detail
    assert not home.exists()
