"""Lanes: threads that take claimed work until nothing is due, then wait for the next tick."""

import logging
import threading
import time
from collections.abc import Callable

from data.errors import Refused, where
from data.faults import refusing

log = logging.getLogger(__name__)

#: After a failure a lane waits, so that a fault that stays does not fill the log.
AFTER_FAILURE_SECONDS = 5.0
#: Looking for work takes less; whoever takes longer has found some.
LOOK_SECONDS = 0.5


class Lanes:
    """`count` threads round `handle_one`, which says whether it found something to do."""

    def __init__(self, count: int, handle_one: Callable[[], bool]) -> None:
        self._handle_one = handle_one
        self._stopping = threading.Event()
        self._wakes = [threading.Event() for _ in range(count)]
        self._since: list[float | None] = [None] * count
        self._threads = [
            threading.Thread(target=self._run, args=(n,), name=f"lane-{n}", daemon=True)
            for n in range(count)
        ]

    def start(self) -> None:
        """Begin; nothing is taken before the first `wake`."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Look for work, now."""
        for wake in self._wakes:
            wake.set()

    def busy(self) -> int:
        """How many work at the moment."""
        looked = time.monotonic() - LOOK_SECONDS
        return sum(since is not None and since < looked for since in self._since)

    def stop(self, seconds: float) -> bool:
        """Take nothing more; whether all were done within `seconds`."""
        self._stopping.set()
        self.wake()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self, lane: int) -> None:
        while not self._stopping.is_set():
            self._wakes[lane].wait()
            self._wakes[lane].clear()
            self._work_off(lane)

    def _work_off(self, lane: int) -> None:
        while not self._stopping.is_set():
            self._since[lane] = time.monotonic()
            try:
                with refusing():
                    found = self._handle_one()
            except Refused as refusal:
                log.warning("Work had to wait: %s", refusal.sentence())
                found = False
                self._stopping.wait(AFTER_FAILURE_SECONDS)
            except Exception as error:
                log.error("Work failed; its claim ends by itself: %s", where(error))
                found = False
                self._stopping.wait(AFTER_FAILURE_SECONDS)
            self._since[lane] = None
            if not found:
                return
