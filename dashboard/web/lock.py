"""One server per home: a lock that the kernel lets go of however the process ends."""

import fcntl
import json
import os
from functools import cache
from io import TextIOWrapper
from pathlib import Path

from data.errors import Refused

FILE = "server.lock"


class ServerLock:
    """The lock file of one home; its text says who holds it (pid, port)."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILE
        self._file: TextIOWrapper | None = None

    def take(self, port: int) -> bool:
        """Whether this process holds the lock now. Refused where the home is not writable."""
        if self._file is not None:
            return True
        file = self._open()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.seek(0)
        file.truncate()
        json.dump({"pid": os.getpid(), "port": port}, file)
        file.flush()
        self._file = file
        return True

    def holders_port(self) -> int | None:
        """The port that the holder said it would serve."""
        return self._said("port")

    def holders_pid(self) -> int | None:
        """The process that took the lock."""
        return self._said("pid")

    def _said(self, key: str) -> int | None:
        try:
            said = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None  # just being written
        value = said.get(key) if isinstance(said, dict) else None
        return value if isinstance(value, int) else None

    def _open(self) -> TextIOWrapper:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return self.path.open("a+", encoding="utf-8")
        except OSError as error:
            raise Refused(
                f"The folder for run-time files {self.path.parent} cannot be written: "
                f"{error.strerror}.",
                "Give your user the right to write there, or name another folder "
                "with REACHWELL_HOME.",
            ) from error


@cache
def server_lock(home: Path) -> ServerLock:
    """The lock of a home: one object per process, so that taking it twice is once."""
    return ServerLock(home)
