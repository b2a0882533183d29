"""The practice itself: one row."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field

from data.models.base import Base, UtcDateTime


class Practice(Base, table=True):
    """What the practice says of itself; days are its zone's. One row, id 1."""

    id: int = Field(default=1, primary_key=True)
    name: str
    zone: str
    currency: str
    language: str
    active_patients: int | None = None
    zip3s: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    phones: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    emails: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    addresses: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    sites: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    staff: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    is_demo: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    collecting_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    portal_folder: str | None = None  # where the portal's logs lie; read in place, never copied
    ledger_mark: str | None = None  # by which the marker outside knows this database again
