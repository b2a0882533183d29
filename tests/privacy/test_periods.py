"""Days, weeks and months are the practice's."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from data.privacy.periods import Unit, around, touching

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
units: st.SearchStrategy[Unit] = st.sampled_from(["day", "week", "month"])


@given(days, st.integers(0, 200), units)
def test_periods_cover_the_days_without_gap_or_overlap(
    first: date, length: int, unit: Unit
) -> None:
    last = first + timedelta(days=length)

    found = list(touching(first, last, unit))

    assert found[0].first <= first and found[-1].last >= last
    for one, following in pairwise(found):
        assert following.first == one.last + timedelta(days=1)


@given(days)
def test_weeks_begin_on_monday_and_months_on_the_first(day: date) -> None:
    week, month = around(day, "week"), around(day, "month")

    assert week.first.weekday() == 0 and (week.last - week.first).days == 6
    assert month.first.day == 1 and (month.last + timedelta(days=1)).day == 1
    assert week.name == week.first.isoformat() and month.name == f"{day:%Y-%m}"


def test_the_day_of_the_clock_change_has_23_hours() -> None:
    begin, end = around(date(2026, 3, 8), "day").instants("America/New_York")

    assert begin == datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert end - begin == timedelta(hours=23)
