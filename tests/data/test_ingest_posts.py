"""A page of posts: what is kept, counted and left."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import select

from data import ingest, raw, rollups
from data.models import Account, EngagementDaily, Post, PostLatest, Practice
from data.records import PostRecord, Raw
from data.session import open_session

PUBLISHED = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def no_topics(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("sleep", ("sleep",)),) if "sleep" in text else ()


def make_account(engine: Engine, network: str = "x") -> Account:
    with open_session(engine, "test", write=True) as session:
        account = Account(
            network=network, handle="hudson", handle_key="hudson", created_at=PUBLISHED
        )
        session.add(account)
        session.flush()
        return account


def record(after: timedelta, text: str = "sleep well", **metrics: int) -> PostRecord:
    return PostRecord("1", "post", PUBLISHED, text, None, (), "en", metrics, PUBLISHED + after)


def test_smoke(engine: Engine, practice: Practice) -> None:
    account = make_account(engine)
    with open_session(engine, "test", write=True) as session:
        assert account.id
        ids = raw.store(session, account.id, "x", [Raw("/2/x", "2", 200, PUBLISHED, b"{}")])
        first = ingest.posts(
            session, account, [record(timedelta(hours=1), likes=3)], ids, no_topics
        )
        assert first == ingest.Counts(1, 0, 0)
        again = ingest.posts(
            session, account, [record(timedelta(hours=1), likes=3)], ids, no_topics
        )
        assert again == ingest.Counts(0, 0, 1)
        more = ingest.posts(session, account, [record(timedelta(hours=2), likes=5)], ids, no_topics)
        assert more == ingest.Counts(0, 1, 0)
    with open_session(engine, "test", write=True) as session:
        rows = session.exec(select(EngagementDaily)).all()
        kept = {(r.axis, r.metric, r.value, r.posts) for r in rows}
        assert ("published", "likes", 5, 1) in kept
        assert ("happened", "likes", 5, 1) in kept
        assert ("published", "posts", 1, 1) in kept
        rollups.recompute(session)
        session.expunge_all()
        assert {
            (r.axis, r.metric, r.value, r.posts) for r in session.exec(select(EngagementDaily))
        } == kept
        assert session.exec(select(PostLatest)).one().likes == 5
        assert session.exec(select(Post)).one().next_snapshot_at == PUBLISHED + timedelta(hours=3)
