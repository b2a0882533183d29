"""Made-up files in the shape of CMS's telehealth trends, and what the tests ask about them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from collectors.exports.importing import Importing, Wish
from collectors.exports.report import Report
from collectors.exports.telling import lines
from data.models import AuditEvent, ImportedFile, PublicTelehealth
from data.session import open_session

HEADINGS = (
    "Year,quarter,Bene_Geo_Desc,Bene_Mdcd_Mdcr_Enrl_Stus,Bene_Race_Desc,Bene_Sex_Desc,"
    "Bene_Mdcr_Entlmt_Stus,Bene_Age_Desc,Bene_RUCA_Desc,Total_Bene_TH_Elig,Total_PartB_Enrl,"
    "Total_Bene_Telehealth,Pct_Telehealth"
)
FIVE = ("inserted", "updated", "unchanged")
#: Real files for the tests that need them; they do not stand in this repository.
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"


def line(
    when: str = "2030,1",
    place: str = "National",
    age: str = "All",
    figures: str = "100,120.5,20,0.2",
) -> str:
    """A record; in all dimensions but these it tells of all people."""
    return f"{when},{place},All,All,All,All,{age},All,{figures}"


def write(path: Path, records: Iterable[str], headings: str = HEADINGS) -> Path:
    """A file with these records."""
    path.write_text("\r\n".join([headings, *records]) + "\r\n", encoding="utf-8")
    return path


def take(engine: Engine, *paths: Path, **wish: Any) -> list[Report]:
    """Import; the five add up every time."""
    one_by_one = Importing(engine, "test", Wish(**wish), lambda _: None)
    reports = [one_by_one.take(path) for path in paths]
    for one in reports:
        assert sum(five(one)) == one.records
        assert list(lines(one, one_by_one.wish.is_dry))
    return reports


def five(one: Report) -> tuple[int, int, int, int, int]:
    """Inserted, updated, unchanged, skipped, rejected."""
    return (one.inserted, one.updated, one.unchanged, len(one.skipped), len(one.rejected))


def held(engine: Engine) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Every row whole: key -> figures, import, what it held before."""
    with open_session(engine, "test") as session:
        return {
            (row.year, row.quarter, row.geography, row.age): (
                row.eligible, row.enrolled, row.users, row.share, row.import_id, row.before,
            )
            for row in session.exec(select(PublicTelehealth))
        }  # fmt: skip


def files(engine: Engine) -> list[ImportedFile]:
    """Every import."""
    with open_session(engine, "test") as session:
        return list(session.exec(select(ImportedFile).order_by("id")))


def actions(engine: Engine) -> list[str]:
    """What the audit trail says was done."""
    with open_session(engine, "test") as session:
        return [row.action for row in session.exec(select(AuditEvent).order_by("id"))]
