"""What one post adds to the totals, rule by rule."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from data.clock import local_day
from data.models import to_micros
from data.rollups.contributions import Seen, Share, Subject, fold, spread
from data.rollups.days import day_numbers

ZONE = "America/New_York"
MONDAY = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # noon in New York
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ZONES = ("America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "UTC")


def post(kind: str = "post", network: str = "x", turn: int = 0) -> Subject:
    return Subject(1, 1, network, kind, MONDAY, turn)


def seen(after: timedelta, **values: int) -> Seen:
    return Seen(MONDAY + after, values)


def happened(*snapshots: Seen, subject: Subject | None = None) -> dict[tuple[int, str], Share]:
    """(day of March, metric) -> share."""
    shares = fold(subject or post(), snapshots, ZONE).shares
    return {
        (day.day, name): part for (axis, day, name), part in shares.items() if axis == "happened"
    }


def published(*snapshots: Seen, subject: Subject | None = None) -> dict[str, int]:
    shares = fold(subject or post(), snapshots, ZONE).shares
    assert {day for axis, day, _ in shares if axis == "published"} == {date(2026, 3, 2)}
    return {name: part.value for (axis, _, name), part in shares.items() if axis == "published"}


def test_a_fresh_first_stand_happened_since_publishing() -> None:
    assert happened(seen(HOUR, likes=3))[2, "likes"] == Share(3, 0)
    assert happened(seen(DAY, likes=4))[3, "likes"] == Share(2, 2)
    assert happened(seen(DAY, likes=4))[2, "likes"] == Share(2, 2)


def test_a_later_first_stand_belongs_to_no_day() -> None:
    assert happened(seen(DAY + timedelta(seconds=1), likes=4)) == {}
    assert published(seen(DAY + timedelta(seconds=1), likes=4))["likes"] == 4


def test_within_a_day_a_difference_is_exact() -> None:
    shares = happened(seen(HOUR, likes=3), seen(2 * HOUR, likes=5))
    assert shares[2, "likes"] == Share(5, 0)


def test_over_several_days_it_is_spread_and_marked() -> None:
    shares = happened(seen(HOUR, likes=3), seen(HOUR + 3 * DAY, likes=11))
    assert shares[2, "likes"] == Share(5, 2)
    assert [shares[day, "likes"] for day in (3, 4, 5)] == [Share(2, 2)] * 3


def test_a_counter_may_fall() -> None:
    shares = happened(seen(HOUR, likes=9), seen(2 * HOUR, likes=4))
    assert shares[2, "likes"] == Share(4, 0)
    assert published(seen(HOUR, likes=9), seen(2 * HOUR, likes=4))["likes"] == 4


def test_an_absent_metric_keeps_its_value_and_moves_when_it_is_back() -> None:
    snapshots = (
        seen(HOUR, likes=2, clicks=4),
        seen(DAY, likes=2),
        seen(2 * DAY, likes=2, clicks=10),
    )
    assert published(*snapshots[:2])["clicks"] == 4
    shares = happened(*snapshots)
    assert shares[2, "clicks"] == Share(6, 2)  # 6 more over the 2nd, 3rd and 4th
    assert [shares[day, "clicks"] for day in (3, 4)] == [Share(2, 2)] * 2
    assert fold(post(), snapshots[:2], ZONE).carried != 0
    assert fold(post(), snapshots, ZONE).carried == 0


def test_a_known_zero_is_a_row_and_a_missing_value_is_none() -> None:
    shares = happened(seen(HOUR, likes=0))
    assert shares[2, "likes"] == Share(0, 0)
    assert (2, "clicks") not in shares


def test_engagement_is_the_sum_of_its_parts_on_every_day() -> None:
    snapshots = (seen(HOUR, likes=3, replies=1), seen(4 * DAY, likes=10, replies=3))
    shares = happened(*snapshots)
    for day in range(2, 7):
        parts = [shares[day, name].value for name in ("likes", "replies")]
        assert shares[day, "engagement"].value == sum(parts)
    assert published(*snapshots)["engagement"] == 13


def test_a_rate_counts_posts_whose_denominator_is_known() -> None:
    assert "rated_over" not in published(seen(HOUR, likes=3))
    rated = published(seen(HOUR, likes=3, impressions=90))
    assert (rated["rated_engagement"], rated["rated_over"]) == (3, 90)
    alone = published(seen(HOUR, impressions=90))
    assert "rated_over" not in alone
    assert "engagement" not in alone


def test_a_denominator_that_comes_late_rates_nothing_yet() -> None:
    shares = happened(seen(HOUR, likes=1), seen(30 * HOUR, likes=3, impressions=90))
    assert {name for _, name in shares} == {"likes", "engagement"}


def test_reach_never_adds_up() -> None:
    assert "reach" not in published(
        seen(HOUR, reach=80, views=90), subject=post(network="facebook")
    )


def test_others_posts_count_as_posts_alone() -> None:
    assert published(seen(HOUR, likes=3), subject=post("retweet")) == {"posts": 1}
    assert happened(seen(HOUR, likes=3), subject=post("retweet")) == {}


def test_a_clock_ahead_of_the_networks_is_no_harm() -> None:
    assert happened(seen(-DAY, likes=4))[1, "likes"] == Share(4, 0)
    assert len(happened(seen(-20_000 * DAY, likes=4))) == 2  # likes, engagement: one day


def test_readings_at_midnight_tell_each_day_by_itself() -> None:
    midnight = 12 * HOUR  # after noon of the 2nd
    shares = happened(seen(midnight, likes=4), seen(midnight + DAY, likes=9))
    assert shares[2, "likes"] == Share(4, 0)
    assert shares[3, "likes"] == Share(5, 0)
    assert (4, "likes") not in shares
    later = happened(seen(midnight, likes=4), seen(midnight + timedelta(microseconds=1), likes=9))
    assert later[3, "likes"] == Share(5, 0)


@given(st.integers(-(10**12), 10**12), st.integers(1, 400), st.integers(0, 2**32))
def test_a_spread_is_even_and_exact(difference: int, days: int, turn: int) -> None:
    parts = spread(difference, days, turn)
    assert len(parts) == days
    assert sum(parts) == difference
    assert max(parts) - min(parts) <= 1


def test_the_odd_ones_take_turns() -> None:
    assert [spread(1, 3, turn) for turn in range(3)] == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


@given(
    st.sampled_from(ZONES),
    st.lists(st.datetimes(datetime(1970, 1, 2), datetime(2100, 12, 30)), min_size=1, max_size=30),
)
def test_days_of_many_instants_are_those_of_each(zone: str, naive: list[datetime]) -> None:
    instants = [instant.replace(tzinfo=UTC) for instant in naive]
    numbers = day_numbers(np.array([to_micros(one) for one in instants], dtype=np.int64), zone)
    expected = [(local_day(one, zone) - date(1970, 1, 1)).days for one in instants]
    assert numbers.tolist() == expected


def test_days_around_the_change_of_the_clock() -> None:
    for zone, begin in (
        ("America/New_York", datetime(2026, 3, 8, 4, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, 3, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 13, tzinfo=UTC)),
        ("Pacific/Apia", datetime(2011, 12, 30, 9, tzinfo=UTC)),
        ("America/Sao_Paulo", datetime(2017, 10, 15, 2, tzinfo=UTC)),
    ):
        instants = [begin + timedelta(minutes=n) for n in range(180)]
        numbers = day_numbers(np.array([to_micros(one) for one in instants], dtype=np.int64), zone)
        assert numbers.tolist() == [
            (local_day(one, zone) - date(1970, 1, 1)).days for one in instants
        ]
