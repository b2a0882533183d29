"""Local midnights: readings at which a day ends, and the next has not begun."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def midnight_after(instant: datetime, zone: str, days: int) -> datetime:
    """The start of a local day, which a capture at that instant does not belong to."""
    local = instant.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, fold=0)
    return (local + timedelta(days=days)).astimezone(UTC)
