"""What reading an account at X will cost, before it is connected."""

import pytest

from data.x_prices import estimate


def test_a_post_is_billed_on_every_day_it_is_read() -> None:
    found = estimate(1, own=True, past_posts=1000)
    assert found.reads_a_month == 1186  # 30.4 posts on 39 days each
    assert found.month_cents == 149  # 1,186 at $0.001, and followers on 30 days at $0.010
    assert found.first_cents == 100


def test_anothers_posts_cost_five_times_as_much_and_the_past_ends_at_3200() -> None:
    found = estimate(0, own=False, past_posts=1_000_000)
    assert (found.month_cents, found.first_cents) == (30, 1600)


def test_fewer_than_no_posts_is_an_error() -> None:
    with pytest.raises(ValueError, match="fewer than no posts"):
        estimate(-1, own=True)
