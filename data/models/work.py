"""Work that processes claim, what pages ask for, and signs of life."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary
from sqlmodel import Field

from data.models.base import Base, BigKey, UtcDateTime

WORK_STATES = ("waiting", "claimed", "done", "failed", "stopped")


class WorkItem(Base, table=True):
    """One piece of periodic work, made once per `slot_key` (`collect:account:slot`).

    Claimed by a conditional update with a lease and an attempt id; every later change
    compares both. `claimed_by` is host:pid, so that a dead claimant's work is free at once.
    """

    __tablename__ = "work_item"
    __table_args__ = (
        Index("ix_work_item_state_due_at", "state", "due_at"),
        Index("ix_work_item_account_id_stream_state", "account_id", "stream", "state"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    kind: str
    slot_key: str = Field(unique=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BigKey)
    stream: str | None = None
    state: str = "waiting"
    due_at: datetime = Field(sa_type=UtcDateTime)
    attempt_id: str | None = None
    attempts: int = 0
    claimed_by: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    pages: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    error: str | None = None
    todo: str | None = None  # what the user should do about the error


class Request(Base, table=True):
    """What a page asks the worker to do; the page follows its progress.

    kinds: collect, test_account, connect_account, render_report, …
    """

    __table_args__ = (Index("ix_request_state_asked_at", "state", "asked_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    kind: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    secret_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)  # dropped once done
    asked_by: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    state: str = "waiting"
    attempt_id: str | None = None
    attempts: int = 0
    claimed_by: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stop_asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    progress: str | None = None
    result: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    file_name: str | None = None
    file_bytes: bytes | None = Field(default=None, sa_type=LargeBinary)
    file_sha256: str | None = None
    error: str | None = None
    todo: str | None = None


class Alert(Base, table=True):
    """Something a person should know. One open alert per key."""

    __table_args__ = (Index("ix_alert_key_resolved_at", "key", "resolved_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    key: str
    severity: str  # info, warning, error
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BigKey)
    title: str
    todo: str | None = None
    raised_at: datetime = Field(sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WorkerHeartbeat(Base, table=True):
    """A worker process's sign of life; database time."""

    __tablename__ = "worker_heartbeat"

    worker: str = Field(primary_key=True)  # host:pid:start
    host: str
    pid: int
    started_at: datetime = Field(sa_type=UtcDateTime)
    beat_at: datetime = Field(sa_type=UtcDateTime)
    doing: str | None = None
    clock_skew_ms: int | None = None
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AuditEvent(Base, table=True):
    """Who changed what and when, written in the transaction that changes it. No contents."""

    __tablename__ = "audit_event"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor: str
    action: str
    object: str | None = None
    outcome: str = "ok"
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
