"""One definition of engagement: wherever it is computed, the same counters give the same."""

from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from data.metrics import ENGAGEMENT_GROUPS, POST_METRIC_NAMES, engagement
from data.queries import engagement as of_the_page
from data.queries.posts import engagement_of
from data.rollups.contributions import PUBLISHED, Seen, Subject, fold

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
COUNTERS = st.fixed_dictionaries(
    {name: st.none() | st.integers(0, 10**9) for name in POST_METRIC_NAMES}
)


def by_hand(counters: dict[str, int | None]) -> int | None:
    """The definition, spelt out: the first known of each group, summed."""
    total: int | None = None
    for group in ENGAGEMENT_GROUPS:
        for name in group:
            value = counters[name]
            if value is not None:
                total = value + (total or 0)
                break
    return total


@given(COUNTERS)
def test_engagement_is_the_same_everywhere(counters: dict[str, int | None]) -> None:
    expected = by_hand(counters)
    assert engagement(counters) == expected
    table = pd.DataFrame({k: pd.array([v], dtype="Int64") for k, v in counters.items()})
    (shown,) = engagement_of(table)
    assert (None if pd.isna(shown) else int(shown)) == expected
    point = of_the_page._engagement(SimpleNamespace(**counters))
    assert (None if np.isnan(point) else int(point)) == expected
    known = {name: value for name, value in counters.items() if value is not None}
    post = Subject(1, 1, "x", "post", AT, turn=0)
    shares = fold(post, [Seen(AT, known)], "UTC").shares
    share = shares.get((PUBLISHED, AT.date(), "engagement"))
    assert (None if share is None else share.value) == expected


def test_reactions_stand_before_likes_and_clicks_are_apart() -> None:
    assert engagement({"reactions": 3, "likes": 9, "clicks": 7, "saves": 1}) == 4
    assert engagement({"clicks": 7}) is None
    assert engagement({"likes": 0}) == 0
