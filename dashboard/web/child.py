"""The worker as a child process: in a session of its own, on a leash, with a pulse."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

#: The worker ends with this code when another database is to be opened.
SWITCH_CODE = 75
#: The worker takes at most 8 s to finish or let go; then it is ended.
GRACE_SECONDS = 9.0
#: So long it may take to its first sign of life: a cold disk, a database to wait for.
STARTUP_SECONDS = 60.0

ROOT = Path(__file__).resolve().parents[2]


class Child:
    """A running worker. Not to be made directly: `Child.start`."""

    def __init__(self, process: "subprocess.Popen[bytes]", pulse: int) -> None:
        self._process = process
        self._pulse = pulse
        self._born = time.monotonic()
        self._heard = self._born + STARTUP_SECONDS

    @classmethod
    def start(cls, home: Path) -> "Child":
        """Start `collectors.worker` for a home, its stdin a pipe from this process."""
        heard, said = os.pipe()
        os.set_blocking(heard, False)
        try:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-m", "collectors.worker", "--pulse-fd", str(said)],
                stdin=subprocess.PIPE,
                pass_fds=(said,),
                start_new_session=True,
                env=_environment(home),
            )
        finally:
            os.close(said)
        return cls(process, heard)

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    @staticmethod
    def asks_for_restart(code: int) -> bool:
        """Whether it ended because another database is open now."""
        return code == SWITCH_CODE

    def age(self) -> float:
        """Seconds since its start."""
        return time.monotonic() - self._born

    def silent_for(self) -> float:
        """Seconds since its last sign of life; below 0 while it may still be starting."""
        with contextlib.suppress(BlockingIOError):
            if os.read(self._pulse, 4096):
                self._heard = time.monotonic()
        return time.monotonic() - self._heard

    def stop(self) -> None:
        """Let it finish or let go within 8 s, then end it."""
        self._drop_leash()
        if self.exit_code() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.close()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Give back the pipes."""
        self._drop_leash()
        if self._pulse >= 0:
            os.close(self._pulse)
            self._pulse = -1

    def _drop_leash(self) -> None:
        if self._process.stdin is not None and not self._process.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()


def _environment(home: Path) -> dict[str, str]:
    """Ours, with the home as an absolute path and the checkout importable."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "REACHWELL_HOME": str(home),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
