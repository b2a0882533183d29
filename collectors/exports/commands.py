"""`reachwell import` and `reachwell imports`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from collectors.cli import desk, machine
from collectors.exports import FORMATS, importing, telling
from collectors.exports.importing import Importing, Tell, Wish
from collectors.exports.report import Report
from data import imports
from data.clock import local_day
from data.errors import Refused
from data.faults import refusing
from data.models import ImportedFile
from data.output import emit, say
from data.session import Engine, open_session

#: A group of no commands, so that options may stand behind the files as well.
import_app = typer.Typer(
    help="Read files that were exported.", context_settings={"allow_interspersed_args": True}
)
imports_app = typer.Typer(help="Imported files: list, undo.", no_args_is_help=True)

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@import_app.callback(invoke_without_command=True)
def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…")],
    name: Annotated[
        str | None, typer.Option("--format", help=f"one of: {', '.join(FORMATS)}")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Change nothing, show what would happen.")
    ] = False,
    accept_partial: Annotated[
        bool,
        typer.Option(
            "--accept-partial", help="Store the good records of a file that has bad ones."
        ),
    ] = False,
    as_json: _Json = False,
) -> None:
    """Store what the files hold; a file that cannot be used leaves the others alone."""
    with refusing():
        engine, _ = desk()
    reports, refused = [], 0
    wish = Wish(name, is_dry=dry_run, takes_part=accept_partial)
    with _bar() as tell:
        one_by_one = Importing(engine, machine(), wish, tell)
        for path in files:
            try:
                with refusing():
                    reports.append(one_by_one.take(path))
            except Refused as refusal:
                refused += 1
                say(refusal.sentence())
    for one in reports:
        _say(engine, one)
    if as_json:
        telling.write_json(reports, sys.stdout)
    else:
        emit({}, False, (line for one in reports for line in telling.lines(one, dry_run)))
    raise typer.Exit(1 if refused or any(one.is_refused for one in reports) else 0)


@imports_app.command("list")
def list_imports(as_json: _Json = False) -> None:
    """Every import, newest first, with what came of it."""
    with refusing():
        engine, _ = desk()
        with open_session(engine, machine()) as session:
            rows = imports.all_of(session)
    lines = [_line(row) for row in rows] or ["Nothing was imported."]
    emit({"imports": [_item(row) for row in rows]}, as_json, lines)


@imports_app.command("undo")
def undo(import_id: Annotated[int, typer.Argument(metavar="ID")], as_json: _Json = False) -> None:
    """Put back what an import changed; the newest of those that changed the same rows first."""
    with refusing():
        engine, _ = desk()
        done = importing.undo(engine, machine(), import_id)
    result = {
        "id": done.import_id,
        "file": done.file,
        "undone_at": done.undone_at,
        "removed": done.removed,
        "restored": done.restored,
    }
    told = f"{done.removed:,} rows removed, {done.restored:,} hold their earlier figures again"
    emit(result, as_json, [f"Import {done.import_id} ({done.file}) is undone: {told}."])


def _say(engine: Engine, one: Report) -> None:
    """What the counts alone do not tell."""
    if one.known is not None:
        day = local_day(one.known.imported_at, _zone(engine))
        name = "" if one.known.name == one.file else f" as {one.known.name}"
        say(
            f"{one.file}: the same file was imported on {day}{name} (import {one.known.id}); "
            "nothing was changed."
        )
    elif one.known_before is not None:
        say(f"{one.file}: the same file as {one.known_before}.")
    if one.is_refused:
        good = one.records - len(one.rejected)
        todo = "Correct them, or add --accept-partial to store the others." if good else ""
        say(
            f"{one.file}: {len(one.rejected):,} of {one.records:,} records are rejected; nothing "
            f"of it is stored. {todo}".rstrip()
        )


def _zone(engine: Engine) -> str:
    from data import practice

    with refusing(), open_session(engine, machine()) as session:
        described = practice.get(session)
    return described.zone if described else "UTC"


def _item(row: ImportedFile) -> dict[str, Any]:
    return {
        "id": row.id,
        "file": row.name,
        "format": row.format,
        "imported_at": row.imported_at,
        "by": row.imported_by,
        "undone_at": row.undone_at,
        **row.counts,
    }


def _line(row: ImportedFile) -> str:
    names = ("inserted", "updated", "unchanged", "skipped", "rejected")
    told = ", ".join(f"{name} {row.counts.get(name, 0):,}" for name in names)
    undone = f"; undone {row.undone_at:%Y-%m-%d %H:%M} UTC" if row.undone_at else ""
    return f"{row.id}  {row.imported_at:%Y-%m-%d %H:%M} UTC  {row.name}: {told}{undone}"


@contextmanager
def _bar() -> Iterator[Tell]:
    """How far it is, on stderr; where that is no terminal, nothing moves."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Reading", total=None)
        yield lambda text: progress.update(task, description=text)
