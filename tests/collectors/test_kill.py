"""kill -9 at random moments of a backfill: the same rows, no double, no gap."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from collectors.connect import Wanted, connect
from collectors.sandbox.server import RunningSandbox, running_sandbox
from data import practice
from data.clock import told_by
from data.models import Base
from data.session import open_session
from tests.collectors.conftest import CLOCK

KILLS = 200 if os.environ.get("DRILLS") == "full" else 10
POSTS = 1200
#: What must be the same, without ids that only count insertions.
COMPARED = {
    "posts": "SELECT remote_id, kind, published_at, text, first_seen_at, changed_at, "
    "next_snapshot_at FROM post ORDER BY remote_id",
    "snapshots": "SELECT p.remote_id, s.captured_at, s.impressions, s.likes, s.replies FROM "
    "post_snapshot s JOIN post p ON p.id = s.post_id ORDER BY p.remote_id, s.captured_at",
    "topics": "SELECT p.remote_id, t.name, pt.rank FROM post_topic pt JOIN post p ON "
    "p.id = pt.post_id JOIN topic t ON t.id = pt.topic_id ORDER BY p.remote_id, pt.rank",
    "totals": "SELECT axis, day, kind, metric, value, estimated, posts FROM engagement_daily "
    "ORDER BY axis, day, kind, metric",
    "place": "SELECT pages, items, oldest_at, newest_at, cursor FROM stream_state "
    "WHERE stream = 'posts'",
    "figures without a reply": "SELECT s.post_id FROM post_snapshot s LEFT JOIN raw_reply r "
    "ON r.id = s.raw_reply_id WHERE r.id IS NULL",
    "pauses": "SELECT paused_until FROM account",
    "claims left": "SELECT id FROM work_item WHERE state <> 'done'",
}
Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def long_past(tmp_path: Path) -> Iterator[RunningSandbox]:
    """An account with 1,200 posts: twelve pages."""
    words = ("Flu shots are here", "Sleep well #sleep", "Walk after meals: diabetes", "Hello")
    lines = [
        {
            "network": "x",
            "remote_id": str(10**18 + number),
            "published_at": (CLOCK - timedelta(hours=3 * number + 1)).isoformat(),
            "text": f"{words[number % 4]} {number}",
            "kind": "post",
            "metrics": {"impression_count": 10 * number, "like_count": number % 7},
        }
        for number in range(POSTS)
    ]
    path = tmp_path / "posts.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with running_sandbox(serve=path, clock=CLOCK, frozen=True) as sandbox:
        yield sandbox


@contextmanager
def children(url: str, home: Path) -> Iterator["subprocess.Popen[str]"]:
    """The process that forks a collecting child for each line."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.collectors.killable", url, str(home), CLOCK.isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()


def run(process: "subprocess.Popen[str]", kill_after: float | None) -> bool:
    """One child, killed after so many seconds or left to its end; whether it was killed."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("\n" if kill_after is None else f"{kill_after}\n")
    process.stdin.flush()
    status = int(process.stdout.readline())
    assert status in (0, -signal.SIGKILL)
    return status != 0


def begin_anew(engine: Engine, home: Path, sandbox: RunningSandbox) -> None:
    """An empty database and an account to read; the quota that earlier rounds used is whole."""
    sandbox.set_clock(sandbox.now() + timedelta(minutes=16))
    with open_session(engine, "test", write=True) as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
    with told_by(lambda: CLOCK):
        with open_session(engine, "test", write=True) as session:
            practice.describe(session, name="Hudson", zone="America/New_York", currency="USD")
        one = sandbox.accounts[0]
        connect(engine, home, Wanted("x", one.handle, one.token, sandbox.url), "test")


def stored(engine: Engine) -> Rows:
    with open_session(engine, "test") as session:
        return {
            name: [tuple(row) for row in session.execute(text(query))]
            for name, query in COMPARED.items()
        }


@pytest.mark.drill
@pytest.mark.timeout(3600)
def test_killed_at_random_moments_and_resumed_it_ends_with_the_same_rows(
    engine: Engine, database_url: str, home: Path, long_past: RunningSandbox
) -> None:
    dice = random.Random(20261124)
    with children(database_url, home) as process:
        begin_anew(engine, home, long_past)
        began = time.monotonic()
        assert not run(process, None)
        whole_run = time.monotonic() - began
        undisturbed = stored(engine)
        assert len(undisturbed["posts"]) == len(undisturbed["snapshots"]) == POSTS
        kills = 0
        while kills < KILLS:
            begin_anew(engine, home, long_past)
            for _ in range(5):
                kills += run(process, dice.uniform(0, whole_run / 4))
            assert not run(process, None)
            found = stored(engine)
            for name, rows in undisturbed.items():
                assert found[name] == rows, name
