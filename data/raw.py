"""Replies as they came, compressed: every figure names the one it came from."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import update
from sqlmodel import col

from data.clock import now
from data.ingest.clean import storable
from data.models import RawReply
from data.records import Raw
from data.session import Session


def store(session: Session, account_id: int | None, network: str, raws: Sequence[Raw]) -> list[int]:
    """Keep replies; their ids, in order. `sha256` and `size` are of the body as it came."""
    rows = [
        RawReply(
            account_id=account_id,
            network=network,
            address=storable(raw.address),
            api_version=raw.api_version,
            status=raw.status,
            fetched_at=raw.fetched_at,
            sha256=sha256(raw.body).hexdigest(),
            size=len(raw.body),
            body=zlib.compress(raw.body),
        )
        for raw in raws
    ]
    session.add_all(rows)
    session.flush()
    ids = [row.id for row in rows if row.id is not None]
    for row in rows:
        session.expunge(row)  # the bodies need not stay in memory
    return ids


def prune(session: Session, before: datetime) -> int:
    """Drop the bodies of replies fetched before that; the rows stay. How many it were."""
    session.flush()
    dropped = session.connection().execute(
        update(RawReply)
        .where(col(RawReply.fetched_at) < before, col(RawReply.body).is_not(None))
        .values(body=None, purged_at=now())
    )
    session.expire_all()
    return dropped.rowcount


def body(row: RawReply) -> bytes | None:
    """The reply as it came; None once its body has gone."""
    return None if row.body is None else zlib.decompress(row.body)
