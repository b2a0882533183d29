"""The worker process: ticks that plan, lanes that work, a leash, a pulse and a watchdog.

`python -m collectors.worker` is the server's child; `reachwell worker` is the same by hand.
"""

import argparse
import contextlib
import logging
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from collectors import duties, leash, made
from collectors.lanes import Lanes
from collectors.ticks import Tick, Ticks
from data.claimant import this_process
from data.errors import Refused
from data.migrate import upgrade
from data.output import say
from data.session import make_engine
from data.settings import Settings, load_settings

log = logging.getLogger(__name__)

#: Two at once: a report need not wait for a backfill. More would only contend on SQLite.
LANES = 2
#: A stop is over within 8 s: so long for the lanes, the rest for the last heartbeat.
STOP_SECONDS = 6.5
LAST_BEAT_SECONDS = 1.0
#: A locked database holds a tick for its busy time-out, twice at most.
DATABASE_PATIENCE = 90.0

DONE, STUCK, SWITCH = 0, 70, 75


class Worker:
    """One database's worker within this process; `run` returns the exit code."""

    def __init__(self, settings: Settings, pulse: Callable[[], None]) -> None:
        self.url = settings.open_url
        self.home = settings.resolved_home
        self.name = this_process()
        self.engine = make_engine(self.url)
        self.stopping = threading.Event()
        self._pulse = pulse
        self._code = DONE
        self.lanes = Lanes(LANES, self._handle_one)
        self.ticks = Ticks(self._ticks(settings), on_stuck=_end_stuck)

    def run(self) -> int:
        """Work until `stop`; then finish or let go within 8 s."""
        duties.begin(self.engine, self.home)
        self.lanes.start()
        self.ticks.start()
        self.stopping.wait()
        self.ticks.stop()
        if not self.lanes.stop(STOP_SECONDS):
            log.warning("Work was let go unfinished; its claim is free for the next worker.")
        last = threading.Thread(target=duties.say_goodbye, args=(self.engine, self.name))
        last.daemon = True
        last.start()
        last.join(LAST_BEAT_SECONDS)
        return self._code

    def stop(self, code: int = DONE) -> None:
        """Ask it to end; safe from a signal handler and from any thread."""
        self._code = code
        self.stopping.set()

    def _ticks(self, settings: Settings) -> list[Tick]:
        keep = settings.keep_raw_days
        return [
            Tick("sign of life", 1.0, self._look_around),
            Tick("work", 0.5, self.lanes.wake),
            Tick("heartbeat", 10.0, self._beat, DATABASE_PATIENCE),
            Tick("plan", 15.0, lambda: duties.plan(self.engine), DATABASE_PATIENCE),
            Tick(
                "old replies",
                6 * 3600.0,
                lambda: duties.prune(self.engine, keep),
                DATABASE_PATIENCE,
            ),
        ]

    def _look_around(self) -> None:
        self._pulse()
        if load_settings().open_url != self.url:
            say("The practice's own database is there: switching to it.")
            self.stop(SWITCH)

    def _beat(self) -> None:
        duties.beat(self.engine, self.name, "working" if self.lanes.busy() else "waiting")

    def _handle_one(self) -> bool:
        return duties.handle_one(self.engine, self.home, self.name, self.stopping)


def run(*, leashed: bool = False, pulse_fd: int | None = None) -> NoReturn:
    """Work until a signal (or the leash's end), on whichever database is open; ends the process.

    Refused where there is no database, or it cannot be opened at the start.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s worker: %(message)s")
    while True:
        settings = load_settings()
        if not leashed:  # the server makes it, perhaps at this moment
            _check_is_there(settings)
        worker = Worker(settings, _pulse_on(pulse_fd))
        upgrade(worker.engine)
        _end_with(worker, leashed)
        code = worker.run()
        if code != SWITCH or leashed:  # the server starts its child anew
            logging.shutdown()
            # Threads that still wait for a network or a lock must not hold the process.
            os._exit(code)
        made.close()
        worker.engine.dispose()


def _check_is_there(settings: Settings) -> None:
    path = settings.open_url.removeprefix("sqlite:///")
    if path != settings.open_url and "?" not in path and not Path(path).exists():
        raise Refused(
            f"There is no database at {path} yet.", "Run `reachwell setup` or `make run` first."
        )


def _end_with(worker: Worker, leashed: bool) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    if leashed:
        leash.hold(worker.stop)


def _pulse_on(descriptor: int | None) -> Callable[[], None]:
    if descriptor is None:
        return lambda: None
    os.set_blocking(descriptor, False)

    def pulse() -> None:
        # Nobody reads at the moment, or the leash is about to end us: both are well.
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(descriptor, b".")

    return pulse


def _end_stuck(what: str) -> None:
    """The process cannot be trusted to stop by itself any more: leave at once."""
    log.error("The worker is stuck (%s) and ends; its work is free for the next one.", what)
    logging.shutdown()
    os._exit(STUCK)


def main() -> int:
    """The server's child."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pulse-fd", type=int)
    arguments = parser.parse_args()
    try:
        run(leashed=True, pulse_fd=arguments.pulse_fd)
    except Refused as refusal:
        say(refusal.sentence())
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
