"""What the page Engagement reads: the daily rollups, and posts by their hour of the week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Select, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from data.metrics import ENGAGEMENT_GROUPS, RATE_OVER, engagement
from data.models import (
    Account,
    EngagementDaily,
    EngagementTopicDaily,
    Post,
    PostLatest,
    PostTopic,
    Topic,
)
from data.rollups import reading
from data.rollups.contributions import HAPPENED, fold
from data.session import Session

_TAKEN = timedelta(days=100)
MEASURES = ("engagement", "rated_engagement", "rated_over", "posts", "clicks")
_COUNTERS = tuple(dict.fromkeys([n for g in ENGAGEMENT_GROUPS for n in g] + ["clicks"]))
POST_COLUMNS = (
    "post_id",
    "at",
    "network",
    "account",
    "kind",
    "text",
    "permalink",
    "engagement",
    "over",
    "reach",
    "clicks",
)
_OVERS = tuple(sorted(set(RATE_OVER.values())))


@dataclass(frozen=True)
class Choices:
    """What can be filtered by: networks and kinds that have posts, topics that have any."""

    networks: tuple[str, ...]
    kinds: tuple[str, ...]
    topics: tuple[str, ...]


def choices(session: Session) -> Choices:
    """Every network, kind and topic that at least one post has, sorted."""
    networks = session.exec(
        select(Account.network)
        .where(col(Account.id).in_(select(Post.account_id)))
        .distinct()
        .order_by(Account.network)
    ).all()
    kinds = session.exec(select(Post.kind).distinct().order_by(Post.kind)).all()
    topics = session.exec(
        select(Topic.name).where(col(Topic.id).in_(select(PostTopic.topic_id))).order_by(Topic.name)
    ).all()
    return Choices(tuple(networks), tuple(kinds), tuple(topics))


def daily(
    session: Session, *, axis: str, first: date, last: date, topic: str | None = None
) -> pd.DataFrame:
    """Totals by day between two days (both included), on one axis.

    Columns: day, network, kind ("" with a topic: topic totals know no kind), one column for
    each of MEASURES and `estimated` (the part of engagement that was spread over several
    days). NaN: not known. Totals of one topic where `topic` is given.
    """
    table: Any = EngagementDaily if topic is None else EngagementTopicDaily
    kind = [col(EngagementDaily.kind)] if topic is None else []
    wanted: list[Any] = [table.day, Account.network, *kind, *_pivot(table)]
    query = (
        columns(*wanted)
        .join(Account, col(Account.id) == table.account_id)
        .where(table.axis == axis, table.day >= first, table.day <= last)
        .where(col(table.metric).in_(MEASURES))
        .group_by(table.day, Account.network, *kind)
        .order_by(table.day)
    )
    return framed_by_kind(session, query, topic)


def framed_by_kind(session: Session, query: Select[Any], topic: str | None) -> pd.DataFrame:
    """A query by day, network and kind as a frame; of a topic, whose totals know no kind, ""."""
    if topic is None:
        return framed(session, query)
    frame = framed(session, of_topics(query).where(col(Topic.name) == topic))
    frame.insert(2, "kind", "")
    return frame


def of_topics(query: Select[Any]) -> Select[Any]:
    """A query over the totals by topic, with the topics' names at hand."""
    return query.join(Topic, col(Topic.id) == EngagementTopicDaily.topic_id)


def by_topic(session: Session, *, axis: str, first: date, last: date) -> pd.DataFrame:
    """Totals by topic and network over a period. Never sum them over topics.

    Columns: topic, network, MEASURES, estimated.
    """
    table: Any = EngagementTopicDaily
    wanted: list[Any] = [col(Topic.name).label("topic"), Account.network, *_pivot(table)]
    query = (
        columns(*wanted)
        .select_from(table)
        .join(Account, col(Account.id) == table.account_id)
        .join(Topic, col(Topic.id) == table.topic_id)
        .where(table.axis == axis, table.day >= first, table.day <= last)
        .where(col(table.metric).in_(MEASURES))
        .group_by(Topic.name, Account.network)
        .order_by(Topic.name)
    )
    return framed(session, query)


def posts_between(
    session: Session,
    *,
    zone: str,
    first: date,
    last: date,
    network: str | None = None,
    kind: str | None = None,
    topic: str | None = None,
) -> pd.DataFrame:
    """Posts published between two days of `zone`, with their newest figures.

    Columns: post_id, at (in `zone`, naive), network, account, kind, text, permalink,
    engagement, over (the denominator of its network), reach, clicks; NaN where not known.
    Reposts of others are left out.
    """
    clock = ZoneInfo(zone)
    wanted: list[Any] = [
        col(Post.id).label("post_id"),
        Post.published_at,
        Account.network,
        col(Account.handle).label("account"),
        Post.kind,
        Post.text,
        Post.permalink,
        *(getattr(PostLatest, name) for name in (*_COUNTERS, *_OVERS, "reach")),
    ]
    query = (
        columns(*wanted)
        .join(Account, col(Account.id) == Post.account_id)
        .outerjoin(PostLatest, col(PostLatest.post_id) == Post.id)
        .where(
            col(Post.published_at) >= datetime.combine(first, time(), clock),
            col(Post.published_at) < datetime.combine(last + timedelta(days=1), time(), clock),
            col(Post.kind) != "retweet",
        )
        .order_by(col(Post.published_at))
    )
    if network is not None:
        query = query.where(col(Account.network) == network)
    if kind is not None:
        query = query.where(col(Post.kind) == kind)
    if topic is not None:
        query = query.where(col(Post.id).in_(_ids_of(topic)))
    return _posts(session.execute(query).all(), clock)


def gained_on(
    session: Session,
    *,
    zone: str,
    day: date,
    network: str | None = None,
    kind: str | None = None,
    topic: str | None = None,
) -> pd.DataFrame:
    """Posts that gained engagement on a day of `zone`, as the totals count it.

    Columns: those of `posts_between`, gained, estimated. Works from the snapshots of the
    posts of the last 100 days: beyond that none is taken.
    """
    frame = posts_between(
        session, zone=zone, first=day - _TAKEN, last=day, network=network, kind=kind, topic=topic
    )
    connection = session.connection()
    ids = [int(post_id) for post_id in frame["post_id"]]
    subjects, snapshots = reading.subjects(connection, ids), reading.snapshots(connection, ids)
    cell = (HAPPENED, day, "engagement")
    shares = {
        post_id: share
        for post_id, subject in subjects.items()
        if (share := fold(subject, snapshots.get(post_id, []), zone).shares.get(cell)) is not None
    }
    frame = frame[frame["post_id"].isin(list(shares))].copy()
    frame["gained"] = [float(shares[int(i)].value) for i in frame["post_id"]]
    frame["estimated"] = [float(shares[int(i)].estimated) for i in frame["post_id"]]
    return frame[frame["gained"] != 0].sort_values("gained", ascending=False)


def _ids_of(topic: str) -> Any:
    return (
        select(PostTopic.post_id)
        .join(Topic, col(Topic.id) == PostTopic.topic_id)
        .where(Topic.name == topic)
    )


def _posts(rows: Iterable[Any], clock: ZoneInfo) -> pd.DataFrame:
    """Rows of posts as a frame, with engagement and the denominator worked out."""
    made = [
        {
            "post_id": row.post_id,
            "at": row.published_at.astimezone(clock).replace(tzinfo=None),
            "network": row.network,
            "account": row.account,
            "kind": row.kind,
            "text": row.text,
            "permalink": row.permalink,
            "engagement": _engagement(row),
            "over": _number(getattr(row, RATE_OVER.get(row.network, "views"))),
            "reach": _number(row.reach),
            "clicks": _number(row.clicks),
        }
        for row in rows
    ]
    frame = pd.DataFrame(made, columns=list(POST_COLUMNS))
    for name in ("engagement", "over", "reach", "clicks"):
        frame[name] = frame[name].astype(np.float64)
    return frame


def _engagement(row: Any) -> float:
    return _number(engagement({name: getattr(row, name) for name in _COUNTERS}))


def _number(value: int | None) -> float:
    return float("nan") if value is None else float(value)


def _pivot(table: Any) -> list[Any]:
    sums = [func.sum(table.value).filter(table.metric == name).label(name) for name in MEASURES]
    return [
        *sums,
        func.sum(table.estimated).filter(table.metric == "engagement").label("estimated"),
    ]


def framed(session: Session, query: Select[Any]) -> pd.DataFrame:
    """Rows as columns: `day` as datetime64, names as text, figures float (NaN: not known)."""
    result = session.connection().execute(query)
    names = list(result.keys())
    rows = result.all()
    frame = pd.DataFrame(
        {
            name: np.array([row[index] for row in rows], dtype=_kind_of(name))
            for index, name in enumerate(names)
        }
    )
    if "day" in frame:
        frame["day"] = frame["day"].astype("datetime64[s]")
    return frame


def _kind_of(name: str) -> Any:
    if name == "day":
        return "datetime64[D]"
    return object if name in {"network", "kind", "topic"} else np.float64
