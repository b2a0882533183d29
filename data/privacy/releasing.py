"""The release itself: noise and ledger in one transaction, at the end of a run, or neither."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, update
from sqlmodel import col

from data import audit, bulk, practice
from data.clock import now
from data.errors import Refused
from data.faults import refusing
from data.models import PortalRelease, PrivacyLedger
from data.privacy import ledger
from data.privacy.noise import noisy
from data.privacy.planning import Job, Plan, Refusal, Wanted, plan
from data.session import Session, open_session

_DIMENSIONS = ("event", "age_band", "zip3", "topic")


@dataclass(frozen=True)
class Released:
    """What came out of a run; `cells`: how many each job has."""

    jobs: list[Job]
    refusals: list[Refusal]
    cells: list[int]


def plan_now(session: Session, home: Path, wanted: Wanted) -> Plan:
    """What may be released at this moment. Refused where the ledger cannot be trusted."""
    _same_practice(session, wanted)
    return plan(wanted, ledger.known(session, home), ledger.elsewhere(session, wanted.zone))


def release(
    engine: Engine, actor: str, home: Path, wanted: Wanted, counts: Mapping[Job, Sequence[int]]
) -> Released:
    """Draw the noise of each counted job that may still be released, store it, pay for it.

    `counts` are bounded counts in the order of `Keys.cells`. The engine should be durable.
    """
    run = None
    with refusing(), open_session(engine, actor, write=True) as session:
        ledger.locked(session)
        known = ledger.known(session, home)
        ledger.marker(session, home).settle([ledger.entry_of(row) for row in known.rows])
        planned = plan(wanted, known, ledger.elsewhere(session, wanted.zone))
        _same_practice(session, wanted)
        jobs = [job for job in planned.jobs if job in counts]
        rows = [_store(session, wanted, known, job, counts[job]) for job in jobs]
        if rows:
            _audit(session, wanted, jobs)
            session.flush()
            marker = ledger.marker(session, home)
            run = marker.intend([ledger.entry_of(row) for row in rows])
    if run is not None:
        marker.did(run)
    return Released(jobs, planned.refusals, [len(counts[job]) for job in jobs])


def _store(
    session: Session, wanted: Wanted, known: ledger.Known, job: Job, counts: Sequence[int]
) -> PrivacyLedger:
    replaced = known.newest.get((wanted.source, job.table.name, job.period.name))
    row = PrivacyLedger(
        source=wanted.source,
        table_name=job.table.name,
        period=job.period.name,
        revision=0 if replaced is None else replaced.revision + 1,
        first_day=job.period.first,
        last_day=job.period.last,
        rho_micro=job.table.rho_micro,
        l=job.table.l,
        sigma=job.table.sigma,
        released_at=now(),
        released_by=session.actor,
        replaces_id=None if replaced is None else replaced.id,
    )
    session.add(row)
    session.flush()
    if replaced is not None:
        session.connection().execute(
            update(PortalRelease)
            .where(col(PortalRelease.ledger_id) == replaced.id)
            .values(is_current=False)
        )
    _store_cells(session, wanted, job, row, counts)
    return row


def _store_cells(
    session: Session, wanted: Wanted, job: Job, row: PrivacyLedger, counts: Sequence[int]
) -> None:
    keys = wanted.keys.cells(job.table)
    if len(keys) != len(counts):
        raise ValueError(f"{job.table.name} has {len(keys)} cells, {len(counts)} were counted")
    if row.id is None:
        raise RuntimeError("the database gave no id")
    begin, end = job.period.instants(wanted.zone)
    release = PortalRelease(
        ledger_id=row.id, zone=wanted.zone, starts_at=begin, ends_at=end, cell_count=len(keys)
    )
    session.add(release)
    session.flush()
    cells = []
    for number, (key, value) in enumerate(zip(keys, noisy(job.table, counts), strict=True)):
        labels = dict(zip(job.table.dimensions, key, strict=True))
        cells.append((release.id, number, *(labels.get(one) for one in _DIMENSIONS), value))
    columns = ("release_id", "number", *_DIMENSIONS, "value")
    bulk.insert(session.connection(), "portal_cell", columns, cells)


def _audit(session: Session, wanted: Wanted, jobs: Sequence[Job]) -> None:
    audit.record(
        session,
        "portal.correct" if wanted.correct else "portal.release",
        f"portal:{wanted.source}",
        periods=len(jobs),
        rho_micro=sum(job.table.rho_micro for job in jobs),
        first=min(job.period.first for job in jobs).isoformat(),
        last=max(job.period.last for job in jobs).isoformat(),
    )


def _same_practice(session: Session, wanted: Wanted) -> None:
    described = practice.get(session)
    if described is None or described.zone != wanted.zone:
        raise Refused("The practice's time zone was changed meanwhile.", "Release again.")
