"""What the portal's logs became: noisy cells, what they cost, and how files are to be read.

Nothing of a row of a log is here, nor a true count, nor a file's name or hash.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from data.models.base import Base, BigKey, UtcDateTime


class PrivacyLedger(Base, table=True):
    """One release of one period of one table: what it cost. Never changed, never deleted.

    `rho_micro` is rho (zCDP) in millionths; days are the practice's, both included. The first
    release of a (source, table, period) has revision 0, its corrections 1, 2, …
    """

    __tablename__ = "privacy_ledger"
    __table_args__ = (UniqueConstraint("source", "table_name", "period", "revision"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    source: str
    table_name: str
    period: str  # its first day (ISO), or YYYY-MM
    revision: int = 0
    first_day: date
    last_day: date
    rho_micro: int
    l: int  # noqa: E741 - the field's own letter: cells that one patient can touch
    sigma: float
    released_at: datetime = Field(sa_type=UtcDateTime)
    released_by: str
    replaces_id: int | None = Field(default=None, foreign_key="privacy_ledger.id", sa_type=BigKey)


class PortalRelease(Base, table=True):
    """What a ledger entry paid for: the period in instants (its days in `zone`), its cells."""

    __tablename__ = "portal_release"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    ledger_id: int = Field(foreign_key="privacy_ledger.id", unique=True, sa_type=BigKey)
    zone: str
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    cell_count: int
    is_current: bool = True  # false once a correction replaced it


class PortalCell(Base, table=True):
    """A noisy count of patients; the noise was drawn once. A dimension the table lacks is NULL."""

    __tablename__ = "portal_cell"

    release_id: int = Field(foreign_key="portal_release.id", primary_key=True, sa_type=BigKey)
    number: int = Field(primary_key=True)
    event: str | None = None
    age_band: str | None = None
    zip3: str | None = None
    topic: str | None = None
    value: int  # may be below 0


class PortalMapping(Base, table=True):
    """How the columns of a practice's export are to be read; `name` is also the source's."""

    __tablename__ = "portal_mapping"

    name: str = Field(primary_key=True)
    mapping: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    changed_at: datetime = Field(sa_type=UtcDateTime)
    changed_by: str
