"""From records to tables. Functions take the caller's session and never commit."""

from data.ingest.account_page import account_figures
from data.ingest.ad_page import ads
from data.ingest.counts import Counts
from data.ingest.deletions import mark_deleted
from data.ingest.post_page import Match, posts
from data.ingest.schedule import next_snapshot_at

__all__ = [
    "Counts",
    "Match",
    "account_figures",
    "ads",
    "mark_deleted",
    "next_snapshot_at",
    "posts",
]
