"""Which posts are due to be read again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, func, select

from data.models import Post
from data.session import Session


def due_posts(session: Session, account_id: int, at: datetime, limit: int) -> dict[str, datetime]:
    """Remote id -> published_at of up to `limit` posts due at that instant, longest due first."""
    rows = session.exec(
        select(Post.remote_id, Post.published_at)
        .where(
            Post.account_id == account_id,
            col(Post.next_snapshot_at) <= at,
            col(Post.deleted_at).is_(None),
        )
        .order_by(col(Post.next_snapshot_at), col(Post.id))
        .limit(limit)
    )
    return dict(rows.all())


def next_due(session: Session, account_id: int) -> datetime | None:
    """When the next post of the account is due, or None."""
    return session.exec(
        select(func.min(Post.next_snapshot_at)).where(
            Post.account_id == account_id, col(Post.deleted_at).is_(None)
        )
    ).one()


def postpone(session: Session, account_id: int, remote_ids: Sequence[str], until: datetime) -> None:
    """Put off posts that were asked for and not answered, so that others get their turn."""
    if remote_ids:
        session.execute(
            update(Post)
            .where(
                col(Post.account_id) == account_id,
                col(Post.remote_id).in_(remote_ids),
                col(Post.next_snapshot_at) < until,
            )
            .values(next_snapshot_at=until)
            .execution_options(synchronize_session=False)
        )


def published_between(
    session: Session, account_id: int, after: datetime, until: datetime
) -> dict[str, datetime]:
    """Remote id -> published_at of the account's posts in (after, until] that are not gone."""
    rows = session.exec(
        select(Post.remote_id, Post.published_at)
        .where(
            Post.account_id == account_id,
            col(Post.published_at) > after,
            col(Post.published_at) <= until,
            col(Post.deleted_at).is_(None),
        )
        .order_by(col(Post.published_at), col(Post.id))
    )
    return dict(rows.all())
