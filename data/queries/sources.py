"""Where figures come from, in words: the raw reply, its address and API version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from data.models import RawReply
from data.session import Session

NETWORK_NAMES: Mapping[str, str] = {
    "x": "X",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "meta_ads": "Meta ads",
}


@dataclass(frozen=True)
class Source:
    """One stored reply. `fetched_at` is UTC; `kept`: its body is still here."""

    raw_id: int
    network: str
    address: str
    api_version: str
    fetched_at: datetime
    sha256: str
    kept: bool

    def words(self) -> str:
        """`reply 812 · Facebook API v26.0 · /v26.0/…`, without the query."""
        path = self.address.split("?", 1)[0]
        name = NETWORK_NAMES.get(self.network, self.network)
        return f"reply {self.raw_id} · {name} API {self.api_version} · {path}"


def sources(session: Session, raw_ids: Iterable[int | None]) -> dict[int, Source]:
    """The replies of these ids, without their bodies; unknown ids are left out."""
    wanted = sorted({one for one in raw_ids if one is not None})
    found: dict[int, Source] = {}
    for start in range(0, len(wanted), 500):
        found |= {one.raw_id: one for one in _some(session, wanted[start : start + 500])}
    return found


def _some(session: Session, ids: list[int]) -> list[Source]:
    rows = session.execute(
        select(
            col(RawReply.id),
            col(RawReply.network),
            col(RawReply.address),
            col(RawReply.api_version),
            col(RawReply.fetched_at),
            col(RawReply.sha256),
            col(RawReply.body).is_not(None),
        ).where(col(RawReply.id).in_(ids))
    )
    return [Source(*row) for row in rows]
