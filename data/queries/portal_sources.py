"""Which of the portal's current releases are shown: what two of them both hold is added once.

The ledger has paid for every release and keeps it. This decides only what pages and sums show.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as columns
from sqlmodel import col

from data.models import PortalRelease, PrivacyLedger
from data.session import Session


def parts_of(source: str) -> frozenset[str]:
    """What was read together: "clinic+fhir" is clinic and fhir. No name has a plus of its own."""
    return frozenset(source.split("+"))


@dataclass(frozen=True)
class Release:
    """A current release of a period of a table; `id` is its ledger row's: newer ones are higher."""

    id: int
    table: str
    period: str
    source: str

    @property
    def parts(self) -> frozenset[str]:
        """The parts of its source."""
        return parts_of(self.source)


@dataclass(frozen=True)
class LeftOut:
    """A release that is not added, and the source whose release is shown in its place."""

    release: Release
    shown: str

    @property
    def common(self) -> frozenset[str]:
        """The parts that both hold."""
        return self.release.parts & parts_of(self.shown)

    @property
    def is_contained(self) -> bool:
        """Whether nothing of it is missing from what is shown."""
        return self.common == self.release.parts


def overlapping(releases: Iterable[Release]) -> list[LeftOut]:
    """Those that cannot be added without counting patients twice. The one rule, and pure.

    In each period of a table the release with the most parts comes first, of equals the newest.
    One that shares a part with a release already taken is left out; the others are added.
    """
    taken: dict[tuple[str, str], list[Release]] = {}
    found = []
    for one in sorted(releases, key=lambda release: (-len(release.parts), -release.id)):
        beside = taken.setdefault((one.table, one.period), [])
        holder = next((other for other in beside if other.parts & one.parts), None)
        if holder is None:
            beside.append(one)
        else:
            found.append(LeftOut(one, holder.source))
    return found


def left_out(
    session: Session,
    table: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[LeftOut]:
    """What is left out of the table, or of all; periods that touch [since, until].

    Only periods that several sources tell of are fetched: mostly there is none.
    """
    what = [col(getattr(PrivacyLedger, name)) for name in ("id", "table_name", "period", "source")]
    count = func.count().over(partition_by=what[1:3]).label("releases")
    inner = (
        columns(*what, count)
        .select_from(PrivacyLedger)
        .join(PortalRelease, col(PortalRelease.ledger_id) == col(PrivacyLedger.id))
        .where(*_current(table, since, until))
        .subquery()
    )
    several = columns(*list(inner.c)[:4]).where(inner.c.releases > 1)
    return overlapping(Release(*row) for row in session.execute(several))


def shown(
    session: Session,
    table: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[ColumnElement[bool]]:
    """The conditions on ledger and releases under which figures of several sources may be added."""
    conditions = _current(table, since, until)
    apart = [one.release.id for one in left_out(session, table, since, until)]
    if apart:
        conditions.append(col(PrivacyLedger.id).not_in(apart))
    return conditions


def _current(
    table: str | None, since: date | None, until: date | None
) -> list[ColumnElement[bool]]:
    """Current releases of periods of the table that touch [since, until]."""
    conditions: list[ColumnElement[bool]] = [col(PortalRelease.is_current).is_(True)]
    if table is not None:
        conditions.append(col(PrivacyLedger.table_name) == table)
    if since is not None:
        conditions.append(col(PrivacyLedger.last_day) >= since)
    if until is not None:
        conditions.append(col(PrivacyLedger.first_day) <= until)
    return conditions
