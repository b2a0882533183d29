"""The made-up practice: filled, killed and resumed, with the same rows; collected live after."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from collectors import demo as demo_module
from collectors import runs, schedule
from data import crypto, demo, practice, requests
from data.clock import now, told_by
from data.models import Practice, Request
from data.session import make_engine, open_session
from tests.collectors.test_kill import Rows

FULL = os.environ.get("DRILLS") == "full"
ENDS = datetime(2026, 11, 24, 15, 7, tzinfo=UTC)
DAYS = 400 if FULL else 45
COMPARED = {
    "posts": "SELECT a.network, p.remote_id, p.text, p.published_at, p.first_seen_at, "
    "p.deleted_at, p.next_snapshot_at FROM post p JOIN account a ON a.id = p.account_id "
    "ORDER BY a.network, p.remote_id",
    "snapshots": "SELECT p.remote_id, s.captured_at, s.impressions, s.views, s.reach, s.likes, "
    "s.reactions, s.clicks FROM post_snapshot s JOIN post p ON p.id = s.post_id "
    "ORDER BY p.remote_id, s.captured_at",
    "totals": "SELECT axis, day, account_id, kind, metric, value, estimated, posts FROM "
    "engagement_daily ORDER BY axis, day, account_id, kind, metric",
    "account days": "SELECT account_id, day, metric, value FROM account_daily "
    "ORDER BY account_id, day, metric",
    "ads": "SELECT o.remote_id, d.day, d.spend_minor, d.impressions, d.results FROM ad_daily d "
    "JOIN ad_object o ON o.id = d.ad_object_id ORDER BY o.remote_id, d.day",
    # Not their bodies: these hold the address of a sandbox, whose port is another each time.
    # Nor the ad account's own description: each process asks once for its zone and currency.
    "replies": "SELECT network, address, fetched_at, status FROM raw_reply "
    "WHERE address NOT LIKE '%timezone_name' ORDER BY 3, 1, 2",
    "streams": "SELECT account_id, stream, pages, items, oldest_at, newest_at FROM stream_state "
    "ORDER BY account_id, stream",
    "campaigns": "SELECT name, starts_on, budget_minor FROM campaign ORDER BY name",
}
FILLER = """
import sys
from pathlib import Path
from collectors import runs
from data.claimant import this_process
from data.session import make_engine
runs.handle_one(make_engine(sys.argv[1]), Path(sys.argv[2]), this_process())
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    crypto.make_keys(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def other(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A second database, for the filling that nobody disturbs."""
    path = tmp_path / "other.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def ask(engine: Engine, days: int) -> int:
    with told_by(lambda: ENDS), open_session(engine, "test", write=True) as session:
        return demo_module._ask(session, days, 7, 8000)


def state_of(engine: Engine, request: int) -> Request:
    with open_session(engine, "test") as session:
        row = requests.get(session, request)
        assert row is not None
        return row


def stored(engine: Engine) -> Rows:
    with open_session(engine, "test") as session:
        return {
            name: [tuple(row) for row in session.execute(text(query))]
            for name, query in COMPARED.items()
        }


@pytest.mark.drill
@pytest.mark.timeout(3600)
def test_killed_at_random_moments_it_ends_with_the_same_rows(
    sqlite_url: str, other: Engine, home: Path
) -> None:
    ask(other, DAYS)
    began = time.monotonic()
    assert runs.handle_one(other, home, "test:1:1")
    whole = time.monotonic() - began
    engine = make_engine(sqlite_url)
    request = ask(engine, DAYS)
    dice = random.Random(4)
    for _ in range(20 if FULL else 4):
        with subprocess.Popen([sys.executable, "-c", FILLER, sqlite_url, str(home)]) as filler:
            try:
                filler.wait(3 + dice.uniform(0, whole / 3))
            except subprocess.TimeoutExpired:
                filler.send_signal(signal.SIGKILL)
    if state_of(engine, request).state != "done":
        assert runs.handle_one(engine, home, "test:1:1")
    assert state_of(engine, request).state == "done"
    undisturbed, found = stored(other), stored(engine)
    for name, rows in undisturbed.items():
        assert rows and found[name] == rows, name
    engine.dispose()


def test_it_fills_either_database_and_goes_on_live(engine: Engine, home: Path) -> None:
    request = ask(engine, 20)
    assert schedule.plan(engine) == 0
    assert runs.handle_one(engine, home, "test:1:1")
    row = state_of(engine, request)
    assert row.state == "done", row.error
    assert row.result is not None and row.result["accounts"] == 4
    with open_session(engine, "test") as session:
        described = session.get(Practice, 1)
        assert described is not None and described.is_demo
        before = demo.counts(session)
    assert before["posts"] > 20 and before["snapshots"] > 3 * before["posts"]
    with told_by(lambda: ENDS + timedelta(minutes=1)):
        assert schedule.plan(engine) > 0
    while runs.handle_one(engine, home, "test:1:1"):
        pass
    with open_session(engine, "test") as session:
        assert session.execute(text("SELECT error FROM work_item WHERE error <> ''")).all() == []
        assert demo.counts(session)["snapshots"] >= before["snapshots"]


def test_the_first_reading_of_each_post_falls_within_a_day_of_publishing(
    other: Engine, home: Path
) -> None:
    ask(other, 20)
    runs.handle_one(other, home, "test:1:1")
    with open_session(other, "test") as session:
        late = session.execute(
            text(
                "SELECT p.remote_id FROM post p JOIN post_snapshot s ON s.post_id = p.id "
                "GROUP BY p.remote_id, p.published_at "
                "HAVING min(s.captured_at) - p.published_at > 86400000000"
            )
        ).all()
        newest = session.execute(text("SELECT max(published_at) FROM post")).scalar_one()
    assert late == []
    assert newest > (ENDS - timedelta(days=2)).timestamp() * 1e6


def test_a_practice_that_setup_made_is_kept(other: Engine, home: Path) -> None:
    with open_session(other, "test", write=True) as session:
        practice.describe(session, name="Mine", zone="America/Chicago", currency="USD")
    ask(other, 3)
    assert runs.handle_one(other, home, "test:1:1")
    with open_session(other, "test") as session:
        kept = session.get(Practice, 1)
        assert kept is not None
        assert (kept.name, kept.zone, kept.is_demo) == ("Mine", "America/Chicago", True)


def test_live_it_is_asked_for_once_and_only_where_nothing_is_set_up(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from data.migrate import upgrade
    from data.settings import load_settings

    monkeypatch.setenv("REACHWELL_HOME", str(home))
    monkeypatch.delenv("REACHWELL_DATABASE_URL", raising=False)
    engine = make_engine(load_settings().open_url)
    upgrade(engine)
    assert demo_module.fill_live(engine, home) is True
    assert demo_module.fill_live(engine, home) is False
    with open_session(engine, "test") as session:
        assert demo.is_filling(session) and demo.is_demo(session)
        assert demo.plan_of(session).ends_at <= now()
    engine.dispose()
