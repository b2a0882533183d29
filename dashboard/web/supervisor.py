"""Looks after the database and the one worker child while the server runs.

A thread, once a second: prepare the database that is open now (the demo's, until the practice's
is made), start the worker, start it again when it died or gives no sign of life. The worker
hangs on a pipe as its stdin: when this process goes, however it dies, the pipe ends.
"""

import logging
import threading
import time

from dashboard.web import state
from dashboard.web.addresses import port
from dashboard.web.child import Child
from dashboard.web.database import prepare
from dashboard.web.lock import server_lock
from data.errors import where
from data.settings import Settings, load_settings

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
#: How long to wait before another look at a database that cannot be opened.
RETRY_SECONDS = 5.0
#: A worker that gives no sign of life for so long hangs.
PULSE_SECONDS = 30.0
#: One that lived so long died by accident, not because it cannot run.
SETTLED_SECONDS = 60.0
MOST_BACKOFF_SECONDS = 30.0


class Supervisor:
    """One per server. `looked` is set once the first look at the database is over."""

    def __init__(self, settings: Settings, pulse_seconds: float = PULSE_SECONDS) -> None:
        self.looked = threading.Event()
        self.child: Child | None = None
        self._home = settings.resolved_home
        self._wants_child = settings.worker == "child"
        self._pulse_seconds = pulse_seconds
        self._ready_url: str | None = None
        self._look_again = 0.0
        self._start_after = 0.0
        self._deaths = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def start(self) -> None:
        """Begin looking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking, then the worker: it has 8 s to finish or let go."""
        self._stop.set()
        self._thread.join()
        if self.child is not None:
            self.child.stop()
            self.child = None

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if not self.looked.is_set():
                    self._look_at_worker()  # it starts up while we open the database
                self._look_at_database()
                self.looked.set()
                self._look_at_worker()
            except Exception as error:
                # The thread must outlive what one look meets; the next look tries again.
                log.error("supervising failed, trying again: %s", where(error))
            self._stop.wait(LOOK_SECONDS)

    def _look_at_database(self) -> None:
        url = load_settings().open_url
        if url == self._ready_url or time.monotonic() < self._look_again:
            return
        problem = prepare(url)
        state.set_startup_problem(problem)
        if problem is None:
            self._ready_url = url
        else:
            self._look_again = time.monotonic() + RETRY_SECONDS

    def _look_at_worker(self) -> None:
        may_start = self._ready_url is not None or not self.looked.is_set()
        if not self._wants_child or (self.child is None and not may_start):
            return
        if self.child is None:
            self._start_child()
            return
        code = self.child.exit_code()
        if code is not None:
            self._after_death(self.child, code)
        elif self.child.silent_for() > self._pulse_seconds:
            log.warning("The worker gives no sign of life: ended, to be started again.")
            self.child.kill()
        elif self._deaths and self.child.age() > SETTLED_SECONDS:
            self._deaths = 0
            state.set_worker_note(None)

    def _start_child(self) -> None:
        # Another server of this home has its own worker: wait for its end.
        if time.monotonic() < self._start_after or not server_lock(self._home).take(port()):
            return
        self.child = Child.start(self._home)

    def _after_death(self, child: Child, code: int) -> None:
        self.child = None
        child.close()
        if child.asks_for_restart(code):
            return
        self._deaths += 1
        wait = 0.0 if self._deaths == 1 else min(2.0 ** (self._deaths - 2), MOST_BACKOFF_SECONDS)
        self._start_after = time.monotonic() + wait
        log.warning("The worker ended (%s); starting it again.", code)
        if self._deaths >= 3:
            state.set_worker_note(
                f"The worker has ended {self._deaths} times in a row (code {code}): nothing is "
                "collected until it stays. The terminal where Reachwell runs says why."
            )
