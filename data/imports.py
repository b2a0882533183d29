"""The files that were imported: recorded, listed, found by their hash, marked as undone."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from data import audit
from data.clock import now
from data.errors import Refused
from data.models import ImportedFile
from data.session import Session

#: Any number that nothing else in the database locks by.
_PG_LOCK = 7_302_466


@dataclass(frozen=True)
class File:
    """A file as it is recorded: its name without folders, and SHA-256 in hexadecimal."""

    name: str
    sha256: str
    format: str


def lock(session: Session) -> None:
    """One import at a time, to the transaction's end: the same file twice at once is one.

    On SQLite, whoever writes is alone already.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PG_LOCK})


def by_hash(session: Session, sha256: str) -> ImportedFile | None:
    """The import of a file with this content that stands; None where none does."""
    query = select(ImportedFile).where(
        ImportedFile.sha256 == sha256, col(ImportedFile.undone_at).is_(None)
    )
    return session.exec(query.order_by(col(ImportedFile.id).desc())).first()


def begin(session: Session, file: File) -> ImportedFile:
    """A new import, with an id for its rows; `finish` says what came of it."""
    row = ImportedFile(
        name=file.name,
        sha256=file.sha256,
        format=file.format,
        imported_at=now(),
        imported_by=session.actor,
    )
    session.add(row)
    session.flush()
    return row


def finish(session: Session, row: ImportedFile, counts: dict[str, Any]) -> None:
    """Keep the five counts, and what else is told of the import; JSON-ready."""
    row.counts = counts
    session.add(row)
    audit.record(session, "import.store", f"import:{row.id}", format=row.format, **counts)


def all_of(session: Session) -> list[ImportedFile]:
    """Every import, newest first, those that were undone too."""
    return list(session.exec(select(ImportedFile).order_by(col(ImportedFile.id).desc())))


def standing(session: Session, import_id: int) -> ImportedFile:
    """The import of that id. Refused where there is none, or where it was undone."""
    row = session.get(ImportedFile, import_id)
    if row is None:
        raise Refused(f"There is no import {import_id}.", "See `reachwell imports list`.")
    if row.undone_at is not None:
        raise Refused(
            f"Import {import_id} was undone on {row.undone_at:%Y-%m-%d} already.",
            "To have its figures again, import the file again.",
        )
    return row


def mark_undone(session: Session, row: ImportedFile, removed: int, restored: int) -> None:
    """Its rows are as they were before: the caller has seen to that."""
    row.undone_at = now()
    session.add(row)
    about = f"import:{row.id}"
    audit.record(session, "import.undo", about, removed=removed, restored=restored)
