"""Rows of insights as figures: lifetime ones of posts and media, daily ones of accounts."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from collectors.networks.base import AccountFigure
from collectors.networks.values import Json, Notes, instant, mapping, objects, total

PACIFIC = ZoneInfo("America/Los_Angeles")


def lifetime(rows: object, names: Mapping[str, str], what: str, notes: Notes) -> dict[str, int]:
    """Our name -> value. No row, an empty one or no readable value: absent, never 0."""
    found: dict[str, int] = {}
    for row in objects(rows):
        ours = names.get(str(row.get("name")))
        if ours is None or row.get("period") not in (None, "lifetime"):
            continue
        value = total(_single(row), f"{ours} of {what}", notes)
        if value is not None:
            found[ours] = value
    return found


def _single(row: Json) -> object:
    whole = mapping(row.get("total_value"))
    if "value" in whole:
        return whole["value"]
    values = objects(row.get("values"))
    return values[0].get("value") if values else None


def daily(
    rows: object,
    names: Mapping[str, str],
    span: tuple[date, date],
    at: datetime,
    raw: int,
    notes: Notes,
) -> list[AccountFigure]:
    """Figures by day, both ends of `span` included. A day is the Pacific one before `end_time`."""
    found: list[AccountFigure] = []
    for row in objects(rows):
        ours = names.get(str(row.get("name")))
        if ours is None or row.get("period") not in (None, "day"):
            continue
        for item in objects(row.get("values")):
            day = pacific_day(item.get("end_time"))
            if day is None or not span[0] <= day <= span[1]:
                continue
            value = total(item.get("value"), f"{ours} on {day}", notes)
            if value is not None:
                found.append(AccountFigure(day, ours, value, at, raw))
    return found


def whole(rows: object, name: str, notes: Notes) -> int | None:
    """The `total_value` of one metric over the range that was asked for."""
    for row in objects(rows):
        if row.get("name") == name:
            return total(mapping(row.get("total_value")).get("value"), name, notes)
    return None


def pacific_day(end_time: object) -> date | None:
    """The Pacific day that ends at that time; None where it cannot be read."""
    end = instant(end_time)
    if end is None:
        return None
    try:
        return (end - timedelta(seconds=1)).astimezone(PACIFIC).date()
    except OverflowError:
        return None


def midnight(day: date) -> int:
    """The start of a Pacific day, in seconds since 1970, as Graph's since and until."""
    return int(datetime(day.year, day.month, day.day, tzinfo=PACIFIC).timestamp())


def days(span: tuple[date, date]) -> Iterable[date]:
    """Every day, both ends included."""
    for offset in range((span[1] - span[0]).days + 1):
        yield span[0] + timedelta(days=offset)
