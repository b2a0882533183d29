"""What the page Portal draws: sums of released cells, by period and by part of the patients.

All of it is arithmetic on noisy figures that were released once; variances of their noise add.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy import select as columns
from sqlmodel import col

from data.models import PortalCell, PortalRelease, PrivacyLedger
from data.privacy.tables import margin, shown
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
    """One period: noisy patients, their sigma, and how many sources tell of it."""

    first: date
    last: date
    value: float
    sigma: float
    sources: int


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
    named = _cells(col(PrivacyLedger.table_name), col(PortalCell.event)).distinct()
    for table, event in session.execute(named):
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
        .where(col(PortalRelease.is_current))
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
    query = _within(
        _cells(*days, *_SUMS, func.count(col(PrivacyLedger.source).distinct())), table, since, until
    )
    for name, label in {"event": event, **where}.items():
        query = query.where(_column(name) == label)
    rows = query.group_by(*days).order_by(days[0])
    return [
        Point(first, last, int(value), math.sqrt(variance), int(sources))
        for first, last, value, variance, sources in session.execute(rows)
    ]


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
    query = _within(
        _cells(label, *_SUMS, func.count(col(PrivacyLedger.period).distinct())), table, since, until
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
    """A query over the current cells with what their ledger rows say."""
    return (
        columns(*what)
        .select_from(PrivacyLedger)
        .join(PortalRelease, col(PortalRelease.ledger_id) == col(PrivacyLedger.id))
        .join(PortalCell, col(PortalCell.release_id) == col(PortalRelease.id))
        .where(col(PortalRelease.is_current))
    )


def _within(query: Select[Any], table: str, since: date | None, until: date | None) -> Select[Any]:
    """Periods of the table that touch [since, until]."""
    query = query.where(col(PrivacyLedger.table_name) == table)
    if since is not None:
        query = query.where(col(PrivacyLedger.last_day) >= since)
    if until is not None:
        query = query.where(col(PrivacyLedger.first_day) <= until)
    return query


def _column(dimension: str) -> Any:
    return col(getattr(PortalCell, dimension))
