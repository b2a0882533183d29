"""The sandbox's own time: it starts where it is told and goes on at real speed."""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """An instant that moves on with the machine's monotonic clock and can be set."""

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        """`frozen`: it stands where it is set, so that the same history comes out every time."""
        self._frozen = frozen
        self._base = _aware(start) if start else datetime.now(UTC)
        self._since = time.monotonic()

    def now(self) -> datetime:
        """The sandbox's present, UTC."""
        if self._frozen:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def set(self, instant: datetime) -> None:
        """Go on from that instant; ValueError where it has no zone."""
        self._base = _aware(instant)
        self._since = time.monotonic()

    def advance(self, seconds: float) -> None:
        """Jump ahead (or back, when negative)."""
        self.set(self.now() + timedelta(seconds=seconds))


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone; write for example 2026-03-01Z")
    return instant.astimezone(UTC)


def parse_instant(text: str) -> datetime:
    """An ISO date or time as an instant; one without a zone is taken as UTC."""
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
