"""What of a run may be released, and why the rest may not. Pure; nothing here sees a count."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product

from data.models import PortalRelease, PrivacyLedger
from data.privacy.ledger import LOST, Known
from data.privacy.periods import Period, touching
from data.privacy.spending import Spent
from data.privacy.tables import DAILY_FROM_PATIENTS, TABLES, Table

BUDGET_SPENT = "the privacy budget of these 365 days is spent"
RESERVE_SPENT = "the reserve for corrections of these 365 days is spent"
MISSING = {
    "age_band": "the input carries no ages or years of birth",
    "zip3": "the input carries no ZIP codes, or the practice names no areas (`setup --zip3`)",
    "topic": "the input carries no topics",
    "event": "the input carries no event",
}


@dataclass(frozen=True)
class Keys:
    """The labels of each dimension, from public lists; none where the input carries it not."""

    event: tuple[str, ...] = ()
    age_band: tuple[str, ...] = ()
    zip3: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()

    def labels(self, dimension: str) -> tuple[str, ...]:
        """The labels of one dimension."""
        found: tuple[str, ...] = getattr(self, dimension)
        return found

    def cells(self, table: Table) -> list[tuple[str, ...]]:
        """All cells of a period of the table, in their order; zero cells too."""
        return list(product(*(self.labels(one) for one in table.dimensions)))


@dataclass(frozen=True)
class Wanted:
    """What a run asks for. Days are the practice's; `first` to `last` is what the input covers."""

    source: str
    first: date
    last: date
    zone: str
    patients: int | None  # active ones, as the owner states
    keys: Keys
    today: date
    correct: bool = False
    asked_at: datetime | None = None  # what was corrected since then is corrected


@dataclass(frozen=True)
class Job:
    """One table's release of one period."""

    table: Table
    period: Period


@dataclass(frozen=True)
class Refusal:
    """Why a period (None: the table in all) is not released; `is_done`: it was before."""

    table: str
    period: str | None
    reason: str
    is_done: bool = False


@dataclass(frozen=True)
class Plan:
    """What may be released, oldest first, and what may not."""

    jobs: list[Job]
    refusals: list[Refusal]


def plan(
    wanted: Wanted, known: Known, elsewhere: Sequence[tuple[PrivacyLedger, PortalRelease]]
) -> Plan:
    """Look at every period that the input touches, oldest first.

    `elsewhere` are the releases by the days of other zones than the wanted one.
    """
    refusals = [
        Refusal(table.name, None, reason)
        for table in TABLES
        if (reason := _unfit(table, wanted)) is not None
    ]
    unfit = {one.table for one in refusals}
    budget, jobs = known.budget(), []
    for job in _in_order(wanted, [table for table in TABLES if table.name not in unfit]):
        reason = _closed(job, wanted, known, elsewhere)
        newest = known.newest.get((wanted.source, job.table.name, job.period.name))
        if reason is None and newest is not None and _is_done(wanted, newest):
            on = newest.released_at.date().isoformat()
            refusals.append(
                Refusal(job.table.name, job.period.name, f"already released on {on}", is_done=True)
            )
            continue
        cost = Spent(job.period.first, job.period.last, job.table.rho_micro, newest is not None)
        if reason is None and not budget.grant(cost):
            reason = _spent_up(cost)
        if reason is None:
            jobs.append(job)
        else:
            refusals.append(Refusal(job.table.name, job.period.name, reason))
    return Plan(jobs, refusals)


def _is_done(wanted: Wanted, newest: PrivacyLedger) -> bool:
    """Whether it is released as asked: a correction that is tried again is not made again."""
    if not wanted.correct:
        return True
    return wanted.asked_at is not None and newest.released_at >= wanted.asked_at


def _unfit(table: Table, wanted: Wanted) -> str | None:
    for dimension in table.dimensions:
        if not wanted.keys.labels(dimension):
            return MISSING[dimension]
    if table.unit == "day" and (wanted.patients or 0) < DAILY_FROM_PATIENTS:
        stated = "none is stated" if wanted.patients is None else f"{wanted.patients:,} are stated"
        return (
            f"days are told from {DAILY_FROM_PATIENTS:,} active patients on, and {stated} "
            "(`reachwell setup --patients`)"
        )
    return None


def _in_order(wanted: Wanted, tables: Iterable[Table]) -> Iterator[Job]:
    jobs = [Job(table, one) for table in tables for one in _periods(wanted, table)]
    return iter(sorted(jobs, key=lambda job: (job.period.first, TABLES.index(job.table))))


def _periods(wanted: Wanted, table: Table) -> Iterator[Period]:
    return touching(wanted.first, wanted.last, table.unit)


def _closed(
    job: Job,
    wanted: Wanted,
    known: Known,
    elsewhere: Sequence[tuple[PrivacyLedger, PortalRelease]],
) -> str | None:
    period = job.period
    if period.last >= wanted.today:
        return "it is not over yet"
    if period.first < wanted.first or period.last > wanted.last:
        return f"the input covers it only in part: {wanted.first} to {wanted.last}"
    if known.is_lost(wanted.source, job.table.name, period.name):
        return LOST
    begin, end = period.instants(wanted.zone)
    for row, release in elsewhere:
        same = (row.source, row.table_name) == (wanted.source, job.table.name)
        if same and release.starts_at < end and release.ends_at > begin:
            return f"it overlaps {row.period}, which was released by the days of {release.zone}"
    return None


def _spent_up(cost: Spent) -> str:
    if cost.is_correction:
        return RESERVE_SPENT
    return BUDGET_SPENT
