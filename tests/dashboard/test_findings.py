"""What is called unusual, and when the page says that it cannot tell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import findings

STEADY = [100, 110, 95, 105, 100, 98, 107, 102, 99, 104, 101, 96]


def test_a_change_like_those_of_the_past_is_usual() -> None:
    finding = findings.compare(104, 100, STEADY)
    assert finding.verdict == "usual"
    assert finding.change == pytest.approx(0.04)


@pytest.mark.parametrize(("now", "verdict"), [(40, "below"), (250, "above"), (0, "below")])
def test_a_change_unlike_the_past_is_named(now: float, verdict: str) -> None:
    assert findings.compare(now, 100, STEADY).verdict == verdict


def test_one_wild_week_does_not_widen_the_range() -> None:
    calm = findings.usual_range(STEADY)
    wild = findings.usual_range([*STEADY[:6], 2000, *STEADY[7:]])
    assert calm is not None
    assert wild is not None
    assert wild.high < 1.0
    assert wild.verdict(20.0) == "above"


def test_too_little_history_gives_no_verdict() -> None:
    finding = findings.compare(40, 100, STEADY[:8])  # seven changes
    assert finding.usual is None
    assert finding.verdict == "unknown"
    assert finding.change == pytest.approx(-0.6)


def test_nothing_before_gives_no_change() -> None:
    assert findings.compare(40, None, STEADY).change is None
    assert findings.compare(40, 0, STEADY).change is None
    assert findings.compare(None, 40, STEADY).verdict == "unknown"


def test_weeks_end_with_the_last_day_and_a_partial_first_week_is_left_out() -> None:
    days = np.arange("2026-03-01", "2026-03-18", dtype="datetime64[D]")  # 17 days
    weeks = findings.weekly_sums(days, np.ones(17), np.datetime64("2026-03-17"))
    assert weeks.tolist() == [7.0, 7.0]


def test_days_after_the_last_and_unknown_values_do_not_count() -> None:
    days = np.arange("2026-03-01", "2026-03-15", dtype="datetime64[D]")
    values = np.ones(14)
    values[3] = np.nan
    assert findings.weekly_sums(days, values, np.datetime64("2026-03-07")).tolist() == [6.0]


def test_a_week_without_rows_is_a_week_of_nothing() -> None:
    days = np.array(["2026-03-01", "2026-03-21"], dtype="datetime64[D]")
    weeks = findings.weekly_sums(days, np.array([5.0, 2.0]), np.datetime64("2026-03-21"))
    assert weeks.tolist() == [5.0, 0.0, 2.0]


def test_a_week_whose_rows_all_miss_the_figure_is_unknown() -> None:
    days = np.arange("2026-03-01", "2026-03-15", dtype="datetime64[D]")
    values = np.concatenate([np.ones(7), np.full(7, np.nan)])
    weeks = findings.weekly_sums(days, values, np.datetime64("2026-03-14"))
    assert weeks[0] == 7.0
    assert np.isnan(weeks[1])
    assert findings.latest_week(weeks).change is None


def test_the_latest_week_is_judged_by_the_older_ones() -> None:
    finding = findings.latest_week([*STEADY, 30.0])
    assert finding.verdict == "below"
    assert finding.before == STEADY[-1]


def test_movers_come_largest_first_whatever_their_sign() -> None:
    moves = findings.mover({"x": 10, "facebook": 50}, {"x": 100, "instagram": 5})
    assert moves == [("x", -90.0), ("facebook", 50.0), ("instagram", -5.0)]


@given(st.lists(st.floats(1, 1e6), min_size=12, max_size=60), st.floats(0.01, 100))
def test_the_range_does_not_depend_on_the_scale(weeks: list[float], scale: float) -> None:
    one = findings.usual_range(weeks)
    other = findings.usual_range([week * scale for week in weeks])
    assert one is not None
    assert other is not None
    assert other.low == pytest.approx(one.low, rel=1e-6, abs=1e-6)
    assert other.high == pytest.approx(one.high, rel=1e-6, abs=1e-6)
