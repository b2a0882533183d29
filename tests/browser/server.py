"""The real server, as `make run` starts it, on a free port and a home of the test's own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPMessage
from itertools import count
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120.0
STOP_SECONDS = 25.0

_starts = count()


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    headers: HTTPMessage
    body: bytes


@dataclass
class Desk:
    """A running server: open `url`; `home` holds its files, `log` what it said."""

    url: str
    port: int
    home: Path
    log: Path
    process: "subprocess.Popen[bytes]"

    def said(self) -> str:
        """What it wrote to the terminal so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def live(self) -> dict[str, Any] | None:
        """Its answer at /health/live, None while it does not answer."""
        try:
            said = json.loads(self.get("/health/live").body)
        except (OSError, HTTPException, ValueError):
            return None
        return said if isinstance(said, dict) else None

    def get(self, path: str, host: str = "localhost") -> Reply:
        """Ask for `path` under the name `host`; redirects are not followed."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
            reply = connection.getresponse()
            return Reply(reply.status, reply.headers, reply.read())
        finally:
            connection.close()

    def wait_until_live(self) -> None:
        """Until it answers; AssertionError with what it said where it ends instead."""
        deadline = time.monotonic() + START_SECONDS
        while self.live() is None:
            assert self.process.poll() is None, f"the server ended:\n{self.said()}"
            assert time.monotonic() < deadline, f"the server does not answer:\n{self.said()}"
            time.sleep(0.1)

    def wait_until_said(self, text: str, seconds: float = START_SECONDS) -> None:
        """Until it wrote `text`."""
        deadline = time.monotonic() + seconds
        while text not in self.said():
            assert time.monotonic() < deadline, f"not said: {text}\n{self.said()}"
            time.sleep(0.1)

    def stop(self) -> None:
        """As Ctrl+C does; killed where that takes too long."""
        if self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the server did not stop:\n{self.said()}") from None


def free_port() -> int:
    """A port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(
    home: Path,
    port: int = 0,
    environment: Mapping[str, str] | None = None,
    *,
    through: str = "python",
    cwd: Path = ROOT,
) -> Desk:
    """Start a server on `home` without waiting for it; further REACHWELL_ settings by name."""
    home.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    log = home.parent / f"{home.name}-{port}-{next(_starts)}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            _command(through, port),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=clean_environment({"REACHWELL_HOME": str(home), **(environment or {})}),
        )
    return Desk(f"http://localhost:{port}", port, home, log, process)


def _command(through: str, port: int) -> list[str]:
    script = str(ROOT / "streamlit_app.py")
    if through == "streamlit run":
        return [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    return [sys.executable, script, "--port", str(port)]


def clean_environment(more: Mapping[str, str]) -> dict[str, str]:
    """Ours without any REACHWELL_ setting of the machine, with `more`."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("REACHWELL_")}
    return {**inherited, **more}


@contextmanager
def serving(home: Path, **environment: str) -> Iterator[Desk]:
    """A server that answers, for as long as the block runs."""
    desk = start(home, environment=environment)
    try:
        desk.wait_until_live()
        yield desk
    finally:
        desk.stop()
