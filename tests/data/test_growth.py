"""Growth curves: what is read between snapshots, and what is typical."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine

from data.models import Account, Post, PostSnapshot, Practice
from data.queries import growth
from data.session import open_session


def at_ages(hours: list[float], values: list[float], *ages: float) -> list[float]:
    return [float(one) for one in growth.values_at(np.array(hours), np.array(values), ages)]


def test_between_two_near_snapshots_a_straight_line_is_read() -> None:
    assert at_ages([12, 24], [10, 20], 12, 18, 24) == [10, 15, 20]


def test_a_post_counts_from_nothing_only_where_it_was_seen_within_a_day() -> None:
    assert at_ages([10, 20], [10, 12], 5) == [5]
    assert np.isnan(at_ages([30, 40], [10, 12], 5)[0])


def test_no_value_is_made_up_across_a_gap_or_beyond_the_last_snapshot() -> None:
    assert np.isnan(at_ages([6, 480], [5, 90], 240, 600)).all()
    assert at_ages([6, 480], [5, 90], 6, 480) == [5, 90]


def frame_of(posts: dict[int, list[tuple[float, float]]]) -> pd.DataFrame:
    rows = [(post, age, value) for post, points in posts.items() for age, value in points]
    return pd.DataFrame(rows, columns=["post_id", "age_hours", "value"])


def test_typical_is_the_median_and_the_middle_four_fifths() -> None:
    posts = {post: [(6.0, post * 5.0), (12.0, post * 10.0)] for post in range(1, 12)}
    found = growth.typical(frame_of(posts), ages=(12.0,))
    assert found.iloc[0].to_dict() == {
        "age_hours": 12, "low": 20, "median": 60, "high": 100, "posts": 11,
    }  # fmt: skip


def test_a_post_is_not_measured_against_itself() -> None:
    posts = {post: [(6.0, 1.0), (12.0, 2.0)] for post in range(1, 10)}
    posts[99] = [(6.0, 900.0), (12.0, 900.0)]
    found = growth.typical(frame_of(posts), leave_out=99, ages=(12.0,))
    assert (found["median"].iloc[0], found["high"].iloc[0], found["posts"].iloc[0]) == (2, 2, 9)


def test_a_few_posts_are_no_typical_curve() -> None:
    posts = {post: [(6.0, 1.0), (12.0, 2.0)] for post in range(growth.FEWEST_POSTS - 1)}
    assert growth.typical(frame_of(posts)).empty
    assert growth.typical(frame_of({})).empty


@pytest.mark.parametrize(("metric", "expected"), [("likes", [4, 4, 9]), ("engagement", [4, 5, 10])])
def test_an_absent_metric_keeps_its_last_value(
    engine: Engine, practice: Practice, metric: str, expected: list[float]
) -> None:
    begin = datetime(2026, 10, 1, tzinfo=UTC)
    with open_session(engine, "test", write=True) as session:
        account = Account(network="x", handle="d", handle_key="d", created_at=begin)
        session.add(account)
        session.flush()
        post = Post(
            account_id=account.id or 0, remote_id="1", kind="post", published_at=begin,
            text="", first_seen_at=begin, seen_at=begin, changed_at=begin,
        )  # fmt: skip
        session.add(post)
        session.flush()
        counters = ({"likes": 4}, {"replies": 1}, {"likes": 9})
        for hours, given in zip((1, 5, 9), counters, strict=True):
            session.add(
                PostSnapshot(
                    post_id=post.id or 0, captured_at=begin + timedelta(hours=hours), **given
                )
            )
        session.flush()
        found = growth.growth_frame(session, account.id or 0, metric)
        own = growth.curve(found, post.id or 0)
    assert own["value"].tolist() == expected
    assert own["age_hours"].tolist() == [1, 5, 9]
