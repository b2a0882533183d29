"""What a page shows: a period, what it is compared with, and which posts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard import formats
from data.errors import Refused

PERIODS = ("4 weeks", "8 weeks", "12 months", "Custom")
COMPARES = ("Period before", "Year before")
AXES = ("Day published", "Day it happened")
ALL = "All"
LONGEST = 3 * 366
_DAYS = {"4 weeks": 28, "8 weeks": 56}
_YEAR = 364  # 52 whole weeks: a Monday is compared with a Monday


@dataclass(frozen=True)
class Filters:
    """Days of the practice, both ends included; None means "all"."""

    start: date
    end: date
    before_start: date
    before_end: date
    period: str
    compare: str
    network: str | None = None
    topic: str | None = None
    kind: str | None = None
    axis: str = "published"

    @property
    def days(self) -> int:
        """How many days are shown."""
        return (self.end - self.start).days + 1

    @property
    def label(self) -> str:
        """The period in words."""
        return formats.span(self.start, self.end)

    @property
    def before_label(self) -> str:
        """What it is compared with, in words for the middle of a sentence."""
        if self.compare == COMPARES[1]:
            return "the same weeks a year before"
        return f"the {self.days} days before"

    @property
    def axis_label(self) -> str:
        """The time axis, as every chart names it."""
        return "by day published" if self.axis == "published" else "by day it happened"


def resolve(
    today: date,
    *,
    period: str | None,
    compare: str | None,
    dates: Sequence[date] = (),
    network: str | None = None,
    topic: str | None = None,
    kind: str | None = None,
    axis: str | None = None,
) -> Filters:
    """Turn what the address or the widgets say into a valid choice.

    The period ends with yesterday, the last whole day. Unknown words fall back to the
    default; a custom period that makes no sense is refused with a sentence. A topic leaves
    no choice of kind: totals of one topic know no kind, and a list of posts must agree.
    """
    period = period if period in PERIODS else PERIODS[0]
    compare = compare if compare in COMPARES else COMPARES[0]
    start, end = _custom(dates, today) if period == "Custom" else _fixed(period, today)
    length = (end - start).days + 1
    shift = -(-length // _YEAR) * _YEAR if compare == COMPARES[1] else length
    return Filters(
        start=start,
        end=end,
        before_start=start - timedelta(days=shift),
        before_end=end - timedelta(days=shift),
        period=period,
        compare=compare,
        network=None if network in (None, ALL) else network,
        topic=None if topic in (None, ALL) else topic,
        kind=None if kind in (None, ALL) or topic not in (None, ALL) else kind,
        axis=axis_name(axis),
    )


def axis_name(label: str | None) -> str:
    """The rollups' name of a time axis."""
    return "happened" if label == AXES[1] else "published"


def default_axis(today: date, days: int, collecting_since: date | None) -> str:
    """By day published, until collecting has run for two of the periods shown."""
    if collecting_since is None or (today - collecting_since).days < 2 * days:
        return AXES[0]
    return AXES[1]


def _fixed(period: str, today: date) -> tuple[date, date]:
    end = today - timedelta(days=1)
    if period == "12 months":
        return _a_year_before(today), end
    return end - timedelta(days=_DAYS.get(period, 28) - 1), end


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def _custom(dates: Sequence[date], today: date) -> tuple[date, date]:
    if len(dates) < 2:
        raise Refused("The period has one day only.", "Pick its last day as well.")
    start, end = dates[0], min(dates[1], today)
    if start > end:
        raise Refused(
            "The period ends before it begins, or lies in the future.", "Pick the first day first."
        )
    if (end - start).days > LONGEST:
        raise Refused("The period is longer than three years.", "Pick a shorter one.")
    return start, end
