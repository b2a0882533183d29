"""When a post's counters are to be read again: often while young, never after 90 days."""

from datetime import datetime, timedelta

#: younger than -> read again after
TIERS = (
    (timedelta(hours=24), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=6)),
    (timedelta(days=30), timedelta(days=1)),
    (timedelta(days=90), timedelta(weeks=1)),
)


def next_snapshot_at(published_at: datetime, captured_at: datetime) -> datetime | None:
    """The next reading after one at `captured_at`; None: the counters have settled."""
    age = captured_at - published_at
    return next((captured_at + wait for limit, wait in TIERS if age < limit), None)
