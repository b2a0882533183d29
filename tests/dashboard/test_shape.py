"""Totals, rates and their denominators, as the pages show them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from dashboard import hours, rates, said, shape
from dashboard.filters import Filters, resolve
from data.queries.coverage import Known, Span, together

FILTERS: Filters = resolve(date(2026, 10, 29), period="4 weeks", compare=None)
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 28)


def _rows(*rows: tuple[object, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(
        rows, columns=["day", "network", "kind", "engagement", "rated_engagement", "rated_over"]
    )
    frame["day"] = pd.to_datetime(frame["day"])
    return frame.assign(posts=1.0, clicks=np.nan, estimated=0.0)


ROWS = _rows(
    ("2026-10-02", "facebook", "photo", 10.0, 10.0, 100.0),
    ("2026-10-02", "instagram", "reel", 30.0, 20.0, 300.0),
    ("2026-10-05", "x", "post", 5.0, 5.0, 1000.0),
    ("2026-10-06", "x", "retweet", 99.0, 99.0, 1.0),
)


def test_a_rate_has_one_denominator_and_only_networks_that_name_it() -> None:
    what = shape.measure("Rate", ROWS[ROWS["kind"] != "retweet"])
    assert (what.over, what.networks) == ("views", ("facebook", "instagram"))
    kept = shape.only(ROWS, FILTERS, what)
    assert set(kept["network"]) == {"facebook", "instagram"}
    assert shape.value_of(kept, what) == pytest.approx(30 / 400 * 1000)
    assert "Facebook and Instagram" in what.definition


def test_a_rate_divides_the_sums_of_what_is_known_on_both_sides() -> None:
    what = shape.Measure("Rate", "views", ("instagram",))
    assert shape.value_of(ROWS[1:2], what) == pytest.approx(20 / 300 * 1000)
    assert shape.value_of(ROWS[:0], what) is None


def test_reposts_of_others_never_count() -> None:
    kept = shape.only(ROWS, FILTERS, shape.Measure("Engagement"))
    assert shape.value_of(kept, shape.Measure("Engagement")) == 45.0


def test_clicks_that_nobody_names_are_unknown_not_zero() -> None:
    assert shape.value_of(ROWS, shape.Measure("Clicks")) is None


def test_filters_by_network_and_kind() -> None:
    only = shape.only(ROWS, replace(FILTERS, network="facebook"), shape.Measure("Engagement"))
    assert set(only["network"]) == {"facebook"}
    only = shape.only(ROWS, replace(FILTERS, kind="reel"), shape.Measure("Engagement"))
    assert set(only["kind"]) == {"reel"}


def test_every_day_of_the_period_has_a_bar_and_days_before_the_first_figure_are_unknown() -> None:
    frame = shape.over_time(ROWS[:3], FIRST, LAST, shape.Measure("Engagement"), 1)
    assert len(frame) == 28
    assert frame["value"].iloc[:5].isna().tolist() == [True, False, False, False, False]
    assert frame["value"].iloc[:5].tolist()[1:] == [40.0, 0.0, 0.0, 5.0]


def test_weeks_end_with_the_period_and_lose_nothing() -> None:
    frame = shape.over_time(ROWS[:3], FIRST, LAST, shape.Measure("Engagement"), 7)
    assert len(frame) == 4
    assert frame["value"].sum() == 45.0
    assert frame["day"].iloc[0] == pd.Timestamp("2026-10-01")


def test_a_rate_of_a_day_without_posts_is_unknown() -> None:
    what = shape.Measure("Rate", "views", ("facebook", "instagram"))
    frame = shape.over_time(ROWS[:2], FIRST, LAST, what, 1)
    assert frame["value"].notna().sum() == 1


def test_the_rate_of_seven_days_is_a_sum_over_a_sum() -> None:
    rows = _rows(
        ("2026-10-01", "facebook", "photo", 0, 10.0, 100.0),
        ("2026-10-02", "facebook", "photo", 0, 10.0, 900.0),
    )
    what = shape.Measure("Rate", "views", ("facebook",))
    lines = shape.by_network(rows, FIRST, LAST, what, 1)
    assert lines["value"].iloc[1] == pytest.approx(20.0)  # not the mean of 100 and 11.1


def test_groups_are_ranked_and_the_unknown_left_out() -> None:
    ranked = shape.grouped(ROWS[:3], "network", shape.Measure("Engagement"))
    assert ranked["network"].tolist() == ["instagram", "facebook", "x"]
    assert shape.grouped(ROWS[:3], "network", shape.Measure("Clicks")).empty


def test_hours_are_means_over_posts_of_which_something_is_known() -> None:
    posts = pd.DataFrame(
        {
            "at": pd.to_datetime(["2026-10-05 09:10", "2026-10-12 09:50", "2026-10-05 09:20"]),
            "network": "facebook",
            "engagement": [10.0, 20.0, np.nan],
            "over": [100.0, 300.0, 5.0],
            "clicks": np.nan,
        }
    )
    grid = hours.hours(posts, shape.Measure("Engagement"))
    assert grid.to_dict("records") == [{"weekday": 0, "hour": 9, "value": 15.0, "posts": 2}]
    rate = hours.hours(posts, shape.Measure("Rate", "views", ("facebook",)))
    assert rate["value"].tolist() == pytest.approx([75.0])


def test_headings_state_the_finding() -> None:
    engagement = shape.Measure("Engagement")
    assert said.moved(engagement, 120, 100) == "Engagement rose 20 % to 120"
    assert said.moved(engagement, 80, 100) == "Engagement fell 20 % to 80"
    assert said.moved(engagement, 80, None) == "Engagement: 80"
    assert said.moved(engagement, None, 100) == "Engagement: no figures in this period"
    ranked = pd.DataFrame({"topic": ["flu", "sleep"], "value": [50.0, 49.5]})
    assert said.best("topic", ["Flu", "Sleep"], ranked, engagement) == "Flu and sleep are level"
    ranked["value"] = [50.0, 20.0]
    assert said.best("topic", ["Flu", "Sleep"], ranked, engagement) == "Flu brings the most"


def test_an_hour_with_few_posts_is_not_called_the_best() -> None:
    grid = pd.DataFrame({"weekday": [0, 1, 2, 3], "hour": 9, "value": [9.0, 5, 4, 3], "posts": 1})
    assert "Too few" in said.hour(grid, shape.Measure("Engagement"))
    grid["posts"] = [1, 4, 4, 4]
    assert said.hour(grid, shape.Measure("Engagement")) == "Best so far: Tue at 9:00"


def test_no_comparison_is_said_where_figures_begin_too_late() -> None:
    frame = shape.over_time(ROWS[:3], FIRST, LAST, shape.Measure("Engagement"), 1)
    known = Known(date(2026, 10, 2), LAST)
    text = said.drawn(shape.Measure("Engagement"), FILTERS, frame, 1, known)
    assert "complete figures begin on 2 Oct 2026" in text
    assert "dotted" not in text


def test_a_day_whose_only_post_names_no_clicks_is_unknown_and_a_day_without_posts_is_zero() -> None:
    rows = ROWS[:3].assign(clicks=[np.nan, np.nan, 7.0])
    frame = shape.over_time(rows, FIRST, LAST, shape.Measure("Clicks"), 1, Known(FIRST, LAST))
    assert np.isnan(frame["value"].iloc[1])
    assert frame["value"].iloc[[0, 2, 4]].tolist() == [0.0, 0.0, 7.0]


def test_nothing_is_zero_outside_of_the_days_that_were_read() -> None:
    known = Known(date(2026, 10, 2), date(2026, 10, 20))
    days = shape.over_time(ROWS[:3], FIRST, LAST, shape.Measure("Engagement"), 1, known)
    assert days["value"].isna().tolist() == [True] + [False] * 19 + [True] * 8
    weeks = shape.over_time(ROWS[:3], FIRST, LAST, shape.Measure("Engagement"), 7, known)
    assert weeks["value"].isna().tolist() == [False, False, True, True]
    said_ = said.drawn(shape.Measure("Engagement"), FILTERS, days, 1, known)
    assert "not everything was read after 20 Oct 2026" in said_


def test_a_networks_line_ends_with_its_reading() -> None:
    spans = (Span(1, "facebook", FIRST, date(2026, 10, 3)), Span(2, "x", FIRST, LAST))
    lines = shape.by_network(ROWS[:3], FIRST, LAST, shape.Measure("Engagement"), 1, spans)
    ends = lines[lines["value"].notna()].groupby("network")["day"].max()
    assert ends["facebook"] == pd.Timestamp("2026-10-03")
    assert ends["x"] == pd.Timestamp(LAST)


def test_by_reach_is_the_median_of_posts_never_a_sum_of_reach() -> None:
    posts = _posts((10.0, 100.0), (10.0, 1000.0), (30.0, 1000.0), (5.0, np.nan), (5.0, 0.0))
    what = shape.Measure("Rate", shape.REACH)
    rows = rates.per_post(posts)
    assert shape.value_of(rows, what) == pytest.approx(30.0)  # of 100, 10 and 30
    bars = shape.over_time(rows, FIRST, LAST, what, 1)
    assert bars["value"].iloc[4] == pytest.approx(30.0)
    assert bars["value"].notna().sum() == 1
    assert shape.grouped(rows, "kind", what)["value"].tolist() == pytest.approx([30.0])
    grid = hours.hours(posts, what)
    assert grid[["value", "posts"]].to_numpy().tolist() == [[pytest.approx(30.0), 3]]
    line = shape.by_network(rows, FIRST, LAST, what, 1)["value"]
    assert line.notna().sum() == 7


def _posts(*pairs: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "post_id": range(len(pairs)),
            "at": pd.to_datetime("2026-10-05 09:10"),
            "network": "facebook",
            "kind": "photo",
            "engagement": [pair[0] for pair in pairs],
            "reach": [pair[1] for pair in pairs],
        }
    )


def test_by_followers_is_over_the_same_accounts_on_days_that_both_are_known() -> None:
    days = pd.to_datetime(["2026-10-01", "2026-10-02", "2026-10-03"])
    engaged = pd.DataFrame(
        {
            "day": days[[1, 1]],
            "network": "facebook",
            "kind": ["photo", "link"],
            "rated_engagement": [30.0, 10.0],
        }
    )
    followers = pd.DataFrame(
        {"day": days, "network": "facebook", "account_id": 1.0, "rated_over": 1000.0}
    )
    spans = (Span(1, "facebook", date(2026, 10, 2), LAST),)
    what = shape.Measure("Rate", shape.FOLLOWERS)
    rows = rates.per_follower(engaged, followers, spans)
    assert shape.value_of(rows, what) == pytest.approx(20.0)  # 40 over 1,000 on two days
    assert shape.over_time(rows, FIRST, LAST, what, 1)["value"].dropna().tolist() == [40.0]
    kinds = shape.grouped(rows, "kind", what, over=2000.0)
    assert kinds.to_dict("list") == {"kind": ["photo", "link"], "value": [15.0, 5.0]}


def test_accounts_cover_together_only_what_each_of_them_covers() -> None:
    old = Span(1, "facebook", date(2025, 1, 1), date(2026, 10, 28))
    late = Span(2, "facebook", date(2026, 9, 1), date(2026, 10, 20))
    gone = Span(3, "x", date(2025, 1, 1), date(2026, 2, 1), read=False)
    assert together((old, late, gone)) == Known(date(2026, 9, 1), date(2026, 10, 20))
    assert together((old, late, gone), ("x",)) == Known(date(2025, 1, 1), date(2026, 2, 1))
    assert together((old,), ("instagram",)) is None
