"""The posts with their newest known figures, as the command line lists them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col, desc

from data.metrics import POST_METRIC_NAMES, engagement
from data.models import Account, Post, PostLatest, PostTopic, RawReply, Topic
from data.rollups.reading import chunks, zone_of
from data.session import Session

#: What posts can be sorted by, largest first; posts where it is not known come last.
SORTS = ("published_at", "engagement", *POST_METRIC_NAMES)


@dataclass(frozen=True)
class Wanted:
    """Which posts: days are the practice's, both included; None: all."""

    network: str | None = None
    since: date | None = None
    until: date | None = None
    sort: str = "published_at"
    limit: int | None = None


def posts_list(session: Session, wanted: Wanted) -> list[dict[str, Any]]:
    """Posts as JSON-ready rows: remote_id, network, account, published_at (UTC), text, topics
    (best first), metrics (only those that are known), source (the reply of the newest ones).
    """
    rows = _rows(session, wanted)
    if wanted.sort != "published_at":
        rows.sort(key=lambda row: _rank(row, wanted.sort))
    rows = rows[: wanted.limit]
    topics = _topics(session, [row.id for row in rows])
    return [_plain(row, topics[row.id]) for row in rows]


def _rows(session: Session, wanted: Wanted) -> list[Any]:
    counters = [getattr(PostLatest, name) for name in POST_METRIC_NAMES]
    query = (
        select(
            col(Post.id),
            col(Post.remote_id),
            col(Post.published_at),
            col(Post.text),
            col(Account.network),
            col(Account.handle),
            col(RawReply.id).label("reply"),
            col(RawReply.address),
            *counters,
        )
        .join(Account, col(Account.id) == col(Post.account_id))
        .outerjoin(PostLatest, col(PostLatest.post_id) == col(Post.id))
        .outerjoin(RawReply, col(RawReply.id) == _source())
        .where(*_conditions(session, wanted))
        .order_by(desc(col(Post.published_at)), col(Post.id))
    )
    return list(session.connection().execute(query))


def _source() -> ColumnElement[Any]:
    """The reply of the newest counters, else the one that told of the post."""
    return func.coalesce(col(PostLatest.raw_reply_id), col(Post.raw_reply_id))


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    zone = ZoneInfo(zone_of(session.connection()))
    conditions: list[ColumnElement[bool]] = []
    if wanted.network is not None:
        conditions.append(col(Account.network) == wanted.network)
    if wanted.since is not None:
        conditions.append(col(Post.published_at) >= _midnight(wanted.since, zone))
    if wanted.until is not None:
        after = wanted.until + timedelta(days=1)
        conditions.append(col(Post.published_at) < _midnight(after, zone))
    return conditions


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _rank(row: Any, sort: str) -> tuple[bool, int]:
    value = engagement(_metrics(row)) if sort == "engagement" else getattr(row, sort)
    return value is None, -(value or 0)


def _metrics(row: Any) -> dict[str, int]:
    values = {name: getattr(row, name) for name in POST_METRIC_NAMES}
    return {name: value for name, value in values.items() if value is not None}


def _topics(session: Session, post_ids: list[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for part in chunks(post_ids):
        rows = session.connection().execute(
            select(col(PostTopic.post_id), col(Topic.name))
            .join(Topic, col(Topic.id) == col(PostTopic.topic_id))
            .where(col(PostTopic.post_id).in_(part))
            .order_by(col(PostTopic.post_id), col(PostTopic.rank))
        )
        for post_id, name in rows:
            found[post_id].append(name)
    return found


def _plain(row: Any, topics: list[str]) -> dict[str, Any]:
    return {
        "remote_id": row.remote_id,
        "network": row.network,
        "account": f"{row.network}:{row.handle}",
        "published_at": row.published_at,
        "text": row.text,
        "topics": topics,
        "metrics": _metrics(row),
        "source": None if row.reply is None else f"raw:{row.reply} {row.address}",
    }
