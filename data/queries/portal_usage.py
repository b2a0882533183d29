"""What the page Portal draws: sums of released cells, by period and by part of the patients.

All of it is arithmetic on noisy figures that were released once; variances of their noise add.
Of sources that hold the same events one is taken: see `portal_sources`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy import select as columns
from sqlmodel import col

from data.models import PortalCell, PortalRelease, PrivacyLedger
from data.privacy.tables import margin, shown
from data.queries import portal_sources
from data.session import Session

#: Whose cells of one event add up to patients: each patient has one age and one area. By topic
#: they do not, for a patient may look at several.
TOTALS = ("week_event_age", "week_event_zip3")


@dataclass(frozen=True)
class Coverage:
    """What is released of one table: its days, how many periods, which events."""

    first: date
    last: date
    periods: int
    events: tuple[str, ...]


class Noisy:
    """What a noisy figure may tell: `value` with the `sigma` of its noise."""

    value: float
    sigma: float

    @property
    def told(self) -> float | None:
        """The figure, None where it is too small to say."""
        return None if shown(math.floor(self.value), self.sigma) is None else self.value

    @property
    def margin(self) -> float:
        """Half the width of its 95 % interval."""
        return margin(self.sigma)


@dataclass(frozen=True)
class Point(Noisy):
    """One period: noisy patients, their sigma, and the sources that tell of it.

    Only points of the same sources count the same patients and may be compared.
    """

    first: date
    last: date
    value: float
    sigma: float
    sources: frozenset[str]


@dataclass(frozen=True)
class Part(Noisy):
    """The mean period of one label: noisy patients and the sigma of the mean."""

    label: str
    value: float
    sigma: float
    periods: int


def coverage(session: Session) -> Mapping[str, Coverage]:
    """Every table with current releases, by name."""
    events: dict[str, list[str]] = {}
    shown_ones = portal_sources.shown(session)
    named = _cells(col(PrivacyLedger.table_name), col(PortalCell.event)).where(*shown_ones)
    for table, event in session.execute(named.distinct()):
        if event is not None:
            events.setdefault(table, []).append(event)
    ledger = col(PrivacyLedger.table_name)
    query = (
        columns(
            ledger,
            func.min(col(PrivacyLedger.first_day)),
            func.max(col(PrivacyLedger.last_day)),
            func.count(col(PrivacyLedger.period).distinct()),
        )
        .join(PortalRelease, col(PortalRelease.ledger_id) == col(PrivacyLedger.id))
        .where(*shown_ones)
        .group_by(ledger)
    )
    return {
        table: Coverage(first, last, periods, tuple(sorted(events.get(table, []))))
        for table, first, last, periods in session.execute(query)
    }


def series(
    session: Session,
    table: str,
    event: str,
    since: date | None = None,
    until: date | None = None,
    **where: str,
) -> list[Point]:
    """The event's patients by period, oldest first: the sum over the table's other dimension.

    Only for tables whose cells of one event are disjoint (`TOTALS`, and `day_event`), or with
    one label of the other dimension: `topic="sleep"`.
    """
    days = col(PrivacyLedger.first_day), col(PrivacyLedger.last_day)
    groups = *days, col(PrivacyLedger.source)
    query = _cells(*groups, *_SUMS).where(*portal_sources.shown(session, table, since, until))
    for name, label in {"event": event, **where}.items():
        query = query.where(_column(name) == label)
    rows = session.execute(query.group_by(*groups).order_by(*groups))
    return [_point(list(same)) for _, same in groupby(rows, lambda row: row[:2])]


def _point(same: Sequence[Any]) -> Point:
    """The sum of one period's rows, one row for each source."""
    return Point(
        same[0][0],
        same[0][1],
        sum(int(row[3]) for row in same),
        math.sqrt(sum(row[4] for row in same)),
        frozenset(row[2] for row in same),
    )


def parts(
    session: Session,
    table: str,
    dimension: str,
    since: date | None = None,
    until: date | None = None,
    **where: str,
) -> list[Part]:
    """The mean period by the labels of one dimension (`age_band`, `zip3`, `topic`, `event`).

    `where` chooses one label of another dimension: `event="sign_in"`. Unsorted.
    """
    label = _column(dimension)
    periods_told = func.count(col(PrivacyLedger.period).distinct())
    query = _cells(label, *_SUMS, periods_told).where(
        *portal_sources.shown(session, table, since, until)
    )
    for name, value in where.items():
        query = query.where(_column(name) == value)
    rows = session.execute(query.where(label.is_not(None)).group_by(label))
    return [
        Part(name, int(value) / periods, math.sqrt(variance) / periods, int(periods))
        for name, value, variance, periods in rows
    ]


_SUMS = (
    func.sum(col(PortalCell.value)),
    func.sum(col(PrivacyLedger.sigma) * col(PrivacyLedger.sigma)),
)


def _cells(*what: Any) -> Select[Any]:
    """A query over released cells with what their ledger rows say; which, its caller adds."""
    return (
        columns(*what)
        .select_from(PrivacyLedger)
        .join(PortalRelease, col(PortalRelease.ledger_id) == col(PrivacyLedger.id))
        .join(PortalCell, col(PortalCell.release_id) == col(PortalRelease.id))
    )


def _column(dimension: str) -> Any:
    return col(getattr(PortalCell, dimension))
