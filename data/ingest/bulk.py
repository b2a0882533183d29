"""Snapshots of known posts in bulk, with their totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from data import rollups
from data.metrics import POST_METRIC_NAMES
from data.models import PostSnapshot
from data.rollups.reading import chunks


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Counters of one post as one reply gave them, in the order of POST_METRIC_NAMES."""

    captured_at: datetime
    post_id: int
    raw_reply_id: int | None
    counters: tuple[int | None, ...]


def snapshots(connection: Connection, rows: Sequence[Snapshot]) -> None:
    """Append snapshots; one that exists (post and captured_at) is left. The totals follow.

    The caller holds `rollups.lock_accounts` and the transaction.
    """
    ids = sorted({row.post_id for row in rows})
    if not ids:
        return
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    with rollups.changing(connection, ids):
        for part in chunks(rows):
            connection.execute(
                insert(PostSnapshot).on_conflict_do_nothing(), [_values(row) for row in part]
            )


def _values(row: Snapshot) -> dict[str, object]:
    return {
        "captured_at": row.captured_at,
        "post_id": row.post_id,
        "raw_reply_id": row.raw_reply_id,
        **dict(zip(POST_METRIC_NAMES, row.counters, strict=True)),
    }
