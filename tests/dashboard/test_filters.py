"""Which days a choice means, and what becomes of an address that makes no sense."""

from datetime import date

import pytest

from dashboard import filters
from data.errors import Refused

TODAY = date(2026, 11, 24)


def test_a_period_ends_with_the_last_whole_day() -> None:
    chosen = filters.resolve(TODAY, period="4 weeks", compare="Period before")
    assert (chosen.start, chosen.end) == (date(2026, 10, 27), date(2026, 11, 23))
    assert (chosen.before_start, chosen.before_end) == (date(2026, 9, 29), date(2026, 10, 26))
    assert chosen.days == 28


@pytest.mark.parametrize("period", ["4 weeks", "8 weeks", "12 months"])
def test_a_year_before_compares_the_same_weekdays_without_overlap(period: str) -> None:
    chosen = filters.resolve(TODAY, period=period, compare="Year before")
    assert (chosen.start - chosen.before_start).days % 364 == 0
    assert chosen.start.weekday() == chosen.before_start.weekday()
    assert chosen.before_end < chosen.start
    assert (chosen.before_end - chosen.before_start).days + 1 == chosen.days


def test_twelve_months_from_a_leap_day() -> None:
    chosen = filters.resolve(date(2028, 2, 29), period="12 months", compare=None)
    assert chosen.start == date(2027, 2, 28)


@pytest.mark.parametrize("word", [None, "", "sideways", "4w"])
def test_unknown_words_fall_back_to_the_default(word: str | None) -> None:
    chosen = filters.resolve(TODAY, period=word, compare=word, axis=word)
    assert (chosen.period, chosen.compare, chosen.axis) == (
        "4 weeks",
        "Period before",
        "published",
    )


def test_a_topic_leaves_no_choice_of_kind() -> None:
    chosen = filters.resolve(TODAY, period=None, compare=None, topic="flu", kind="photo")
    assert (chosen.topic, chosen.kind) == ("flu", None)


def test_all_means_no_filter() -> None:
    chosen = filters.resolve(
        TODAY, period=None, compare=None, network="All", topic="All", kind="All"
    )
    assert (chosen.network, chosen.topic, chosen.kind) == (None, None, None)


@pytest.mark.parametrize(
    "dates",
    [
        (date(2026, 11, 1),),
        (date(2026, 11, 9), date(2026, 11, 1)),
        (date(2027, 1, 1), date(2027, 2, 1)),
        (date(2020, 1, 1), date(2026, 1, 1)),
    ],
    ids=["one day", "reversed", "in the future", "too long"],
)
def test_custom_periods_without_sense_are_refused_in_words(dates: tuple[date, ...]) -> None:
    with pytest.raises(Refused) as refused:
        filters.resolve(TODAY, period="Custom", compare=None, dates=dates)
    assert refused.value.todo is not None


def test_the_axis_is_the_day_published_until_collecting_has_run_for_two_periods() -> None:
    since = date(2026, 10, 1)  # 54 days ago
    assert filters.default_axis(TODAY, 27, since) == "Day it happened"
    assert filters.default_axis(TODAY, 28, since) == "Day published"
    assert filters.default_axis(TODAY, 7, None) == "Day published"
