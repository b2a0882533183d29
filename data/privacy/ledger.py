"""The ledger: every release that was ever made, by the database and by the marker outside it."""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text
from sqlmodel import col, select

from data import audit
from data.errors import Refused
from data.models import PortalRelease, Practice, PrivacyLedger
from data.privacy.marker import Entry, Marker
from data.privacy.spending import Budget, Spent, most_in_a_window
from data.session import Session

#: Any number that nothing else in the database locks by.
_PG_LOCK = 7_302_471

LOST = (
    "a release of it is known that this database does not hold (was it restored from an older "
    "backup?), so the period stays closed"
)


@dataclass(frozen=True)
class Known:
    """What has been released: rows of this database, and entries that it has lost."""

    rows: list[PrivacyLedger]
    lost: list[Entry]
    #: (source, table, period) -> the newest row
    newest: dict[tuple[str, str, str], PrivacyLedger] = field(default_factory=dict)

    @property
    def spent(self) -> list[Spent]:
        """All of it, for the budget."""
        rows = [Spent(r.first_day, r.last_day, r.rho_micro, r.revision > 0) for r in self.rows]
        lost = [Spent(*one.days, one.rho_micro, one.revision > 0) for one in self.lost]
        return rows + lost

    def is_lost(self, source: str, table: str, period: str) -> bool:
        """Whether the marker knows a release of it that the database does not."""
        return any((o.source, o.table, o.period) == (source, table, period) for o in self.lost)

    def budget(self) -> Budget:
        """What is left of both pots."""
        return Budget.after(self.spent)

    def most(self) -> int:
        """The most (in millionths of rho) that any 365 days of data carry."""
        return most_in_a_window(self.spent)


def locked(session: Session) -> None:
    """Until the transaction ends nobody else releases. On SQLite the write lock is enough."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PG_LOCK})


def known(session: Session, home: Path) -> Known:
    """All that was released. Refused where the marker is missing or cannot be read."""
    rows = list(session.exec(select(PrivacyLedger).order_by(col(PrivacyLedger.id))))
    entries = [entry_of(row) for row in rows]
    held = {one.key for one in entries}
    mark = _practice(session).ledger_mark
    if mark is None:
        if rows:
            raise Refused("This database has releases but no mark of its own.", "Restore it.")
        return Known([], [])
    outside = Marker(home, mark).known(entries)
    newest = {(row.source, row.table_name, row.period): row for row in rows}
    return Known(rows, [one for one in outside if one.key not in held], newest)


def marker(session: Session, home: Path) -> Marker:
    """This database's marker; the first release gives the database its mark."""
    practice = _practice(session)
    if practice.ledger_mark is None:
        practice.ledger_mark = uuid4().hex
        session.add(practice)
    return Marker(home, practice.ledger_mark)


def renew_marker(session: Session, home: Path) -> None:
    """An owner states that this database is the newest: its marker begins anew. Audited."""
    locked(session)
    rows = session.exec(select(PrivacyLedger).order_by(col(PrivacyLedger.id)))
    lost: list[Entry] = []
    with contextlib.suppress(Refused):
        lost = known(session, home).lost  # what can be read is never wiped
    marker(session, home).renew([*(entry_of(row) for row in rows), *lost])
    audit.record(session, "portal.marker.renew", "portal")


def elsewhere(session: Session, zone: str) -> list[tuple[PrivacyLedger, PortalRelease]]:
    """Each release by the days of another zone, with its row in the ledger."""
    joined = (
        select(PrivacyLedger, PortalRelease)
        .join(PortalRelease, col(PortalRelease.ledger_id) == col(PrivacyLedger.id))
        .where(PortalRelease.zone != zone)
    )
    return [(row, release) for row, release in session.exec(joined)]


def entry_of(row: PrivacyLedger) -> Entry:
    """A row as the marker writes it."""
    return Entry(
        source=row.source,
        table=row.table_name,
        period=row.period,
        revision=row.revision,
        first=row.first_day.isoformat(),
        last=row.last_day.isoformat(),
        rho_micro=row.rho_micro,
        released_at=row.released_at.isoformat(),
    )


def _practice(session: Session) -> Practice:
    practice = session.get(Practice, 1)
    if practice is None:
        raise Refused(
            "The practice is not described yet.", "Run `reachwell setup` first; then release."
        )
    return practice
