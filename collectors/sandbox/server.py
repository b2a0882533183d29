"""Starting a sandbox: inside this process for tests and the demo, or as the process itself."""

import json
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import uvicorn

from collectors.sandbox.accounts import SandboxAccount, accounts_of
from collectors.sandbox.app import SandboxApp
from collectors.sandbox.clock import Clock
from collectors.sandbox.control import clear_faults, set_fault
from collectors.sandbox.truth import write_truth
from collectors.sandbox.world import make_world
from data.settings import load_settings

__all__ = ["RunningSandbox", "SandboxAccount", "running_sandbox", "serve_forever"]

START_SECONDS = 20.0
STOP_SECONDS = 5.0


class RunningSandbox:
    """A sandbox that answers at `url` for as long as its context lasts."""

    def __init__(self, app: SandboxApp, url: str) -> None:
        self._app = app
        self.url = url
        self.accounts: list[SandboxAccount] = accounts_of(app.world)

    def now(self) -> datetime:
        """The sandbox's present, UTC."""
        return self._app.world.now()

    def set_clock(self, instant: datetime) -> None:
        """Go on from that instant; ValueError where it has no zone."""
        self._app.world.clock.set(instant)

    def fault(self, kind: str, **options: object) -> None:
        """Turn a fault on, with the options of `POST /_faults`."""
        set_fault(self._app, {"kind": kind, **options})

    def clear_faults(self) -> None:
        """Turn all faults off."""
        clear_faults(self._app)

    def requests(self) -> dict[str, int]:
        """Requests so far by kind, such as `x:timeline`, and their `total`."""
        return dict(self._app.counts)

    def write_truth(self, path: Path) -> None:
        """Write what is planted in the made practice, up to the clock, as JSON."""
        write_truth(self._app.world, path)


@contextmanager
def running_sandbox(
    *,
    seed: int = 7,
    clock: datetime | None = None,
    serve: Path | None = None,
    port: int = 0,
    days: int = 400,
    frozen: bool = False,
) -> Iterator[RunningSandbox]:
    """A sandbox in a daemon thread of this process, on loopback; port 0 takes a free one.

    `frozen`: its clock moves only when it is set.
    """
    clock_ = Clock(clock, frozen=frozen)
    world = make_world(seed=seed, clock=clock_, serve=serve, days=days)
    app = SandboxApp(world)
    with socket.create_server(("127.0.0.1", port), backlog=128) as listener:
        # asyncio does it for sockets that name their protocol, which this one does not: without
        # it every short reply waits 40 ms for the client's delayed acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = uvicorn.Server(_config(app))
        thread = threading.Thread(
            target=server.run, args=([listener],), name="sandbox", daemon=True
        )
        thread.start()
        _wait_until_started(server, thread)
        try:
            yield RunningSandbox(app, _address(listener))
        finally:
            _stop(server, thread)


def serve_forever(
    *, port: int, serve: Path | None, seed: int, clock: datetime | None, days: int = 400
) -> None:
    """Serve until SIGINT or SIGTERM; one JSON line on stdout once the address answers."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    with running_sandbox(seed=seed, clock=clock, serve=serve, port=port, days=days) as sandbox:
        accounts = [account.as_json() for account in sandbox.accounts]
        sys.stdout.write(json.dumps({"url": sandbox.url, "accounts": accounts}) + "\n")
        sys.stdout.flush()
        if serve is None:
            sandbox.write_truth(load_settings().resolved_home / "truth.json")
        stop.wait()


def _config(app: SandboxApp) -> uvicorn.Config:
    return uvicorn.Config(
        app.asgi,
        log_config=None,
        log_level="error",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
    )


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the sandbox's server did not start")
        time.sleep(0.005)


def _stop(server: uvicorn.Server, thread: threading.Thread) -> None:
    server.should_exit = True
    thread.join(STOP_SECONDS)
    if thread.is_alive():
        server.force_exit = True
        thread.join(STOP_SECONDS)
