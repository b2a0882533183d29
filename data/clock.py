"""The one place that reads the clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_told_by: ContextVar[Callable[[], datetime] | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """This instant, in UTC and aware."""
    told = _told_by.get()
    return told() if told else datetime.now(UTC)


def is_told() -> bool:
    """Whether `now` follows another clock than this machine's."""
    return _told_by.get() is not None


@contextmanager
def told_by(clock: Callable[[], datetime]) -> Iterator[None]:
    """Within, `now` is what that clock says: made-up history is stamped with made-up times.

    For this thread (or task) alone. Leases do not look here: they go by database time.
    """
    token = _told_by.set(clock)
    try:
        yield
    finally:
        _told_by.reset(token)


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day of an instant in an IANA time zone."""
    return instant.astimezone(ZoneInfo(zone)).date()
