"""Which reading each newest counter of a post is from: a later reply may lack a metric."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, select

from data.metrics import POST_METRIC_NAMES
from data.models import PostLatest, PostSnapshot
from data.session import Session

#: Metric -> newest known value, its time (UTC) and its reply.
Newest = dict[str, tuple[int, datetime, int | None]]


def newest_values(session: Session, post_id: int) -> Newest:
    """Read from the post's snapshots."""
    rows = session.execute(
        select(PostSnapshot)
        .where(col(PostSnapshot.post_id) == post_id)
        .order_by(col(PostSnapshot.captured_at))
    ).scalars()
    newest: Newest = {}
    for row in rows:
        for name in POST_METRIC_NAMES:
            value = getattr(row, name)
            if value is not None:
                newest[name] = (value, row.captured_at, row.raw_reply_id)
    return newest


def earlier_values(session: Session, latest: Iterable[PostLatest]) -> dict[int, Newest]:
    """Post -> the counters that its newest reading did not give, so that they are an older one's.

    Posts without such a counter are left out: only for the others snapshots are read.
    """
    found: dict[int, Newest] = {}
    for one in latest:
        if not one.carried:
            continue
        known = newest_values(session, one.post_id)
        found[one.post_id] = {
            name: known[name]
            for place, name in enumerate(POST_METRIC_NAMES)
            if one.carried >> place & 1 and name in known
        }
    return found
