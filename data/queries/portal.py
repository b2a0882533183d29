"""Reading the portal's released cells. Nothing here asks about a patient: there is none to ask."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from data.models import PortalCell, PortalRelease, PrivacyLedger
from data.privacy.tables import margin, shown
from data.queries import portal_sources
from data.session import Session


@dataclass(frozen=True)
class Cell:
    """One released figure: noisy patients, sigma of its noise; several sources add up.

    A dimension that its table lacks is None. `value` is as drawn: `told` is what may be shown.
    """

    first: date
    last: date
    period: str
    event: str | None
    age_band: str | None
    zip3: str | None
    topic: str | None
    value: int
    sigma: float

    @property
    def told(self) -> int | None:
        """The figure, None where it is too small to say."""
        return shown(self.value, self.sigma)

    @property
    def margin(self) -> float:
        """Half the width of its 95 % interval."""
        return margin(self.sigma)


def cells(
    session: Session, table: str, since: date | None = None, until: date | None = None
) -> list[Cell]:
    """The current cells of a table, oldest first; periods that touch [since, until].

    Of sources that hold the same events one is taken: see `portal_sources`.
    """
    query = (
        select(PrivacyLedger, PortalCell)
        .join(PortalRelease, col(PortalRelease.ledger_id) == col(PrivacyLedger.id))
        .join(PortalCell, col(PortalCell.release_id) == col(PortalRelease.id))
        .where(*portal_sources.shown(session, table, since, until))
        .order_by(col(PrivacyLedger.first_day), col(PrivacyLedger.id), col(PortalCell.number))
    )
    return _joined(session.exec(query))


def _joined(rows: Iterable[tuple[PrivacyLedger, PortalCell]]) -> list[Cell]:
    """A cell that several sources tell of is their sum; the variances add too."""
    found: dict[tuple[str | None, ...], Cell] = {}
    for row, cell in rows:
        key = (row.period, cell.event, cell.age_band, cell.zip3, cell.topic)
        other = found.get(key)
        found[key] = Cell(
            first=row.first_day,
            last=row.last_day,
            period=row.period,
            event=cell.event,
            age_band=cell.age_band,
            zip3=cell.zip3,
            topic=cell.topic,
            value=cell.value + (other.value if other else 0),
            sigma=math.hypot(row.sigma, other.sigma) if other else row.sigma,
        )
    return list(found.values())


def ledger_rows(session: Session) -> list[PrivacyLedger]:
    """Every release that this database holds, oldest first."""
    return list(session.exec(select(PrivacyLedger).order_by(col(PrivacyLedger.id))))


def newest_day(session: Session, table: str | None = None) -> date | None:
    """The last day that any current release (of that table) covers."""
    query = (
        select(col(PrivacyLedger.last_day))
        .join(PortalRelease, col(PortalRelease.ledger_id) == col(PrivacyLedger.id))
        .order_by(col(PrivacyLedger.last_day).desc())
        .limit(1)
    )
    if table is not None:
        query = query.where(PrivacyLedger.table_name == table)
    return session.exec(query).first()
