"""Read what the totals of some posts are made of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar, cast
from zlib import crc32

from sqlalchemy import Connection, select
from sqlalchemy.orm import Mapped
from sqlmodel import col

from data.metrics import POST_METRIC_NAMES
from data.models import Account, Post, PostSnapshot, PostTopic, Practice
from data.rollups.contributions import Seen, Subject

T = TypeVar("T")

#: Where no practice is described yet: its first zone then recomputes the totals.
NO_ZONE = "UTC"
CHUNK = 500

#: The key, for typing: of a stored post it is never None.
post_key: Mapped[int] = cast("Mapped[int]", col(Post.id))
_COUNTERS = tuple(getattr(PostSnapshot, name) for name in POST_METRIC_NAMES)


def zone_of(connection: Connection) -> str:
    """The practice's zone, UTC before it is described."""
    return connection.execute(select(col(Practice.zone))).scalar() or NO_ZONE


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Lists of at most `size`: SQLite takes no more than so many parameters at once."""
    left = iter(items)
    while part := list(islice(left, size)):
        yield part


def subjects(connection: Connection, post_ids: Sequence[int]) -> dict[int, Subject]:
    """What the totals need to know of these posts, by id."""
    found: dict[int, Subject] = {}
    for part in chunks(post_ids):
        topics: defaultdict[int, list[int]] = defaultdict(list)
        chosen = select(col(PostTopic.post_id), col(PostTopic.topic_id))
        for post_id, topic_id in connection.execute(
            chosen.where(col(PostTopic.post_id).in_(part)).order_by(col(PostTopic.topic_id))
        ):
            topics[post_id].append(topic_id)
        rows = connection.execute(
            select(
                post_key,
                col(Post.account_id),
                col(Account.network),
                col(Post.kind),
                col(Post.published_at),
                col(Post.remote_id),
            )
            .join(Account, col(Account.id) == col(Post.account_id))
            .where(col(Post.id).in_(part))
        )
        for post_id, account_id, network, kind, published_at, remote_id in rows:
            turn = crc32(remote_id.encode())
            found[post_id] = Subject(
                post_id, account_id, network, kind, published_at, turn, tuple(topics[post_id])
            )
    return found


def snapshots(connection: Connection, post_ids: Sequence[int]) -> dict[int, list[Seen]]:
    """All snapshots of these posts in the order of their capture, by post."""
    found: defaultdict[int, list[Seen]] = defaultdict(list)
    for part in chunks(post_ids):
        rows = connection.execute(
            select(
                col(PostSnapshot.post_id),
                col(PostSnapshot.captured_at),
                col(PostSnapshot.raw_reply_id),
                *_COUNTERS,
            )
            .where(col(PostSnapshot.post_id).in_(part))
            .order_by(col(PostSnapshot.post_id), col(PostSnapshot.captured_at))
        )
        for post_id, captured_at, raw_reply_id, *counters in rows:
            found[post_id].append(Seen(captured_at, known(counters), raw_reply_id))
    return found


def known(counters: Sequence[int | None]) -> dict[str, int]:
    """Counters in the registry's order -> those that are known, by name."""
    return {
        name: value
        for name, value in zip(POST_METRIC_NAMES, counters, strict=True)
        if value is not None
    }
