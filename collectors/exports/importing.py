"""One file: recognise, read, store, and say what became of each record; one transaction a file."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collectors.exports import FORMATS
from collectors.exports.base import Row, Summary
from collectors.exports.recognise import recognise
from collectors.exports.report import Report
from collectors.exports.staging import Staging, staging
from data import imports
from data.errors import Refused
from data.session import Engine, Session, open_session

LEFT_OUT = "left out, because other records of this file are rejected"
_TELL_EVERY = 5000
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """How to import. `is_dry`: only see what would happen. `takes_part`: also a half-bad file."""

    format: str | None = None
    is_dry: bool = False
    takes_part: bool = False


class Importing:
    """The files of one command, one after the other."""

    def __init__(self, engine: Engine, actor: str, wish: Wish, tell: Tell) -> None:
        self.engine, self.actor, self.wish, self.tell = engine, actor, wish, tell
        self.rehearsed: dict[str, str] = {}  # what a dry run would have stored by now

    def take(self, path: Path) -> Report:
        """Import a file, or see what would happen. Refused where nothing of it can be used."""
        found = recognise(path, self.wish.format)
        name, sha256 = _storable(path.name), _sha256(path)
        with staging() as staged:
            for count in staged.fill(found.read(path)):
                if count % _TELL_EVERY == 0:
                    self.tell(f"{name}: {count:,} records")
            report = Report(
                file=name, format=found, sha256=sha256, records=staged.records,
                skipped=staged.skipped, rejected=staged.rejected,
            )  # fmt: skip
            self.tell(f"{name}: comparing {staged.taken:,} records")
            self._settle(report, staged)
        return report

    def _settle(self, report: Report, staged: Staging) -> None:
        summary = report.format.summary()
        rows = _watched(staged, summary)
        with open_session(self.engine, self.actor, write=not self.wish.is_dry) as session:
            if not self.wish.is_dry:
                imports.lock(session)
            report.known = imports.by_hash(session, report.sha256)
            report.known_before = self.rehearsed.get(report.sha256)
            if report.known or report.known_before:
                report.unchanged = staged.taken
            elif staged.rejected and not (self.wish.takes_part and staged.taken):
                report.is_refused = True
            elif self.wish.is_dry:
                report.set(report.format.compare(session, rows))
            elif staged.taken:
                self._store(session, report, rows, summary)
        for _ in rows:  # what was neither stored nor compared is told all the same
            pass
        report.describe(summary)
        if report.is_refused:
            staged.leave_out(LEFT_OUT)
        elif self.wish.is_dry:
            self.rehearsed.setdefault(report.sha256, report.file)

    @staticmethod
    def _store(session: Session, report: Report, rows: Iterator[Row], summary: Summary) -> None:
        file = imports.File(report.file, report.sha256, report.format.name)
        imported = imports.begin(session, file)
        report.set(report.format.store(session, rows, imported.id or 0))
        report.describe(summary)
        imports.finish(session, imported, report.kept())


@dataclass(frozen=True)
class Undone:
    """An import that was taken back."""

    import_id: int
    file: str
    undone_at: datetime
    removed: int
    restored: int


def undo(engine: Engine, actor: str, import_id: int) -> Undone:
    """Put back what an import changed. Refused where a later one changed its rows since."""
    with open_session(engine, actor, write=True) as session:
        imports.lock(session)
        row = imports.standing(session, import_id)
        if row.format not in FORMATS:
            raise Refused(
                f"Import {import_id} has a format that this version does not know.",
                "Undo it with the version of Reachwell that imported it, or a later one.",
            )
        removed, restored = FORMATS[row.format].undo(session, import_id)
        imports.mark_undone(session, row, removed, restored)
        assert row.undone_at is not None  # noqa: S101 - just marked
        return Undone(import_id, row.name, row.undone_at, removed, restored)


def _watched(staged: Staging, summary: Summary) -> Iterator[Row]:
    for row in staged.rows():
        summary.add(row)
        yield row


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _storable(name: str) -> str:
    """A file's name as text: the file system may hold bytes that no database takes."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)
