"""Who claims work: a process, named `host:pid:start`, and whether it is still there.

The start tells a process from a later one that got the same number.
"""

import os
import socket
import subprocess
from functools import lru_cache
from pathlib import Path

_PROC = Path("/proc")


def this_process() -> str:
    """The name of this process as a claimant."""
    pid = os.getpid()
    return f"{host()}:{pid}:{start_of(pid) or '0'}"


def host() -> str:
    """This machine's name, without colons."""
    return socket.gethostname().replace(":", "-") or "localhost"


def start_of(pid: int) -> str | None:
    """A text that differs between two processes of one number; None where there is none now."""
    if (_PROC / "self" / "stat").exists():
        return _start_on_linux(pid)
    return _start_by_ps(pid)


def is_dead(claimant: str) -> bool:
    """Whether that process ran on this machine and is gone. Of other machines we know nothing."""
    where, _, rest = claimant.partition(":")
    pid, _, start = rest.partition(":")
    if where != host() or not pid.isdigit():
        return False
    now = start_of(int(pid))
    return now is None or (bool(start) and now != start)


def _start_on_linux(pid: int) -> str | None:
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat.rpartition(")")[2].split()
    if fields[0] in "ZX":  # ended, and not yet reaped by its parent
        return None
    return f"{_boot()}-{fields[19]}"


@lru_cache(maxsize=1)
def _boot() -> str:
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text()[:8]
    except OSError:
        return "boot"


def _start_by_ps(pid: int) -> str | None:
    asked = subprocess.run(  # noqa: S603 - a number of our own
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, start = asked.stdout.strip().partition(" ")
    if asked.returncode or not start or state.startswith("Z"):
        return None
    return "-".join(start.split()).replace(":", ".")
