"""Daily totals that pages read, kept at ingest; equal to a full recomputation, exactly."""

from data.rollups.appending import append
from data.rollups.change import changing, inserted
from data.rollups.locks import lock_accounts, lock_all
from data.rollups.rebuild import recompute

__all__ = ["append", "changing", "inserted", "lock_accounts", "lock_all", "recompute"]
