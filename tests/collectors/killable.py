"""A process to be killed: collects at a clock that stands still, in a child forked per line.

Everything is imported before the fork, so that a kill falls into the collecting, not into the
imports. `python -m tests.collectors.killable URL HOME CLOCK`; tells each child's exit status.
"""

import os
import signal
import sys
import time
from datetime import datetime
from pathlib import Path

import orjson  # noqa: F401 - imported before the fork
import tweepy  # noqa: F401 - imported before the fork

from collectors.collecting import Collecting
from data import accounts
from data.clock import told_by
from data.session import make_engine, open_session


def collect(url: str, home: str, clock: str) -> None:
    """What `reachwell collect` does."""
    at = datetime.fromisoformat(clock)
    engine = make_engine(url)
    with told_by(lambda: at):
        with open_session(engine, "test") as session:
            wanted = accounts.all_accounts(session)
        Collecting(engine, Path(home), say=lambda _: None).accounts(wanted)
    engine.dispose()


def end_of(child: int, kill_after: float | None) -> int:
    """The child's exit status, killed after so many seconds or left to its end."""
    deadline = None if kill_after is None else time.monotonic() + kill_after
    while deadline is not None and time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    if deadline is not None:
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """One child a line of stdin, which says after how many seconds to kill it, or nothing."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                collect(*sys.argv[1:4])
                code = 0
            finally:
                os._exit(code)
        sys.stdout.write(f"{end_of(child, float(line) if line.strip() else None)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
