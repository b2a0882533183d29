"""Releasing made counts: what the tests of ledger and noise share."""

from datetime import date
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select

from data import practice
from data.models import PortalCell, PrivacyLedger
from data.privacy.keys import AGE_BANDS, EVENTS, zip3_keys
from data.privacy.planning import Keys, Wanted
from data.privacy.releasing import Released, plan_now, release
from data.session import open_session

ZONE = "America/New_York"
TODAY = date(2026, 6, 1)
KEYS = Keys(EVENTS, AGE_BANDS, zip3_keys(["100", "101"]), ("sleep", "flu", "unknown"))


def wanted(
    first: date = date(2026, 3, 2),
    last: date = date(2026, 3, 15),
    *,
    source: str = "fhir",
    zone: str = ZONE,
    patients: int | None = 8000,
    keys: Keys = KEYS,
    correct: bool = False,
) -> Wanted:
    """What a run asks for: two weeks across the change to summer time."""
    return Wanted(source, first, last, zone, patients, keys, TODAY, correct)


def describe(engine: Engine, zone: str = ZONE) -> None:
    """A practice of 8,000 patients."""
    with open_session(engine, "test", write=True) as session:
        practice.describe(session, name="Hudson", zone=zone, currency="USD", active_patients=8000)


def release_made(engine: Engine, home: Path, asked: Wanted, each: int = 500) -> Released:
    """Release counts of `each` in every cell of every job that may be."""
    with open_session(engine, "test") as session:
        planned = plan_now(session, home, asked)
    counts = {job: [each] * len(asked.keys.cells(job.table)) for job in planned.jobs}
    return release(engine, "test", home, asked, counts)


def stored(engine: Engine) -> tuple[list[PrivacyLedger], list[int]]:
    """The ledger's rows, and all noisy values in their order."""
    with open_session(engine, "test") as session:
        rows = list(session.exec(select(PrivacyLedger).order_by(PrivacyLedger.id)))  # type: ignore[arg-type]
        values = session.exec(
            select(PortalCell.value).order_by(PortalCell.release_id, PortalCell.number)  # type: ignore[arg-type]
        )
        return rows, list(values)


def reasons(done: Released) -> set[str]:
    """Why periods were refused."""
    return {one.reason for one in done.refusals if one.period is not None}
