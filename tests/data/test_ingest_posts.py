"""A page of posts: what is kept, counted and left."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from data import ingest, raw, topics
from data.errors import Refused
from data.ingest import Counts, next_snapshot_at
from data.models import (
    Account,
    AuditEvent,
    EngagementDaily,
    EngagementTopicDaily,
    Post,
    PostLatest,
    PostSnapshot,
    PostTopic,
    Practice,
    Topic,
)
from data.records import PostRecord, Raw
from data.session import Session, open_session

PUBLISHED = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = ("flu", "sleep", "diabetes", "vaccines")


def match(text: str) -> Sequence[tuple[str, Sequence[str]]]:
    return [(word, (word,)) for word in WORDS if word in text.lower()]


@pytest.fixture
def account(engine: Engine, practice: Practice) -> Account:
    with open_session(engine, "test", write=True) as session:
        made = Account(network="x", handle="hudson", handle_key="hudson", created_at=PUBLISHED)
        session.add(made)
    return made


def record(after: timedelta = HOUR, remote_id: str = "1", **metrics: int) -> PostRecord:
    return PostRecord(
        remote_id, "post", PUBLISHED, "Sleep well", None, (), "en", metrics, PUBLISHED + after
    )


def take(engine: Engine, account: Account, *records: PostRecord) -> Counts:
    with open_session(engine, "test", write=True) as session:
        return ingest.posts(session, account, records, [], match)


def one_post(session: Session) -> Post:
    return session.exec(select(Post)).one()


def kept(engine: Engine) -> set[tuple[str, str, str, int, int]]:
    with open_session(engine, "test") as session:
        rows = session.exec(select(EngagementDaily)).all()
        return {(r.axis, str(r.day), f"{r.kind} {r.metric}", r.value, r.posts) for r in rows}


def test_a_new_post_then_again_then_grown(engine: Engine, account: Account) -> None:
    assert take(engine, account, record(likes=3)) == Counts(1, 0, 0)
    assert take(engine, account, record(likes=3)) == Counts(0, 0, 1)
    assert take(engine, account, record(2 * HOUR, likes=3)) == Counts(0, 0, 1)
    assert take(engine, account, record(3 * HOUR, likes=5)) == Counts(0, 1, 0)
    with open_session(engine, "test") as session:
        assert len(session.exec(select(PostSnapshot)).all()) == 3
        assert session.exec(select(PostLatest)).one().likes == 5
        post = one_post(session)
        assert post.next_snapshot_at == PUBLISHED + 4 * HOUR
        assert (post.first_seen_at, post.seen_at) == (PUBLISHED + HOUR, PUBLISHED + 3 * HOUR)
        assert post.changed_at == PUBLISHED + HOUR
    assert kept(engine) == {
        ("published", "2026-03-02", "post posts", 1, 1),
        ("published", "2026-03-02", "post likes", 5, 1),
        ("published", "2026-03-02", "post engagement", 5, 1),
        ("happened", "2026-03-02", "post likes", 5, 1),
        ("happened", "2026-03-02", "post engagement", 5, 1),
    }


def test_a_page_that_holds_a_post_twice(engine: Engine, account: Account) -> None:
    assert take(engine, account, record(likes=3), record(likes=3)) == Counts(1, 0, 0)
    older = replace(record(0 * HOUR, likes=1), text="older")
    assert take(engine, account, record(2 * HOUR, likes=4), older) == Counts(0, 1, 0)
    with open_session(engine, "test") as session:
        assert one_post(session).text == "Sleep well"
        assert len(session.exec(select(PostSnapshot)).all()) == 3


def test_a_late_reply_adds_its_snapshot_and_describes_nothing(
    engine: Engine, account: Account
) -> None:
    take(engine, account, record(5 * HOUR, likes=9))
    late = replace(record(HOUR, likes=2), text="flu", kind="video")
    assert take(engine, account, late) == Counts(0, 0, 1)
    with open_session(engine, "test") as session:
        post = one_post(session)
        assert (post.text, post.kind) == ("Sleep well", "post")
        assert post.next_snapshot_at == PUBLISHED + 6 * HOUR
        assert session.exec(select(PostLatest)).one().likes == 9


def test_a_corrected_kind_and_time_move_what_the_post_adds(
    engine: Engine, account: Account
) -> None:
    take(engine, account, record(likes=3))
    earlier = PUBLISHED - timedelta(days=1)
    moved = replace(record(2 * HOUR, likes=3), kind="photo", published_at=earlier)
    assert take(engine, account, moved) == Counts(0, 1, 0)
    assert kept(engine) == {
        ("published", "2026-03-01", "photo posts", 1, 1),
        ("published", "2026-03-01", "photo likes", 3, 1),
        ("published", "2026-03-01", "photo engagement", 3, 1),
        # With the true time the first stand was no longer fresh; since then nothing happened.
        ("happened", "2026-03-02", "photo likes", 0, 1),
        ("happened", "2026-03-02", "photo engagement", 0, 1),
    }


def test_a_new_text_is_matched_anew_unless_a_person_said_otherwise(
    engine: Engine, account: Account
) -> None:
    take(engine, account, record(likes=3))
    assert topics_of(engine) == {"sleep": {"likes": 3}}
    changed = replace(record(2 * HOUR, likes=3), text="Flu and diabetes")
    assert take(engine, account, changed) == Counts(0, 1, 0)
    assert topics_of(engine) == {"flu": {"likes": 3}, "diabetes": {"likes": 3}}
    with open_session(engine, "owner", write=True) as session:
        topics.correct(session, one_post(session).id or 0, ["Vaccines ", "vaccines"])
    take(engine, account, replace(record(3 * HOUR, likes=4), text="Flu, only flu"))
    assert topics_of(engine) == {"vaccines": {"likes": 4}}
    with open_session(engine, "owner", write=True) as session:
        topics.undo(session, one_post(session).id or 0, match)
    assert topics_of(engine) == {"flu": {"likes": 4}}
    with open_session(engine, "test") as session:
        events = [event.action for event in session.exec(select(AuditEvent)).all()]
        assert events[-2:] == ["topics.correct", "topics.undo"]


def topics_of(engine: Engine) -> dict[str, dict[str, int]]:
    """Topic -> likes by day published, as the totals have it; ranks are checked on the way."""
    with open_session(engine, "test") as session:
        ranks = session.exec(select(PostTopic.rank)).all()
        assert sorted(ranks) == list(range(len(ranks)))
        return {
            topic.name: {row.metric: row.value}
            for row, topic in session.exec(
                select(EngagementTopicDaily, Topic).where(
                    EngagementTopicDaily.topic_id == Topic.id,
                    EngagementTopicDaily.axis == "published",
                    EngagementTopicDaily.metric == "likes",
                )
            )
        }


def test_at_most_three_topics_and_only_of_posts_that_are_there(
    engine: Engine, account: Account
) -> None:
    with open_session(engine, "owner", write=True) as session:
        with pytest.raises(Refused, match="at most 3"):
            topics.correct(session, 1, ["a", "b", "c", "d"])
        with pytest.raises(Refused, match="no post 1"):
            topics.correct(session, 1, ["a"])
        with pytest.raises(Refused, match="no post 1"):
            topics.undo(session, 1, match)


def test_a_metric_that_is_not_given_is_null(engine: Engine, account: Account) -> None:
    take(engine, account, record(likes=0))
    with open_session(engine, "test") as session:
        row = session.exec(select(PostSnapshot)).one()
        assert (row.likes, row.impressions) == (0, None)


def test_a_post_without_counters_has_no_snapshot(engine: Engine, account: Account) -> None:
    take(engine, account, record(), replace(record(remote_id="2", likes=7), kind="retweet"))
    with open_session(engine, "test") as session:
        assert session.exec(select(PostSnapshot)).all() == []
        due = {p.remote_id: p.next_snapshot_at for p in session.exec(select(Post))}
        assert due == {"1": PUBLISHED + 2 * HOUR, "2": None}
    assert kept(engine) == {
        ("published", "2026-03-02", "post posts", 1, 1),
        ("published", "2026-03-02", "retweet posts", 1, 1),
    }


def test_a_post_gone_at_the_network_keeps_its_figures(engine: Engine, account: Account) -> None:
    take(engine, account, record(likes=3), record(remote_id="2", likes=1))
    before = kept(engine)
    gone_at = PUBLISHED + 2 * HOUR
    with open_session(engine, "test", write=True) as session:
        assert ingest.mark_deleted(session, account, ["1", "unknown"], gone_at) == 1
        assert ingest.mark_deleted(session, account, ["1"], gone_at + HOUR) == 0
        post = session.exec(select(Post).where(Post.remote_id == "1")).one()
        assert (post.deleted_at, post.next_snapshot_at) == (gone_at, None)
    assert kept(engine) == before
    assert take(engine, account, record(3 * HOUR, likes=3)) == Counts(0, 1, 0)  # there again
    with open_session(engine, "test") as session:
        post = session.exec(select(Post).where(Post.remote_id == "1")).one()
        assert (post.deleted_at, post.next_snapshot_at) == (None, PUBLISHED + 4 * HOUR)


def test_hostile_texts_and_ids_are_kept(engine: Engine, account: Account) -> None:
    texts = ("a\x00b", "x" * 1_000_000, "\ud83d", "😀 שלום", "")
    ids = ("9" * 30, "1\x002", "a", "b", "c")
    page = [
        replace(record(likes=1, remote_id=remote_id), text=text, links=(text[:50],))
        for remote_id, text in zip(ids, texts, strict=True)
    ]
    assert take(engine, account, *page) == Counts(5, 0, 0)
    assert take(engine, account, *page) == Counts(0, 0, 5)
    with open_session(engine, "test") as session:
        stored = {post.remote_id: post.text for post in session.exec(select(Post))}
    assert stored == {
        "9" * 30: "a\ufffdb",
        "1\ufffd2": "x" * 1_000_000,
        "a": "\ufffd",
        "b": "😀 שלום",
        "c": "",
    }


def test_times_far_away_are_kept(engine: Engine, account: Account) -> None:
    for number, year in enumerate((1970, 2100)):
        at = datetime(year, 1, 1, 12, tzinfo=UTC)
        take(engine, account, replace(record(likes=1, remote_id=str(number)), published_at=at))
    with open_session(engine, "test") as session:
        years = [post.published_at.year for post in session.exec(select(Post))]
    assert sorted(years) == [1970, 2100]


def test_figures_name_their_reply(engine: Engine, account: Account) -> None:
    with open_session(engine, "test", write=True) as session:
        replies = [Raw(f"/{n}", "2", 200, PUBLISHED, b"{}") for n in range(2)]
        ids = raw.store(session, account.id, "x", replies)
        page = [replace(record(likes=1), raw=1), record(remote_id="2", likes=2)]
        ingest.posts(session, account, page, ids, match)
    with open_session(engine, "test") as session:
        sources = {
            post.remote_id: (post.raw_reply_id, snapshot.raw_reply_id, latest.raw_reply_id)
            for post, snapshot, latest in session.exec(
                select(Post, PostSnapshot, PostLatest).where(
                    Post.id == PostSnapshot.post_id, Post.id == PostLatest.post_id
                )
            )
        }
    assert sources == {"1": (ids[1],) * 3, "2": (ids[0],) * 3}


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (timedelta(0), HOUR),
        (timedelta(hours=23, minutes=59), HOUR),
        (timedelta(hours=24), 6 * HOUR),
        (timedelta(days=7), timedelta(days=1)),
        (timedelta(days=30), timedelta(weeks=1)),
        (timedelta(days=90), None),
        (-HOUR, HOUR),
    ],
)
def test_a_post_is_read_again_the_more_often_the_younger(
    age: timedelta, wait: timedelta | None
) -> None:
    at = PUBLISHED + age
    assert next_snapshot_at(PUBLISHED, at) == (None if wait is None else at + wait)
