"""Counters grow fast, then slowly, and never fall unless a fall is planted."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collectors.sandbox.growth import PACES, Dip, GrownMetrics, Standstill, share_reached

BORN = datetime(2026, 3, 1, 12, tzinfo=UTC)
ages = st.floats(0, 400 * 86400)


@given(ages, ages, st.sampled_from(sorted(PACES)))
def test_counters_never_fall_and_never_pass_their_final_value(
    one: float, other: float, network: str
) -> None:
    metrics = GrownMetrics(BORN, {"likes": 1234, "views": 99_999}, PACES[network])
    young, old = (metrics.at(BORN + timedelta(seconds=age)) for age in sorted((one, other)))
    assert young["likes"] <= old["likes"] <= 1234
    assert young["views"] <= old["views"] <= 99_999


@given(st.sampled_from(sorted(PACES)))
def test_the_first_day_brings_more_than_half_and_the_first_month_nearly_all(network: str) -> None:
    assert share_reached(86400, PACES[network]) > 0.5
    assert share_reached(30 * 86400, PACES[network]) > 0.99


def test_nothing_has_been_seen_at_or_before_publishing() -> None:
    metrics = GrownMetrics(BORN, {"likes": 10}, PACES["x"])
    assert metrics.at(BORN) == {"likes": 0}
    assert metrics.at(BORN - timedelta(days=1)) == {"likes": 0}


def test_an_outage_brings_nothing_and_is_made_up_for_by_nobody() -> None:
    begin, end = BORN + timedelta(hours=5), BORN + timedelta(hours=53)
    stopped = GrownMetrics(BORN, {"views": 5000}, PACES["facebook"], (Standstill(begin, end),))
    free = GrownMetrics(BORN, {"views": 5000}, PACES["facebook"])
    assert stopped.at(begin) == stopped.at(begin + timedelta(hours=20)) == stopped.at(end)
    assert stopped.at(end + timedelta(hours=7)) == free.at(BORN + timedelta(hours=12))


def test_a_planted_dip_lowers_one_counter_from_its_instant_on() -> None:
    at = BORN + timedelta(days=5)
    metrics = GrownMetrics(
        BORN, {"likes": 200, "shares": 200}, PACES["x"], (), Dip("likes", at, 0.1)
    )
    before, after = metrics.at(at - timedelta(seconds=1)), metrics.at(at)
    assert after["likes"] < before["likes"]
    assert after["shares"] >= before["shares"]
