"""What a page asked for leaves nothing of a patient either: refused, broken or killed."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from collectors import wishes
from data import crypto, practice, requests, unsealing
from data.models import Request
from data.privacy import mappings
from data.session import Engine, make_engine, open_session
from tests.dashboard.test_desk_pages import words
from tests.dashboard.test_overview_page import MAIN
from tests.portal import canaries

LONG = 400_000  # rows: a run of some seconds


@pytest.fixture
def engine(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A practice whose folder of logs is named."""
    monkeypatch.setenv("REACHWELL_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("REACHWELL_HOME", str(tmp_path))
    (tmp_path / "logs").mkdir()
    unsealing.keep_keys(tmp_path)
    engine = make_engine(sqlite_url)
    with open_session(engine, "test", write=True) as session:
        practice.describe(session, name="Hudson", zone="America/New_York", currency="USD",
                          active_patients=8000, zip3s=["100"],
                          portal_folder=str(tmp_path / "logs"))  # fmt: skip
        mappings.put(session, "clinic", canaries.MAPPING)
    return engine


def _fulfil(engine: Engine, home: Path, file: Path) -> Request:
    """Ask as the page does, fulfil as the worker does; the row as it ended."""
    payload = {"mapping": "clinic", "first": "2026-03-02", "last": "2026-03-08", "correct": False}
    sealed = crypto.seal(home, json.dumps([file.name]).encode())
    with open_session(engine, "test", write=True) as session:
        requests.ask(session, "portal_release", payload, sealed)
    asked = requests.claim(engine, requests.KINDS, "w:1:1")
    assert asked is not None
    wishes.fulfil(engine, home, asked, lambda: False)
    with open_session(engine, "test") as session:
        return session.exec(select(Request)).one()


def _assert_clean(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing in the home but the logs themselves, in the worker's log, on the page."""
    for file in (home / "logs").iterdir():
        file.unlink()
    app = AppTest.from_file(MAIN, default_timeout=60)
    app.query_params["view"] = "Release"
    app.switch_page("screens/portal.py").run()
    assert not app.exception
    assert canaries.found_in(words(app).encode()) == []
    assert canaries.found_in(caplog.text.encode()) == []
    assert canaries.found_below([home]) == []


def test_nothing_is_left_after_a_refusal(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # The file's own name is a patient's, too.
    table = canaries.write_table(tmp_path / "logs" / f"{canaries.IDS[2]}.csv", 500)
    table.write_text(table.read_text().replace("what,seen", "what,when"))

    ended = _fulfil(engine, tmp_path, table)

    assert ended.state == "failed" and "no column seen" in str(ended.error)
    _assert_clean(tmp_path, caplog)


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_nothing_is_left_after_the_run_was_killed(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    table = canaries.write_table(tmp_path / "logs" / "clinic.csv", LONG)
    killer = threading.Thread(target=_kill_the_run, daemon=True)
    killer.start()

    ended = _fulfil(engine, tmp_path, table)

    killer.join(1)
    assert ended.state == "failed" and "ended before it was done" in str(ended.error)
    _assert_clean(tmp_path, caplog)


def _kill_the_run() -> None:
    while not (found := _children()):
        time.sleep(0.05)
    time.sleep(1.0)
    os.kill(found[0], signal.SIGKILL)


def _children() -> list[int]:
    """Processes of runs that this process started."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True
    ).stdout.splitlines()
    return [int(line.split()[0]) for line in listed if "collectors.portal.child" in line]


BREAKING = """
import sys
from collectors.portal import child
def broken(said):
    raise {kind}("{text}")
child._do = broken
sys.exit(child.main())
"""


@pytest.mark.parametrize("kind", ["ValueError", "RecursionError"])
def test_an_error_that_nobody_foresaw_tells_its_kind_and_place_alone(kind: str) -> None:
    order = {"files": [], "memory_mb": 100}
    code = BREAKING.format(kind=kind, text=canaries.NARRATIVES[0])

    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as run:
        assert run.stdin is not None and run.stdout is not None and run.stderr is not None
        run.stdin.write(json.dumps(order) + "\n")
        run.stdin.flush()  # and not closed: the leash would end it
        told, errors = run.stdout.read(), run.stderr.read()

    said = json.loads(told.splitlines()[-1])
    assert kind in said["refused"] and "nothing was released" in said["refused"]
    assert canaries.found_in((told + errors).encode()) == []
