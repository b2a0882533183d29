"""Totals equal a full recomputation, and an independent oracle, after any input."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, note
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from data import ingest, practice, rollups, topics
from data.models import (
    Account,
    EngagementDaily,
    EngagementTopicDaily,
    Post,
    PostLatest,
    PostSnapshot,
    Topic,
)
from data.records import PostRecord
from data.session import Session, open_session
from tests.data.midnights import midnight_after
from tests.data.oracle import Known, totals

ZONES = (
    "America/New_York",
    "Australia/Lord_Howe",
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "Pacific/Apia",
    "Asia/Kathmandu",
)
#: Around the beginnings and ends of summer time, a skipped day, and far away.
BEGINNINGS = (
    datetime(2026, 3, 7, 20, tzinfo=UTC),
    datetime(2026, 10, 31, 20, tzinfo=UTC),
    datetime(2026, 4, 4, 10, tzinfo=UTC),
    datetime(2011, 12, 29, 20, tzinfo=UTC),
    datetime(1970, 1, 1, 3, tzinfo=UTC),
    datetime(2099, 12, 30, 22, tzinfo=UTC),
)
METRICS = {
    "x": ("impressions", "likes", "replies", "reposts", "bookmarks", "clicks"),
    "facebook": ("views", "reach", "reactions", "comments", "shares"),
    "instagram": ("views", "likes", "reactions", "comments", "saves", "replies", "bookmarks"),
}
TOPICS = ("flu", "sleep", "diabetes", "vaccines")
NETWORKS = ("x", "facebook", "instagram")


@dataclass(frozen=True)
class Step:
    """One thing that happens to one account: a page, a correction, a deletion, a new zone."""

    what: str
    account: int
    records: tuple[PostRecord, ...] = ()
    remote_id: str = ""
    names: tuple[str, ...] = ()
    zone: str = "UTC"


@dataclass
class Model:
    """What the databases should know, as plain as it can be."""

    zone: str
    posts: dict[tuple[int, str], Known] = field(default_factory=dict)
    seen_at: dict[tuple[int, str], datetime] = field(default_factory=dict)
    by_person: set[tuple[int, str]] = field(default_factory=set)


def match(text: str) -> Sequence[tuple[str, Sequence[str]]]:
    return [(name, (name,)) for name in TOPICS if name in text][:3]


ZONE = st.shared(st.sampled_from(ZONES), key="zone")


@st.composite
def records(draw: st.DrawFn, network: str, remote_ids: Sequence[str]) -> PostRecord:
    begin = draw(st.shared(st.sampled_from(BEGINNINGS), key="begin"))
    published = begin + timedelta(minutes=draw(st.sampled_from((0, 60, 310, 1500))))
    age = draw(
        st.one_of(
            st.integers(-90, 60 * 48),
            st.sampled_from((0, 1440, 1441, 60 * 24 * 3, 60 * 24 * 20)),
        )
    )
    known = draw(st.sampled_from((METRICS[network], METRICS[network][:3], METRICS[network][2:])))
    chosen = draw(st.sampled_from((known, known, known, known[:-1], ())))
    return PostRecord(
        remote_id=draw(st.sampled_from(remote_ids)),
        kind=draw(st.sampled_from(("post", "post", "post", "video", "retweet"))),
        published_at=published,
        text=draw(st.sampled_from(("flu", "flu sleep", "sleep diabetes vaccines flu", "other"))),
        permalink=None,
        links=(),
        language=None,
        metrics={name: draw(st.integers(0, 30)) for name in chosen},
        captured_at=midnight_after(published, draw(ZONE), 1 + age % 5)
        if draw(st.integers(0, 3)) == 0
        else published + timedelta(minutes=age),
    )


@st.composite
def growths(draw: st.DrawFn, network: str, remote_ids: Sequence[str]) -> list[PostRecord]:
    """A post as collecting sees it: the same metrics at growing ages, mostly rising."""
    first = draw(records(network, remote_ids))
    ages = sorted(draw(st.sets(st.integers(0, 60 * 24 * 6), min_size=1, max_size=5)))
    start = draw(st.sampled_from((0, 0, 30)))
    nightly, zone = draw(st.booleans()), draw(ZONE)
    ages = sorted({age // 1440 * 1440 for age in ages}) if nightly else ages
    value, grown = 0, []
    for age in ages:
        value += draw(st.integers(-2, 40))
        grown.append(
            replace(
                first,
                metrics={name: max(value, 0) for name in METRICS[network]},
                captured_at=midnight_after(first.published_at, zone, 1 + age // 1440)
                if nightly
                else first.published_at + timedelta(minutes=age, hours=start),
            )
        )
    return grown


@st.composite
def steps(draw: st.DrawFn) -> Step:
    account = draw(st.integers(0, len(NETWORKS) - 1))
    network = NETWORKS[account]
    what = draw(st.sampled_from(("page", "page", "growth", "growth", "topics", "gone", "zone")))
    remote_ids = ("1", "2", "3")
    if what == "growth":
        page = draw(growths(network, remote_ids))
        if draw(st.booleans()):
            page = draw(st.permutations(page))
        return Step("page", account, records=tuple(page))
    if what == "page":
        page = draw(st.lists(records(network, remote_ids), min_size=1, max_size=4))
        return Step("page", account, records=tuple(page))
    names = draw(st.lists(st.sampled_from(TOPICS), max_size=3, unique=True))
    return Step(
        what,
        account,
        remote_id=draw(st.sampled_from(remote_ids)),
        names=tuple(names),
        zone=draw(st.sampled_from(ZONES)),
    )


@given(ZONE, st.lists(steps(), min_size=1, max_size=7))
def test_totals_equal_recomputation_and_oracle(
    engine: Engine, zone: str, taken: list[Step]
) -> None:
    with rolled_back(engine) as session:
        accounts = _begin(session, zone)
        model = Model(zone)
        for step in taken:
            note(repr(step))
            _take(session, accounts, step)
            _follow(model, accounts, step, session)
        expected = totals(list(model.posts.values()), model.zone)
        assert stored(session) == expected
        latest = latest_rows(session)
        rollups.recompute(session)
        assert stored(session) == expected
        assert latest_rows(session) == latest
        _check_snapshots(session, model)


class rolled_back:
    """A session whose work is thrown away: the next example finds an empty database."""

    def __init__(self, engine: Engine) -> None:
        self._context = open_session(engine, "test", write=True)

    def __enter__(self) -> Session:
        return self._context.__enter__()

    def __exit__(self, *exc: Any) -> None:
        if exc[0] is None:
            stop = _Enough()
            try:
                self._context.__exit__(_Enough, stop, None)
            except _Enough:
                return
        self._context.__exit__(*exc)


class _Enough(Exception):
    """Ends a transaction without keeping it."""


def stored(session: Session) -> tuple[dict[Any, Any], dict[Any, Any]]:
    session.expire_all()
    by_kind = {
        (r.axis, r.day, r.account_id, r.kind, r.metric): (r.value, r.estimated, r.posts)
        for r in session.exec(select(EngagementDaily))
    }
    by_topic = {
        (r.axis, r.day, r.account_id, r.topic_id, r.metric): (r.value, r.estimated, r.posts)
        for r in session.exec(select(EngagementTopicDaily))
    }
    return by_kind, by_topic


def latest_rows(session: Session) -> dict[int, dict[str, Any]]:
    session.expire_all()
    return {row.post_id: row.model_dump() for row in session.exec(select(PostLatest))}


def _begin(session: Session, zone: str) -> list[Account]:
    practice.describe(session, zone=zone)
    made = [
        Account(network=network, handle="h", handle_key="h", created_at=BEGINNINGS[0])
        for network in NETWORKS
    ]
    session.add_all(made)
    session.flush()
    return made


def _take(session: Session, accounts: list[Account], step: Step) -> None:
    account = accounts[step.account]
    post = session.exec(
        select(Post).where(Post.account_id == account.id, Post.remote_id == step.remote_id)
    ).first()
    if step.what == "page":
        ingest.posts(session, account, step.records, [], match)
    elif step.what == "zone":
        practice.describe(session, zone=step.zone)
    elif step.what == "gone":
        ingest.mark_deleted(session, account, [step.remote_id], BEGINNINGS[1])
    elif post is not None and step.names == ("flu",):
        topics.undo(session, post.id or 0, match)
    elif post is not None:
        topics.correct(session, post.id or 0, step.names)


def _follow(model: Model, accounts: list[Account], step: Step, session: Session) -> None:
    account = accounts[step.account]
    ids = {topic.name: topic.id or 0 for topic in session.exec(select(Topic))}
    assert account.id is not None
    key = (account.id, step.remote_id)
    if step.what == "zone":
        model.zone = step.zone
    elif step.what == "topics" and key in model.posts:
        names: Sequence[str] = step.names
        model.by_person.add(key)
        if step.names == ("flu",):
            post = session.exec(
                select(Post).where(Post.account_id == account.id, Post.remote_id == step.remote_id)
            ).one()
            names = [name for name, _ in match(post.text)]
            model.by_person.discard(key)
        model.posts[key].topics = tuple(ids[name] for name in names)
    newest: dict[str, PostRecord] = {}
    for record in step.records:
        held = newest.get(record.remote_id)
        if held is None or record.captured_at >= held.captured_at:
            newest[record.remote_id] = record
    for record in newest.values():
        _describe(model, account, record, ids)
    for record in step.records:
        if record.metrics and record.kind != "retweet":
            known = model.posts[account.id, record.remote_id]
            known.snapshots.setdefault(record.captured_at, dict(record.metrics))


def _describe(model: Model, account: Account, record: PostRecord, ids: dict[str, int]) -> None:
    key = (account.id or 0, record.remote_id)
    if key in model.posts and record.captured_at < model.seen_at[key]:
        return
    found = tuple(ids[name] for name, _ in match(record.text))
    if key not in model.posts:
        model.posts[key] = Known(
            key[0], account.network, record.remote_id, record.kind, record.published_at, found
        )
    post = model.posts[key]
    post.kind, post.published_at = record.kind, record.published_at
    if key not in model.by_person:
        post.topics = found
    model.seen_at[key] = record.captured_at


def _check_snapshots(session: Session, model: Model) -> None:
    kept = {
        (post.account_id, post.remote_id, snapshot.captured_at)
        for snapshot, post in session.exec(
            select(PostSnapshot, Post).where(Post.id == PostSnapshot.post_id)
        )
    }
    assert kept == {(*key, at) for key, post in model.posts.items() for at in post.snapshots}
