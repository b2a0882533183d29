"""Accounts at the networks, how far each stream of theirs was read, and what reading cost."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field

from data.models.base import Base, BigKey, UtcDateTime

ACCOUNT_STATES = (
    "connected",
    "paused",  # by a person
    "needs_reauth",
    "permission",
    "out_of_credit",
    "gone",
    "removed",
)


class Account(Base, table=True):
    """One account at one network, named `network:handle`. A removed one keeps its posts."""

    __table_args__ = (UniqueConstraint("network", "handle_key"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    network: str
    handle: str
    handle_key: str  # the handle in lower case without @: names compare without case
    remote_id: str | None = Field(default=None, index=True)
    name: str | None = None
    base_url: str | None = None  # None: the network's own hosts; "sandbox:": the made practice
    token_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    token_ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: str = "connected"
    state_reason: str | None = None
    state_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    zone: str | None = None  # the ad account's own
    currency: str | None = None
    budget_minor: int | None = None  # US cents a month, X only
    can: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    cannot: list[dict[str, str]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    tested_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class StreamState(Base, table=True):
    """How far one stream (posts, refresh, account, ads) of one account was read."""

    __tablename__ = "stream_state"
    __table_args__ = (UniqueConstraint("account_id", "stream"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=BigKey)
    stream: str
    cursor: str | None = None  # of the page to ask for next; None: begin anew
    marks: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    backfill_done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stop_asked: bool = False  # a person stopped the backfill; resumed by clearing it
    pages: int = 0
    items: int = 0
    oldest_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    newest_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unavailable: dict[str, str] = Field(  # metric -> ISO instant since when it is refused
        default_factory=dict, sa_column=Column(JSON, nullable=False)
    )
    last_ok_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str | None = None
    last_error_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class ApiSpend(Base, table=True):
    """What reading one account cost on one UTC day, per kind of call; micro US dollars."""

    __tablename__ = "api_spend"

    account_id: int = Field(foreign_key="account.id", primary_key=True, sa_type=BigKey)
    day: date = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    calls: int = 0
    units: int = 0
    cost_micros: int = Field(default=0, sa_type=BigKey)
