"""Which posts may take the short way, and that collecting's usual ones do."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select, update
from sqlmodel import col

from data.metrics import POST_METRIC_NAMES
from data.models import Account, EngagementDaily, Post, to_micros
from data.rollups import inserted
from data.rollups.appending import append
from data.rollups.batch import Row, make_batch, regular

PUBLISHED = datetime(2026, 3, 2, 15, tzinfo=UTC)


def row(hours: float, post_id: int = 1, **metrics: int) -> Row:
    at = to_micros(PUBLISHED + timedelta(hours=hours))
    return (at, post_id, None, *(metrics.get(name) for name in POST_METRIC_NAMES))


@pytest.fixture
def posts(engine: Engine) -> Engine:
    """Post 1 and a retweet, post 2."""
    at = {"first_seen_at": PUBLISHED, "seen_at": PUBLISHED, "changed_at": PUBLISHED}
    with engine.execution_options(write=True).begin() as connection:
        connection.execute(
            insert(Account),
            [
                {
                    "id": 1,
                    "network": "x",
                    "handle": "h",
                    "handle_key": "h",
                    "state": "connected",
                    "can": [],
                    "cannot": [],
                    "created_at": PUBLISHED,
                }
            ],
        )
        connection.execute(
            insert(Post),
            [
                {
                    "id": number,
                    "account_id": 1,
                    "remote_id": str(number),
                    "kind": kind,
                    "published_at": PUBLISHED,
                    "text": "t",
                    "links": [],
                    "topics_by": "match",
                    **at,
                }
                for number, kind in ((1, "post"), (2, "retweet"))
            ],
        )
        inserted(connection, [1, 2])
    return engine


@pytest.mark.parametrize(
    ("before", "rows", "short"),
    [
        ([], [row(1, likes=1)], True),
        ([], [row(1, likes=1), row(2, likes=3), row(30, likes=2)], True),
        ([], [row(40, likes=1)], True),
        ([], [], True),
        ([row(1, likes=1)], [row(2, likes=1)], True),
        ([row(1, likes=1, clicks=2)], [row(2, likes=1)], True),
        ([row(1, likes=1, clicks=2), row(2, likes=1)], [row(3, likes=1)], True),
        ([row(1, likes=1)], [row(1, likes=1)], False),  # repeated
        ([row(2, likes=1)], [row(1, likes=1)], False),  # late
        ([row(1, likes=1)], [row(2, likes=1, clicks=0)], False),  # a metric comes
        ([row(1, likes=1, clicks=2), row(2, likes=1)], [row(3, likes=1, clicks=3)], False),
        ([], [row(1, likes=1), row(2, clicks=1)], False),
        ([], [row(1, likes=1), row(1, likes=2)], False),
        ([], [row(-1, likes=1)], False),  # before it was published
        ([], [row(1, likes=2**53)], False),
        ([], [row(1, post_id=2, likes=1)], False),  # a retweet
    ],
)
def test_the_short_way(posts: Engine, before: list[Row], rows: list[Row], short: bool) -> None:
    with posts.execution_options(write=True).begin() as connection:
        for one in before:
            append(connection, [one])
        if rows:
            assert regular(make_batch(connection, rows)).tolist() == [short]
        append(connection, rows)


def test_what_cancels_out_still_says_how_much_is_estimated(posts: Engine) -> None:
    with posts.execution_options(write=True).begin() as connection:
        connection.execute(update(Post).where(col(Post.id) == 2).values(kind="post"))
        append(connection, [row(1, 1, likes=5), row(1, 2, likes=5)])
        append(connection, [row(25, 1, likes=7), row(2, 2, likes=4)])  # +1 and +1, -1
        found = connection.execute(
            select(
                col(EngagementDaily.day), col(EngagementDaily.value), col(EngagementDaily.estimated)
            )
            .where(
                col(EngagementDaily.axis) == "happened",
                col(EngagementDaily.metric) == "likes",
                col(EngagementDaily.kind) == "post",
            )
            .order_by(col(EngagementDaily.day))
        ).all()
    assert [tuple(one[1:]) for one in found] == [(10, 1), (1, 1)]


def test_a_snapshot_of_no_post_is_an_error(posts: Engine) -> None:
    with (
        posts.execution_options(write=True).begin() as connection,
        pytest.raises(LookupError, match="1 snapshots of posts that are not stored"),
    ):
        append(connection, [row(1, post_id=99, likes=1)])
