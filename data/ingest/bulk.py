"""Snapshots of known posts in bulk, with their totals."""

from collections.abc import Sequence

from sqlalchemy import Connection

from data import rollups
from data.rollups.batch import Row

__all__ = ["BATCH", "Row", "snapshots"]

#: Rows at a time: fewer cost more a row, more hold the write lock for longer.
BATCH = 5000


def snapshots(connection: Connection, rows: Sequence[Row]) -> None:
    """Append snapshots; one that exists (post and captured_at) is left. The totals follow.

    A row is (captured_at in microseconds since 1970, post_id, raw_reply_id, *counters in the
    order of POST_METRIC_NAMES). The posts exist; the caller holds `rollups.lock_accounts` of
    their accounts, and the transaction.
    """
    for start in range(0, len(rows), BATCH):
        rollups.append(connection, rows[start : start + BATCH])
