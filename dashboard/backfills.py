"""How far the first reading of the past has come, and when it may end. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.queries.activity import Backfill

#: X gives no more than its newest posts; ad figures reach back 37 months.
X_POSTS = 3_200
AD_DAYS = 37 * 30.4


@dataclass(frozen=True)
class Progress:
    """`share` (0 to 1) and `ends_at` are None where the network does not say how far it goes."""

    share: float | None
    ends_at: datetime | None


def progress(one: Backfill, at: datetime) -> Progress:
    """The share read, and the end at the pace so far (at the latest: the past may be shorter)."""
    share = _share(one, at)
    if share is None or one.started_at is None or not one.running or share <= 0:
        return Progress(share, None)
    gone = max(at - one.started_at, timedelta(seconds=1))
    return Progress(share, at + gone * (1 - share) / share)


def _share(one: Backfill, at: datetime) -> float | None:
    if one.done_at is not None:
        return 1.0
    if one.network == "x":
        return min(one.items / X_POSTS, 0.99)
    if one.stream == "ads" and one.oldest_at is not None:
        return min((at - one.oldest_at) / timedelta(days=AD_DAYS), 0.99)
    return None
