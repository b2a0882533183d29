"""Posts that the network no longer has."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from data.ingest.clean import storable
from data.models import Account, Post
from data.rollups.reading import chunks
from data.session import Session


def mark_deleted(
    session: Session, account: Account, remote_ids: Sequence[str], at: datetime
) -> int:
    """Note that these posts are gone since `at`; how many were not known to be.

    What they did has happened: their figures stay in the totals. They are not read again.
    """
    session.flush()
    gone = 0
    for part in chunks(storable(remote_id) for remote_id in remote_ids):
        gone += (
            session.connection()
            .execute(
                update(Post)
                .where(
                    col(Post.account_id) == account.id,
                    col(Post.remote_id).in_(part),
                    col(Post.deleted_at).is_(None),
                )
                .values(deleted_at=at, next_snapshot_at=None, changed_at=at)
            )
            .rowcount
        )
    session.expire_all()
    return gone
