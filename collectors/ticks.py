"""Ticks: APScheduler calls a few functions at intervals, and a watchdog sees that it does.

It keeps no jobs: what is due stands in our tables. A tick that fails is logged and comes again.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from apscheduler.schedulers.blocking import BlockingScheduler

from data.clock import now
from data.errors import Refused, where
from data.faults import refusing

log = logging.getLogger(__name__)

#: So many intervals a tick may be late before the process is held to be stuck.
INTERVALS = 3


@dataclass
class Tick:
    """`work` every `seconds`; `patience`: seconds more that it may take (a locked database)."""

    name: str
    seconds: float
    work: Callable[[], None]
    patience: float = 10.0
    last: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Do it once; an error is logged, and never ends the scheduler."""
        try:
            with refusing():
                self.work()
        except Refused as refusal:
            log.warning("%s: %s", self.name, refusal.sentence())
        except Exception as error:
            log.error(
                "%s failed; it is tried again in %g s: %s", self.name, self.seconds, where(error)
            )
        finally:
            self.last = time.monotonic()

    def is_late(self) -> bool:
        """Whether it has not come to an end for three intervals and its patience."""
        return time.monotonic() - self.last > INTERVALS * self.seconds + self.patience


class Ticks:
    """Runs ticks in a scheduler thread of our own, which the watchdog can see."""

    def __init__(self, ticks: list[Tick], on_stuck: Callable[[str], None]) -> None:
        self._ticks = ticks
        self._on_stuck = on_stuck
        self._stopping = threading.Event()
        self._scheduler = BlockingScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._thread = threading.Thread(target=self._scheduler.start, name="ticks", daemon=True)
        self._watchdog = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin: each tick at once, then at its interval."""
        # A tick that still runs is skipped in silence: max_instances is meant to do so.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        for tick in self._ticks:
            self._scheduler.add_job(
                tick.run, "interval", seconds=tick.seconds, id=tick.name, next_run_time=now()
            )
        self._thread.start()
        self._watchdog.start()

    def stop(self) -> None:
        """No further tick; the running ones are not waited for."""
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _watch(self) -> None:
        while not self._stopping.wait(1.0):
            stuck = self.what_is_stuck()
            if stuck is not None:
                self._on_stuck(stuck)
                return

    def what_is_stuck(self) -> str | None:
        """What holds the process up, or None where all ticks come."""
        if not self._thread.is_alive():
            return "the scheduler's thread has ended"
        late = [tick.name for tick in self._ticks if tick.is_late()]
        return f"no end of: {', '.join(late)}" if late else None
