"""A page of posts: new ones, changed ones, and a snapshot of each one's counters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from data import rollups
from data.ingest import bulk
from data.ingest.clean import storable
from data.ingest.counts import Counts
from data.ingest.schedule import next_snapshot_at
from data.metrics import POST_METRIC_NAMES
from data.models import Account, Post, PostLatest, to_micros
from data.records import PostRecord
from data.rollups.reading import chunks
from data.session import Session
from data.topics import replace_topics

Match = Callable[[str], Sequence[tuple[str, Sequence[str]]]]

#: What a newer reply may correct.
_DESCRIBING = ("kind", "published_at", "text", "permalink", "links", "language")
#: Of those, what decides where a post's figures stand in the totals.
_PLACING = ("kind", "published_at")


@dataclass
class _Plan:
    """What a page changes, by remote id."""

    new: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    retext: set[str] = field(default_factory=set)


def posts(
    session: Session,
    account: Account,
    records: Sequence[PostRecord],
    raw_ids: Sequence[int],
    topics: Match,
) -> Counts:
    """Keep a page of posts. Counts are of posts: one is updated when its text, kind, time,
    links, topics or newest counters changed.

    The newest reply describes a post; an older one that comes late adds its snapshot alone.
    """
    assert account.id is not None  # noqa: S101 - a stored account
    session.flush()
    connection = session.connection()
    rollups.lock_accounts(connection, [account.id])
    newest = _newest_first(records)
    known = _known(connection, account.id, list(newest))
    before = _counters(connection, [post.id for post in known.values()])
    plan = _plan(account.id, newest, known, raw_ids)
    ids = {remote_id: post.id for remote_id, post in known.items()}
    ids |= _insert(connection, plan.new, topics)
    _change(connection, plan, known, topics)
    bulk.snapshots(connection, _snapshots(records, ids, raw_ids))
    after = _counters(connection, [post.id for post in known.values()])
    updated = {
        remote_id
        for remote_id, post in known.items()
        if remote_id in plan.changed or before.get(post.id) != after.get(post.id)
    }
    session.expire_all()
    return Counts(len(plan.new), len(updated), len(known) - len(updated))


def _newest_first(records: Sequence[PostRecord]) -> dict[str, PostRecord]:
    """By remote id the newest record: a page may hold a post twice."""
    newest: dict[str, PostRecord] = {}
    for record in records:
        remote_id = storable(record.remote_id)
        held = newest.get(remote_id)
        if held is None or record.captured_at >= held.captured_at:
            newest[remote_id] = record
    return newest


def _known(connection: Connection, account_id: int, remote_ids: list[str]) -> dict[str, Any]:
    table = Post.__table__  # type: ignore[attr-defined]
    found: dict[str, Any] = {}
    for part in chunks(remote_ids):
        rows = connection.execute(
            select(table).where(table.c.account_id == account_id, table.c.remote_id.in_(part))
        )
        found |= {row.remote_id: row for row in rows}
    return found


def _counters(connection: Connection, post_ids: list[int]) -> dict[int, tuple[int | None, ...]]:
    columns = [getattr(PostLatest, name) for name in POST_METRIC_NAMES]
    found: dict[int, tuple[int | None, ...]] = {}
    for part in chunks(post_ids):
        rows = connection.execute(
            select(col(PostLatest.post_id), *columns).where(col(PostLatest.post_id).in_(part))
        )
        found |= {row[0]: tuple(row[1:]) for row in rows}
    return found


def _plan(
    account_id: int, newest: dict[str, PostRecord], known: dict[str, Any], raw_ids: Sequence[int]
) -> _Plan:
    plan = _Plan()
    for remote_id, record in newest.items():
        told = _told(record)
        post = known.get(remote_id)
        if post is None:
            plan.new[remote_id] = _new(account_id, remote_id, record, told, raw_ids)
        elif record.captured_at >= post.seen_at:
            _compare(plan, post, record, told, raw_ids)
    return plan


def _told(record: PostRecord) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "published_at": record.published_at,
        "text": storable(record.text),
        "permalink": None if record.permalink is None else storable(record.permalink),
        "links": [storable(link) for link in record.links],
        "language": record.language,
    }


def _new(
    account_id: int,
    remote_id: str,
    record: PostRecord,
    told: dict[str, Any],
    raw_ids: Sequence[int],
) -> dict[str, Any]:
    return {
        **told,
        "account_id": account_id,
        "remote_id": remote_id,
        "topics_by": "match",
        "first_seen_at": record.captured_at,
        "changed_at": record.captured_at,
        "seen_at": record.captured_at,
        "deleted_at": None,
        "next_snapshot_at": _next(record),
        "raw_reply_id": _raw(record, raw_ids),
    }


def _compare(
    plan: _Plan, post: Any, record: PostRecord, told: dict[str, Any], raw_ids: Sequence[int]
) -> None:
    seen = {"seen_at": record.captured_at, "next_snapshot_at": _next(record)}
    changed = {name: told[name] for name in _DESCRIBING if told[name] != getattr(post, name)}
    if post.deleted_at is not None and record.captured_at > post.deleted_at:
        changed["deleted_at"] = None  # it is there again
    if not changed:
        plan.seen[post.remote_id] = seen
        return
    source = {"changed_at": record.captured_at, "raw_reply_id": _raw(record, raw_ids)}
    plan.changed[post.remote_id] = {**changed, **source, **seen}
    if any(name in changed for name in _PLACING):
        plan.moved.add(post.remote_id)
    if "text" in changed and post.topics_by == "match":
        plan.retext.add(post.remote_id)


def _next(record: PostRecord) -> datetime | None:
    """Others' posts are never read again: their counts are not ours."""
    if record.kind == "retweet":
        return None
    return next_snapshot_at(record.published_at, record.captured_at)


def _raw(record: PostRecord, raw_ids: Sequence[int]) -> int | None:
    return raw_ids[record.raw] if raw_ids else None


def _insert(
    connection: Connection, new: dict[str, dict[str, Any]], topics: Match
) -> dict[str, int]:
    if not new:
        return {}
    connection.execute(insert(Post), list(new.values()))
    account_id = next(iter(new.values()))["account_id"]
    ids: dict[str, int] = {
        remote_id: post.id for remote_id, post in _known(connection, account_id, list(new)).items()
    }
    replace_topics(
        connection, {ids[remote_id]: topics(row["text"]) for remote_id, row in new.items()}
    )
    rollups.inserted(connection, list(ids.values()))
    return ids


def _change(connection: Connection, plan: _Plan, known: dict[str, Any], topics: Match) -> None:
    moved = [known[remote_id].id for remote_id in plan.moved | plan.retext]
    with rollups.changing(connection, moved):
        for remote_id, values in (plan.changed | plan.seen).items():
            connection.execute(
                update(Post).where(col(Post.id) == known[remote_id].id).values(**values)
            )
        replace_topics(
            connection,
            {known[one].id: topics(plan.changed[one]["text"]) for one in plan.retext},
        )


def _snapshots(
    records: Sequence[PostRecord], ids: dict[str, int], raw_ids: Sequence[int]
) -> list[bulk.Row]:
    """Of the records that have counters: one without says nothing."""
    return [
        (
            to_micros(record.captured_at),
            ids[storable(record.remote_id)],
            _raw(record, raw_ids),
            *(record.metrics.get(name) for name in POST_METRIC_NAMES),
        )
        for record in records
        if record.metrics and record.kind != "retweet"
    ]
