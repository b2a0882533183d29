"""Nothing of a patient is left anywhere: after success, refusal, abort and kill."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data import practice
from data.migrate import upgrade
from data.privacy import mappings
from data.session import make_engine, open_session
from tests.collectors.cli import RUN, Cli
from tests.portal import canaries

LONG = 400_000  # rows: a run of some seconds


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cli]:
    """A practice with its mapping; temporary files would lie in a folder of the test's."""
    folder = tmp_path_factory.mktemp("canaries")
    (folder / "tmp").mkdir()
    cli = Cli(folder / "home")
    engine = make_engine(f"sqlite:///{cli.home / 'reachwell.sqlite3'}")
    upgrade(engine)
    with open_session(engine, "test", write=True) as session:
        practice.describe(session, name="Hudson", zone="America/New_York", currency="USD",
                          active_patients=8000, zip3s=["100"])  # fmt: skip
        mappings.put(session, "clinic", canaries.MAPPING)
    engine.dispose()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder / "tmp"))
        yield cli


def _assert_clean(desk: Cli, *said: str) -> None:
    folders = [desk.home, desk.home.parent / "tmp"]
    assert canaries.found_below(folders) == []
    assert canaries.found_in("".join(said).encode()) == []


def test_the_search_finds_what_it_looks_for() -> None:
    """A search that finds nothing proves nothing unless it would find something."""
    for canary in canaries.ALL:
        assert canaries.found_in(b"before " + canary.encode() + b" after")
        assert canaries.found_in(canary.encode("utf-16-le"))
        for offset in range(3):
            packed = base64.b64encode(b"\0" * offset + canary.encode())
            assert canaries.found_in(packed), (canary, offset)


def test_the_search_looks_into_what_is_compressed(tmp_path: Path) -> None:
    (tmp_path / "reply.bin").write_bytes(b"head" + zlib.compress(canaries.IDS[3].encode()))

    assert canaries.found_below([tmp_path])


def test_nothing_is_left_after_a_success(desk: Cli, tmp_path: Path) -> None:
    files = [str(one) for one in canaries.write_log(tmp_path / "log")]

    done = desk.run("portal", "release", *files, "--json")

    assert done.returncode == 0 and len(json.loads(done.stdout)["releases"]) == 9
    _assert_clean(desk, done.stdout, done.stderr)


def test_nothing_is_left_after_refusals(desk: Cli, tmp_path: Path) -> None:
    table = canaries.write_table(tmp_path / "clinic.csv", 500)
    table.write_text(table.read_text().replace("what,seen", "what,when"))
    log, _ = canaries.write_log(tmp_path / "log")
    log.write_text(log.read_text() + '{"resourceType": "AuditEvent", "broken": \n')

    said = [
        desk.run("portal", "release", str(table)).stderr,
        desk.run("portal", "release", str(table), "--mapping", "clinic").stderr,
        desk.run("portal", "release", str(log), "--from", "2020-01-01").stderr,
    ]

    assert "mrn, name, note, what, when" in said[0] and "no column seen" in said[1]
    _assert_clean(desk, *said)


@pytest.mark.parametrize("victim", ["the run", "its starter"])
def test_a_kill_in_the_middle_leaves_no_trace_and_spends_nothing(
    desk: Cli, tmp_path: Path, victim: str
) -> None:
    table = canaries.write_table(tmp_path / "clinic.csv", LONG)
    before = desk.json("portal", "ledger")
    with _started(desk, table) as (starter, run):
        time.sleep(1.0)
        os.kill(run if victim == "the run" else starter.pid, signal.SIGKILL)
        said = b"".join(starter.communicate(timeout=20)).decode()
    _wait_gone(run)

    if victim == "the run":
        assert "ended before it was done" in said and "nothing was released" in said
    assert desk.json("portal", "ledger") == before
    _assert_clean(desk, said)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into processes through /proc")
def test_the_run_can_be_dumped_by_nobody_and_its_starter_holds_nothing(
    desk: Cli, tmp_path: Path
) -> None:
    table = canaries.write_table(tmp_path / "clinic.csv", LONG)
    with _started(desk, table) as (starter, run):
        time.sleep(1.0)
        os.kill(run, signal.SIGSTOP)
        limits = Path(f"/proc/{run}/limits").read_text()
        core = next(line for line in limits.splitlines() if line.startswith("Max core"))
        assert core.split()[4:6] == ["0", "0"]
        # What is not dumpable belongs to root, and only root can look into it.
        assert Path(f"/proc/{run}/mem").stat().st_uid == 0
        if canaries.can_look_into(starter.pid):
            assert canaries.found_in(canaries.memory_of(starter.pid)) == []
        os.kill(run, signal.SIGABRT)
        os.kill(run, signal.SIGCONT)
        starter.communicate(timeout=20)
    assert not list(tmp_path.rglob("core*")) and not list(Path.cwd().glob("core*"))
    _assert_clean(desk)


@contextmanager
def _started(desk: Cli, file: Path) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """A release of the file that goes on: its starter, and the process of the run."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*RUN, "portal", "release", str(file)], env=desk.environment(), stdout=pipe, stderr=pipe
    ) as starter:
        try:
            yield starter, _run_of(starter.pid)
        finally:
            starter.kill()


def _run_of(starter: int) -> int:
    """The process of the run, once it reads its order."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(starter)], capture_output=True, text=True
        ).stdout
        for line in listed.splitlines():
            if "collectors.portal.child" in line:
                return int(line.split()[0])
        time.sleep(0.05)
    raise AssertionError("no run was started")


def _wait_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline, "the run outlived its starter"
        time.sleep(0.05)
