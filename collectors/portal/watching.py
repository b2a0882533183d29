"""How far a step of a run is: told as a share of it that never goes back.

DuckDB says how far a statement is only to another thread, for the one that runs it waits.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

import duckdb

POLL_SECONDS = 1.0


@dataclass
class Progress:
    """A step's share that is done; parts of it count their own from 0 to 1."""

    say: Callable[[float], None] = lambda _share: None
    furthest: float = 0.0
    _begin: float = 0.0
    _end: float = 1.0

    def reach(self, share: float) -> None:
        """So much of the part is done. Said where it is more than was said before."""
        at = self._begin + (self._end - self._begin) * min(max(share, 0.0), 1.0)
        if at > self.furthest:
            self.furthest = at
            self.say(at)

    @contextmanager
    def part(self, begin: float, end: float) -> Iterator[None]:
        """What is reached within is of this part."""
        outer = self._begin, self._end
        width = self._end - self._begin
        self._begin, self._end = self._begin + width * begin, self._begin + width * end
        try:
            yield
        finally:
            self._begin, self._end = outer


@contextmanager
def polled(connection: duckdb.DuckDBPyConnection, reach: Callable[[float], None]) -> Iterator[None]:
    """While a statement runs within, `reach` is told its share now and then."""
    over = Event()

    def poll() -> None:
        while not over.wait(POLL_SECONDS):
            percent = connection.query_progress()
            if percent >= 0:  # -1 before it has begun, and where nothing is known
                reach(percent / 100)

    thread = Thread(target=poll, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
