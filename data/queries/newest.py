"""Which reading each newest counter of a post is from: a later reply may lack a metric."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import col, select

from data.metrics import POST_METRIC_NAMES
from data.models import PostLatest, PostSnapshot
from data.session import Session

#: Metric -> newest known value, its time (UTC) and its reply.
Newest = dict[str, tuple[int, datetime, int | None]]

_MOST = 500  # ids in one statement


def newest_values(session: Session, post_id: int) -> Newest:
    """Read from the post's snapshots."""
    return _newest(session, (post_id,)).get(post_id, {})


def earlier_values(session: Session, latest: Iterable[PostLatest]) -> dict[int, Newest]:
    """Post -> the counters that its newest reading did not give, so that they are an older one's.

    Posts without such a counter are left out: only for the others snapshots are read.
    """
    carried = {one.post_id: one.carried for one in latest if one.carried}
    ids, found = sorted(carried), dict[int, Newest]()
    for start in range(0, len(ids), _MOST):
        for post_id, known in _newest(session, ids[start : start + _MOST]).items():
            found[post_id] = {
                name: known[name]
                for place, name in enumerate(POST_METRIC_NAMES)
                if carried[post_id] >> place & 1 and name in known
            }
    return found


def _newest(session: Session, post_ids: Sequence[int]) -> dict[int, Newest]:
    table = PostSnapshot.__table__  # type: ignore[attr-defined]
    wanted = ("post_id", "captured_at", "raw_reply_id", *POST_METRIC_NAMES)
    rows = session.execute(
        select(*(table.c[name] for name in wanted))
        .where(col(PostSnapshot.post_id).in_(post_ids))
        .order_by(col(PostSnapshot.post_id), col(PostSnapshot.captured_at))
    )
    newest: defaultdict[int, Newest] = defaultdict(dict)
    for post_id, captured_at, reply, *values in rows:
        for name, value in zip(POST_METRIC_NAMES, values, strict=True):
            if value is not None:
                newest[post_id][name] = (value, captured_at, reply)
    return dict(newest)
