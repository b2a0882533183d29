"""Real processes for the tests: servers, workers, what runs, what holds a database."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from data.claimant import is_dead
from tests.browser.server import ROOT, clean_environment

Found = TypeVar("Found")


def wait_for(look: Callable[[], Found | None], seconds: float, what: str) -> Found:
    """What `look` finds as soon as it finds something; AssertionError where it does not."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.05)


def workers_of(home: Path) -> list[int]:
    """The worker processes of one home, by the environment they were started with."""
    mark = f"REACHWELL_HOME={home}".encode()
    return [
        pid
        for pid in _pids()
        if b"collectors.worker" in _read(pid, "cmdline")
        and mark in _read(pid, "environ").split(b"\0")
    ]


def children_of(home: Path) -> list[int]:
    """Every process that was started for a home and still runs."""
    mark = f"REACHWELL_HOME={home}".encode()
    return [pid for pid in _pids() if mark in _read(pid, "environ").split(b"\0")]


def _pids() -> Iterator[int]:
    return (int(entry) for entry in os.listdir("/proc") if entry.isdigit())


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""  # gone meanwhile


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    stat = _read(pid, "stat")
    return bool(stat) and stat.rpartition(b")")[2].split()[0] != b"Z"


@contextmanager
def worker(home: Path, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """`reachwell worker` on a home, for as long as the block runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "reachwell", "worker"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=clean_environment({"REACHWELL_HOME": str(home), **environment}),
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=12)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Its one JSON object."""
        return json.loads(self.out)


def reachwell(home: Path, *words: str, **environment: str) -> Said:
    """Run one command to its end."""
    ended = subprocess.run(
        [sys.executable, "-m", "reachwell", *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=clean_environment({"REACHWELL_HOME": str(home), **environment}),
    )
    return Said(ended.returncode, ended.stdout, ended.stderr)


def hearts_of(home: Path, database: str = "demo") -> dict[str, int]:
    """Workers that live by their own word: name -> newest beat (microseconds since 1970)."""
    path = home / f"{database}.sqlite3"
    if not path.exists():
        return {}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        try:
            rows = connection.execute(
                "SELECT worker, beat_at FROM worker_heartbeat WHERE stopped_at IS NULL"
            ).fetchall()
        except sqlite3.OperationalError:
            return {}  # not migrated yet
    return {name: beat for name, beat in rows if not is_dead(name)}
