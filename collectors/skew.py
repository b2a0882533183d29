"""How far this machine's clock is ahead, by the Date of the networks' replies.

Leases run on database time, but a tweet's age, a token's end and the times on the pages are
this machine's: ten minutes off and they are wrong. Only replies from outside count, the
sandbox has a clock of its own.
"""

from datetime import datetime, timedelta
from threading import Lock

#: Network delay and whole seconds in the Date header are no skew.
NOTICEABLE = timedelta(minutes=2)

_lock = Lock()
_latest: timedelta | None = None


def note(theirs: datetime, ours: datetime) -> None:
    """A reply said `theirs` while this machine's clock said `ours` (both aware)."""
    global _latest
    with _lock:
        _latest = ours - theirs


def latest() -> timedelta | None:
    """Positive: this machine is ahead. None: no network has answered yet."""
    with _lock:
        return _latest


def worse(one: timedelta | None, other: timedelta | None) -> timedelta | None:
    """The larger of two deviations, whatever their signs."""
    return max((value for value in (one, other) if value is not None), key=abs, default=None)


def sentence(skew: timedelta) -> str:
    """How far and in which direction, for people."""
    minutes = round(abs(skew) / timedelta(minutes=1))
    return f"This machine's clock is {minutes} minutes {'fast' if skew > timedelta(0) else 'slow'}."


TODO = "Turn on the automatic setting of date and time, then start Reachwell again."
