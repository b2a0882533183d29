"""Days, weeks (from Monday) and months of the practice, as what a table is released by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Unit = Literal["day", "week", "month"]
_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """The practice's days from `first` to `last`, both included."""

    first: date
    last: date
    unit: Unit

    @property
    def name(self) -> str:
        """Its first day (ISO), or YYYY-MM."""
        return self.first.strftime("%Y-%m") if self.unit == "month" else self.first.isoformat()

    def instants(self, zone: str) -> tuple[datetime, datetime]:
        """From its first midnight up to, not including, the midnight after it; UTC."""
        there = ZoneInfo(zone)
        begin = datetime.combine(self.first, time(), there)
        end = datetime.combine(self.last + _DAY, time(), there)
        return begin.astimezone(UTC), end.astimezone(UTC)


def around(day: date, unit: Unit) -> Period:
    """The period that holds the day."""
    if unit == "day":
        return Period(day, day, unit)
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + 6 * _DAY, unit)
    begin = day.replace(day=1)
    following = (begin + timedelta(days=31)).replace(day=1)
    return Period(begin, following - _DAY, unit)


def touching(first: date, last: date, unit: Unit) -> Iterator[Period]:
    """All periods with a day in [first, last], oldest first."""
    day = first
    while day <= last:
        period = around(day, unit)
        yield period
        day = period.last + _DAY
