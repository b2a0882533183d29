"""Posts as a table that can be searched, and one post with each figure's source."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Mapped
from sqlmodel import col

from data.metrics import ENGAGEMENT_GROUPS, POST_METRIC_NAMES, RATE_OVER
from data.models import Account, Post, PostLatest, PostTopic, Topic
from data.queries.newest import newest_values
from data.queries.sources import Source, sources
from data.session import Session

MOST_ROWS = 2_000
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


@dataclass(frozen=True)
class Wanted:
    """Which posts: instants are UTC, `until` is not included; empty tuples leave nothing out."""

    since: datetime | None = None
    until: datetime | None = None
    networks: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class MetricValue:
    """A metric's newest known value, when it was read and from which reply."""

    metric: str
    value: int
    captured_at: datetime
    source: Source | None


@dataclass(frozen=True)
class PostDetail:
    """One post with all that is known of it. `topics` are (name, words that decided)."""

    post: Post
    account: Account
    topics: tuple[tuple[str, tuple[str, ...]], ...]
    values: tuple[MetricValue, ...]
    source: Source | None


def posts_table(session: Session, wanted: Wanted, limit: int = MOST_ROWS) -> pd.DataFrame:
    """The newest `limit` posts that are wanted, newest first.

    Columns: post_id, remote_id, network, account, published_at (UTC), text, kind, permalink,
    deleted_at, captured_at, topics (list of names), every post metric (Int64, missing is NA),
    engagement (Int64), rate (float: engagement over impressions or views).
    """
    metrics = [getattr(PostLatest, name) for name in POST_METRIC_NAMES]
    query = (
        _narrowed(
            select(
                col(Post.id).label("post_id"),
                col(Post.remote_id),
                col(Account.network),
                col(Account.handle).label("account"),
                col(Post.published_at),
                col(Post.text),
                col(Post.kind),
                col(Post.permalink),
                col(Post.deleted_at),
                col(PostLatest.captured_at),
                *metrics,
            ),
            wanted,
        )
        .order_by(col(Post.published_at).desc(), col(Post.id).desc())
        .limit(limit)
    )
    result = session.execute(query)
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    for name in ("published_at", "deleted_at", "captured_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    for name in POST_METRIC_NAMES:
        frame[name] = frame[name].astype("Int64")
    frame.insert(10, "topics", _topics_of(session, frame["post_id"].tolist()))
    frame["engagement"] = engagement_of(frame)
    frame["rate"] = rate_of(frame)
    return frame


def count_posts(session: Session, wanted: Wanted) -> int:
    """How many posts are wanted in all."""
    query = _narrowed(select(func.count()), wanted)
    return int(session.execute(query).scalar_one())


def post_detail(session: Session, post_id: int) -> PostDetail | None:
    """One post with its newest known values and their sources; None where there is none."""
    post = session.get(Post, post_id)
    if post is None:
        return None
    account = session.get(Account, post.account_id)
    assert account is not None  # noqa: S101 - a foreign key
    newest = newest_values(session, post_id)
    known = sources(session, [raw for _, _, raw in newest.values()] + [post.raw_reply_id])
    values = tuple(
        MetricValue(name, newest[name][0], newest[name][1], known.get(newest[name][2] or 0))
        for name in POST_METRIC_NAMES
        if name in newest
    )
    return PostDetail(
        post,
        account,
        _topics_with_words(session, post_id),
        values,
        known.get(post.raw_reply_id or 0),
    )


def topic_names(session: Session) -> list[str]:
    """All topics, by name."""
    return list(session.execute(select(col(Topic.name)).order_by(Topic.name)).scalars())


def engagement_of(frame: pd.DataFrame) -> "pd.Series[int]":
    """`data.metrics.engagement` over a frame with the metrics as columns (Int64)."""
    groups = pd.DataFrame(
        {
            index: frame[list(group)].bfill(axis=1).iloc[:, 0]
            for index, group in enumerate(ENGAGEMENT_GROUPS)
        }
    )
    return groups.sum(axis=1, min_count=1).astype("Int64")


def rate_of(frame: pd.DataFrame) -> "pd.Series[float]":
    """Engagement over the network's own denominator; missing where either is, or is 0."""
    over = pd.Series(float("nan"), index=frame.index, dtype=float)
    for network, metric in RATE_OVER.items():
        own = frame["network"] == network
        over[own] = frame.loc[own, metric].astype("Float64").astype(float)
    return frame["engagement"].astype("Float64").astype(float) / over.where(over > 0)


def _narrowed(query: Select, wanted: Wanted) -> Select:  # type: ignore[type-arg]
    """The query over posts, accounts and newest counters, with the conditions."""
    joined = (
        query.select_from(Post)
        .join(Account, col(Account.id) == Post.account_id)
        .outerjoin(PostLatest, col(PostLatest.post_id) == Post.id)
    )
    return joined.where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.since:
        found.append(col(Post.published_at) >= wanted.since)
    if wanted.until:
        found.append(col(Post.published_at) < wanted.until)
    if wanted.networks:
        found.append(col(Account.network).in_(wanted.networks))
    if wanted.kinds:
        found.append(col(Post.kind).in_(wanted.kinds))
    if wanted.topics:
        about = (
            select(col(PostTopic.post_id))
            .join(Topic, col(Topic.id) == PostTopic.topic_id)
            .where(col(Topic.name).in_(wanted.topics))
        )
        found.append(col(Post.id).in_(about))
    for word in wanted.words.split():
        found.append(_says(word))
    return found


def _says(word: str) -> ColumnElement[bool]:
    """A word anywhere in the text, or a post's or account's own name, without case."""
    found = [_holds(col(Post.text), word), col(Post.remote_id) == word]
    if name := word.lstrip("@"):
        found.append(_holds(col(Account.handle), name))
    return or_(*found)


def _holds(column: Mapped[str], word: str) -> ColumnElement[bool]:
    """Whether the column holds the word, in any case, in databases of any locale.

    lower() knows only ASCII in SQLite, and in PostgreSQL where its locale is C.
    """
    if word.isascii():
        return func.lower(column).contains(word.lower(), autoescape=True)
    return column.regexp_match(any_case(word))


def any_case(word: str) -> str:
    """The word as a regular expression that both databases read, each letter in any case and
    accents in one piece or two; pure."""
    return "".join(_any_case(one) for one in unicodedata.normalize("NFC", word))


def _any_case(letter: str) -> str:
    cases = {letter, letter.lower(), letter.upper(), letter.casefold()}
    forms = {form for one in cases for form in (one, unicodedata.normalize("NFD", one))}
    escaped = sorted(PUNCTUATION.sub(r"\\\g<0>", form) for form in forms)
    return escaped[0] if len(escaped) == 1 else f"(?:{'|'.join(escaped)})"


def _topics_of(session: Session, post_ids: Sequence[int]) -> list[list[str]]:
    """Topic names of each post, best first, in the order of the ids."""
    named: dict[int, list[str]] = {post_id: [] for post_id in post_ids}
    for start in range(0, len(post_ids), 500):
        rows = session.execute(
            select(col(PostTopic.post_id), col(Topic.name))
            .join(Topic, col(Topic.id) == PostTopic.topic_id)
            .where(col(PostTopic.post_id).in_(post_ids[start : start + 500]))
            .order_by(col(PostTopic.post_id), col(PostTopic.rank))
        )
        for post_id, name in rows:
            named[post_id].append(name)
    return [named[post_id] for post_id in post_ids]


def _topics_with_words(session: Session, post_id: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows = session.execute(
        select(col(Topic.name), col(PostTopic.words))
        .join(Topic, col(Topic.id) == PostTopic.topic_id)
        .where(col(PostTopic.post_id) == post_id)
        .order_by(col(PostTopic.rank))
    )
    return tuple((name, tuple(words)) for name, words in rows)
