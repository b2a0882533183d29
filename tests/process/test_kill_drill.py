"""kill -9 of the worker or the server at random moments of a backfill changes nothing.

Afterwards the same rows as after an undisturbed one, none twice, none missing, and no process
left. Three kills; two hundred with DRILLS=full.
"""

import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.collecting import Collecting
from collectors.connect import Wanted, connect
from collectors.sandbox.server import RunningSandbox, running_sandbox
from data import accounts, crypto, practice
from data.clock import now
from data.migrate import upgrade
from data.session import make_engine, open_session
from tests.browser.server import Desk, start
from tests.process.machine import children_of, hearts_of, wait_for, workers_of

KILLS = 200 if os.environ.get("DRILLS") == "full" else 3
SEED = int(os.environ.get("DRILL_SEED", "7"))
DAYS = 200
#: Latest moment after a worker's first sign of life; the backfill takes a few seconds.
LATEST_SECONDS = 2.5

#: What must be the same: everything that was read, by the networks' own names. That nothing was
#: added on the day of a second reading is left out; that something was, would show.
ROWS = {
    "posts": """
        SELECT account_id, remote_id, kind, published_at, text, permalink, links, deleted_at
        FROM post ORDER BY 1, 2""",
    "topics": """
        SELECT remote_id, topic.name, "rank", words FROM post_topic
        JOIN post ON post.id = post_id JOIN topic ON topic.id = topic_id ORDER BY 1, 2""",
    "snapshots": """
        SELECT DISTINCT remote_id, impressions, views, reach, likes, reactions, comments,
        replies, reposts, quotes, shares, saves, bookmarks, clicks, profile_clicks,
        profile_visits, follows, watch_time_ms
        FROM post_snapshot JOIN post ON post.id = post_id ORDER BY 1, 2, 3, 4""",
    "daily": """
        SELECT * FROM engagement_daily WHERE axis = 'published' OR value <> 0
        ORDER BY 1, 2, 3, 4, 5""",
    "topic days": """
        SELECT axis, day, account_id, topic.name, metric, value, estimated, posts
        FROM engagement_topic_daily JOIN topic ON topic.id = topic_id
        WHERE axis = 'published' OR value <> 0 ORDER BY 1, 2, 3, 4, 5""",
    "account days": """
        SELECT account_id, day, metric, value FROM account_daily ORDER BY 1, 2, 3""",
    "ads": "SELECT account_id, level, remote_id, name, status FROM ad_object ORDER BY 1, 2, 3",
    "ad days": """
        SELECT remote_id, day, spend_minor, currency, impressions, reach, clicks, link_clicks,
        results, actions FROM ad_daily JOIN ad_object ON ad_object.id = ad_object_id
        ORDER BY 1, 2""",
}
#: Posts that were read more often than their account's newest were asked for. A round may pass a
#: quarter of an hour, and a run that was killed after its page was stored looks again: either
#: reads the newest post once more, which adds nothing to any day. Else each is read once.
READ_TOO_OFTEN = """
    SELECT remote_id, count(*) FROM post_snapshot JOIN post ON post.id = post_id
    GROUP BY post.id, account_id HAVING count(*) > (
        SELECT sum(attempts) FROM work_item
        WHERE work_item.account_id = post.account_id AND stream = 'posts')"""
OPEN = """
    SELECT (SELECT count(*) FROM work_item WHERE state IN ('waiting', 'claimed'))
    + (SELECT count(*) FROM account WHERE (id, 'posts') NOT IN
       (SELECT account_id, stream FROM stream_state WHERE backfill_done_at IS NOT NULL)
       AND network <> 'meta_ads')
    + (SELECT count(*) FROM account WHERE (id, 'ads') NOT IN
       (SELECT account_id, stream FROM stream_state WHERE backfill_done_at IS NOT NULL)
       AND network = 'meta_ads')"""


@dataclass
class Before:
    """A home whose accounts are connected and unread, and what an undisturbed reading gives."""

    home: Path
    rows: dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Before]:
    """Two homes on one sandbox whose clock stands still: then a figure has one value.

    It stands at 30 hours ago: no post is so young that the moment of reading decides whether
    its first figures belong to a day.
    """
    folder = tmp_path_factory.mktemp("drill")
    clock = now() - timedelta(hours=30)
    with running_sandbox(seed=SEED, clock=clock, days=DAYS, frozen=True) as sandbox:
        _connect_all(folder / "unread", sandbox)
        shutil.copytree(folder / "unread", folder / "read")
        _read_all(folder / "read")
        yield Before(folder / "unread", _rows(folder / "read"))


def _connect_all(home: Path, sandbox: RunningSandbox) -> None:
    home.mkdir()
    crypto.make_keys(home)
    engine = make_engine(f"sqlite:///{home / 'reachwell.sqlite3'}")
    upgrade(engine)
    with open_session(engine, "test", write=True) as session:
        practice.describe(session, name="Hudson", zone="America/New_York", currency="USD")
    for one in sandbox.accounts:
        connect(engine, home, Wanted(one.network, one.handle, one.token, sandbox.url), "test")
    engine.dispose()


def _read_all(home: Path) -> None:
    engine = make_engine(f"sqlite:///{home / 'reachwell.sqlite3'}")
    with open_session(engine, "test") as session:
        wanted = accounts.all_accounts(session)
    found = Collecting(engine, home, say=lambda _line: None).accounts(wanted)
    assert not [one for one in found if one.error], found
    engine.dispose()


def _rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(home / "reachwell.sqlite3")) as connection:
        return {name: connection.execute(query).fetchall() for name, query in ROWS.items()}


def _query(home: Path, query: str) -> list[tuple[object, ...]]:
    address = f"file:{home / 'reachwell.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        return connection.execute(query).fetchall()


def _is_read(home: Path) -> bool:
    return _query(home, OPEN) == [(0,)]


@pytest.mark.drill
@pytest.mark.timeout(14_400 if KILLS > 3 else 600)
def test_kills_change_nothing(before: Before, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    kills, rounds = 0, 0
    while kills < KILLS:
        home = tmp_path / f"round-{rounds}"
        shutil.copytree(before.home, home)
        made = _round(home, chance, KILLS - kills)
        after = _rows(home)
        for name, expected in before.rows.items():
            assert after[name] == expected, f"{name} differ after {made} kills in round {rounds}"
        assert _query(home, READ_TOO_OFTEN) == []
        shutil.rmtree(home)
        kills, rounds = kills + made, rounds + 1
    assert before.rows["posts"] and before.rows["ad days"]


def _round(home: Path, chance: random.Random, most: int) -> int:
    """Kill during one backfill, then let it come to its end; how many kills."""
    made = 0
    desk = start(home)
    try:
        while made < most and not _is_read(home):
            wait_for(lambda: hearts_of(home, "reachwell") or _is_read(home), 60, "a worker")
            time.sleep(chance.uniform(0.0, LATEST_SECONDS))
            desk = _kill_one(desk, chance)
            made += 1
        wait_for(lambda: _is_read(home), 240, "the backfill's end")
    finally:
        desk.stop()
    wait_for(lambda: not children_of(home), 9, "no process is left")
    return made


def _kill_one(desk: Desk, chance: random.Random) -> Desk:
    """The worker, which the server replaces; or the server, which we start again."""
    if chance.random() < 0.7:
        for pid in workers_of(desk.home):
            os.kill(pid, signal.SIGKILL)
        return desk
    desk.process.send_signal(signal.SIGKILL)
    desk.process.wait(10)
    wait_for(lambda: not children_of(desk.home), 9, "the worker goes with its server")
    return start(desk.home)
