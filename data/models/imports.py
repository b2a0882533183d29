"""Files that were imported, and the public statistics that came with them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from data.models.base import Base, BigKey, UtcDateTime


class ImportedFile(Base, table=True):
    """One import of one file; `counts` are the five of every importer, and what it says of it."""

    __tablename__ = "imported_file"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    name: str
    sha256: str = Field(index=True)
    format: str
    imported_at: datetime = Field(sa_type=UtcDateTime)
    imported_by: str
    counts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PublicTelehealth(Base, table=True):
    """A row of CMS's Medicare telehealth trends: people with a visit, of those entitled.

    "All" in a dimension and "Overall" as quarter are rows of their own: never add them to their
    parts. A suppressed figure is NULL. `before` is what the row held before the last import
    changed it (NULL where it made it), so that an import can be undone.
    """

    __tablename__ = "public_telehealth"

    year: int = Field(primary_key=True)
    quarter: str = Field(primary_key=True)
    geography: str = Field(primary_key=True)
    enrolment: str = Field(primary_key=True)
    race: str = Field(primary_key=True)
    sex: str = Field(primary_key=True)
    entitlement: str = Field(primary_key=True)
    age: str = Field(primary_key=True)
    rurality: str = Field(primary_key=True)
    eligible: int | None = Field(default=None, sa_type=BigKey)
    enrolled: float | None = None
    users: int | None = Field(default=None, sa_type=BigKey)
    share: float | None = None
    import_id: int = Field(foreign_key="imported_file.id", index=True, sa_type=BigKey)
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
