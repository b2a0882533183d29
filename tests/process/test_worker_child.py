"""The worker as the server's one child: replaced when it dies, gone when the server is."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.web.supervisor import Supervisor
from data.settings import load_settings
from tests.browser.server import Desk, serving, start
from tests.process.machine import (
    alive,
    children_of,
    hearts_of,
    reachwell,
    wait_for,
    worker,
    workers_of,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A server with its worker."""
    with serving(tmp_path_factory.mktemp("desk") / "home") as desk:
        wait_for(lambda: workers_of(desk.home), 60, "a worker")
        yield desk


def _only_worker(home: Path) -> int | None:
    found = workers_of(home)
    return found[0] if len(found) == 1 else None


def test_a_killed_worker_is_replaced_within_seconds(desk: Desk) -> None:
    first = wait_for(lambda: _only_worker(desk.home), 60, "one worker")
    os.kill(first, signal.SIGKILL)
    second = wait_for(
        lambda: [pid for pid in workers_of(desk.home) if pid != first], 5, "another worker"
    )
    assert len(second) == 1
    wait_for(lambda: f":{second[0]}:" in str(hearts_of(desk.home)), 60, "its sign of life")


def test_a_second_worker_by_hand_works_beside_it(desk: Desk) -> None:
    wait_for(lambda: len(hearts_of(desk.home)) == 1, 60, "the child's sign of life")
    with worker(desk.home) as second:
        wait_for(lambda: len(hearts_of(desk.home)) == 2 or second.poll(), 120, "two signs of life")
        assert second.poll() is None
    assert second.returncode == 0
    wait_for(lambda: len(hearts_of(desk.home)) == 1, 5, "the second says goodbye")


def test_health_says_what_is_so(desk: Desk) -> None:
    wait_for(lambda: hearts_of(desk.home), 60, "a sign of life")
    said = reachwell(desk.home, "health", "--json")
    checks = {check["name"]: check for check in said.json()["checks"]}
    assert {"database", "revision", "worker", "disk", "clock", "keys"} <= set(checks)
    assert checks["worker"]["ok"] and checks["worker"]["since"]
    assert said.json()["ok"] == all(check["ok"] for check in checks.values())
    assert said.code == (0 if said.json()["ok"] else 1)


def test_server_and_worker_switch_to_the_practice_at_once(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as desk:
        wait_for(lambda: hearts_of(desk.home, "demo"), 60, "a worker on the demo")
        assert reachwell(desk.home, "setup", "--name", "Hudson", "--json").code == 0
        wait_for(lambda: hearts_of(desk.home, "reachwell"), 60, "a worker on the practice")
        wait_for(lambda: not hearts_of(desk.home, "demo"), 5, "none on the demo")
        assert len(workers_of(desk.home)) == 1
        assert "Traceback" not in desk.said()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_the_server(tmp_path: Path, how: signal.Signals) -> None:
    desk = start(tmp_path / "home")
    desk.wait_until_live()
    child = wait_for(lambda: _only_worker(desk.home), 60, "a worker")
    desk.process.send_signal(how)
    desk.process.wait(10)
    wait_for(lambda: not alive(child), 9, "the worker goes too")
    wait_for(lambda: not children_of(desk.home), 2, "nothing is left")


def test_a_worker_that_hangs_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REACHWELL_HOME", str(tmp_path))
    supervisor = Supervisor(load_settings(), pulse_seconds=3.0)
    supervisor.start()
    try:
        hung = wait_for(lambda: _only_worker(tmp_path), 60, "a worker")
        wait_for(lambda: hearts_of(tmp_path), 60, "its sign of life")
        os.kill(hung, signal.SIGSTOP)
        wait_for(lambda: _only_worker(tmp_path) not in (None, hung), 10, "another worker")
    finally:
        supervisor.stop()
    assert workers_of(tmp_path) == []


def test_a_worker_without_a_database_says_what_to_do(tmp_path: Path) -> None:
    said = reachwell(tmp_path, "worker")
    assert said.code == 1
    assert "There is no database" in said.err and "reachwell setup" in said.err
    assert not list(tmp_path.glob("*.sqlite3"))


@pytest.mark.drill
def test_a_locked_database_does_not_end_the_worker(tmp_path: Path) -> None:
    """As a slow backup would lock it; at full size longer than two busy time-outs of 30 s."""
    seconds = 62 if os.environ.get("DRILLS") == "full" else 12
    reachwell(tmp_path, "setup", "--name", "Hudson")
    with worker(tmp_path) as process:
        before = wait_for(lambda: hearts_of(tmp_path, "reachwell"), 60, "a sign of life")
        lock = sqlite3.connect(tmp_path / "reachwell.sqlite3", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        with pytest.raises(AssertionError):
            wait_for(lambda: process.poll() is not None, seconds, "it ends")
        lock.execute("ROLLBACK")
        wait_for(lambda: hearts_of(tmp_path, "reachwell") != before, 40, "it beats again")
        assert process.poll() is None
