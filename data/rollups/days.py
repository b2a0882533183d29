"""The local days of many instants at once."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND


def day_numbers(micros: Ints, zone: str) -> Ints:
    """Instants (microseconds since 1970, UTC) -> calendar days in a zone, as days since 1970.

    Equal to `data.clock.local_day`, also where summer time begins or ends.
    """
    if not micros.size:
        return micros
    years = np.unique(micros.astype("datetime64[us]").astype("datetime64[Y]").astype(np.int64))
    shifts = [shift for year in years.tolist() for shift in _shifts(zone, year + 1970)]
    starts = np.array([start for start, _ in shifts], dtype=np.int64)
    offsets = np.array([offset for _, offset in shifts], dtype=np.int64)
    place = np.searchsorted(starts, micros, side="right") - 1
    days: Ints = np.floor_divide(micros + offsets[place], _DAY)
    return days


def closing_day_numbers(micros: Ints, zone: str) -> Ints:
    """The last day that each capture tells of; equal to `contributions.closing_day`."""
    return day_numbers(micros - 1, zone)


@lru_cache(maxsize=4096)
def _shifts(zone: str, year: int) -> tuple[tuple[int, int], ...]:
    """From which instant which offset holds in a UTC year, both in microseconds."""
    info = ZoneInfo(zone)
    begin = _seconds(datetime(year, 1, 1, tzinfo=UTC))
    end = _seconds(datetime(year, 12, 31, tzinfo=UTC)) + 86_400
    found = [(begin, _offset(info, begin))]
    for late in range(begin + 86_400, end + 1, 86_400):
        early = late - 86_400
        if _offset(info, late) != _offset(info, early):
            found.append(_change(info, early, late))
    return tuple((start * _SECOND, offset * _SECOND) for start, offset in found)


def _change(info: ZoneInfo, early: int, late: int) -> tuple[int, int]:
    """The second at which the offset changes between two instants, and the new offset."""
    before = _offset(info, early)
    while late - early > 1:
        middle = (early + late) // 2
        if _offset(info, middle) == before:
            early = middle
        else:
            late = middle
    return late, _offset(info, late)


def _seconds(instant: datetime) -> int:
    return round((instant - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1))


def _offset(info: ZoneInfo, seconds: int) -> int:
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    offset = instant.astimezone(info).utcoffset()
    assert offset is not None  # noqa: S101 - a zone has one at every instant
    return round(offset / timedelta(seconds=1))
