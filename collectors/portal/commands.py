"""`reachwell portal`: mappings, releases, the ledger, and the released tables."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from collectors import cli
from collectors.portal.launch import Answer, launch
from collectors.portal.mapping import parse
from collectors.portal.order import Order
from content.topics.vocabulary import topic_names
from data.errors import Refused
from data.faults import refusing
from data.models import PrivacyLedger
from data.output import emit, say
from data.privacy import ledger as privacy_ledger
from data.privacy import mappings
from data.privacy.marker import Entry
from data.privacy.tables import BY_NAME, CAP_MICRO, MILLIONTHS, WINDOW_DAYS
from data.queries import portal as queries
from data.session import open_session
from data.settings import load_settings

portal_app = typer.Typer(help="Private statistics of the patient portal.", no_args_is_help=True)
mapping_app = typer.Typer(help="How the columns of an export are read.", no_args_is_help=True)
portal_app.add_typer(mapping_app, name="mapping")

_Json = Annotated[bool, typer.Option("--json")]
_Day = typer.Option(formats=["%Y-%m-%d"])
_DIMENSIONS = ("event", "age_band", "zip3", "topic")


@mapping_app.command("add")
def mapping_add(name: str, file: Path, as_json: _Json = False) -> None:
    """Keep the mapping in FILE (JSON) under NAME; the one of that name is replaced."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(f"{file.name} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise Refused(f"{file.name} is not JSON.", "docs/privacy.md shows a mapping.") from None
    if not isinstance(said, dict):
        raise Refused(f"{file.name} is not a mapping.", "docs/privacy.md shows one.")
    parse(said, topic_names())
    engine, _ = cli.desk()
    with refusing(), open_session(engine, cli.machine(), write=True) as session:
        mappings.put(session, name, said)
    mapping_list(as_json)


@mapping_app.command("list")
def mapping_list(as_json: _Json = False) -> None:
    """All mappings with the columns that they read."""
    engine, _ = cli.desk()
    with refusing(), open_session(engine, cli.machine()) as session:
        rows = mappings.all_of(session)
    told = [
        {"name": one.name, "columns": parse(one.mapping, topic_names()).columns} for one in rows
    ]
    lines = [f"{one['name']}: reads {', '.join(one['columns'])}" for one in told]
    emit({"mappings": told}, as_json, lines or ["No mapping is kept."])


@mapping_app.command("remove")
def mapping_remove(name: str, as_json: _Json = False) -> None:
    """Take a mapping away; what was released by it stays."""
    engine, _ = cli.desk()
    with refusing(), open_session(engine, cli.machine(), write=True) as session:
        mappings.remove(session, name)
    mapping_list(as_json)


@portal_app.command("release")
def release(
    files: list[Path],
    mapping: Annotated[str | None, typer.Option(help="for tables: its mapping's name")] = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])] = None,
    last: Annotated[datetime | None, typer.Option("--through", formats=["%Y-%m-%d"])] = None,
    correct: Annotated[bool, typer.Option(help="release anew, pay for it")] = False,
    engine: Annotated[str, typer.Option(help="duckdb")] = "duckdb",
    as_json: _Json = False,
) -> None:
    """Count these files' events together and release noisy figures of each covered period."""
    if engine != "duckdb":
        raise Refused(f"The engine {engine} is not built in.", "Use --engine duckdb.")
    database, home = cli.desk()
    database.dispose()
    settings = load_settings()
    order = Order(
        files=tuple(files),
        mapping=mapping,
        first=first.date() if first else None,
        last=last.date() if last else None,
        correct=correct,
        memory_mb=settings.portal_memory_mb,
    )
    with _bar() as tell:
        try:
            answer = launch(settings.open_url, home, cli.machine(), order, tell)
        except KeyboardInterrupt:
            raise Refused(
                "Stopped: nothing was released and nothing was spent.",
                "Run it again whenever you like.",
            ) from None
    _say_left_out(answer)
    result = {"releases": answer.releases, "refused": answer.refused}
    emit(result, as_json, _release_lines(answer))
    raise typer.Exit(0 if answer.releases or answer.is_nothing_left else 1)


def _say_left_out(answer: Answer) -> None:
    for reason, count in sorted(answer.left_out.items()):
        say(f"Left out: {count:,} × {reason}")


def _release_lines(answer: Answer) -> Iterator[str]:
    for one in answer.releases:
        yield f"released  {one['table']} {one['period']}: {one['cells']} cells, rho {one['rho']}"
    for one in answer.refused:
        yield f"refused   {one['table']} {one['period'] or ''}: {one['reason']}"
    if not answer.releases and answer.is_nothing_left:
        yield "Nothing was left to release; nothing was spent."


@portal_app.command("ledger")
def ledger(
    renew_marker: Annotated[
        bool, typer.Option(help="state that this database is the newest; its marker was lost")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Every release with what it cost, and the most that any 365 days of data carry."""
    engine, home = cli.desk()
    with refusing(), open_session(engine, cli.machine(), write=renew_marker) as session:
        if renew_marker:
            privacy_ledger.renew_marker(session, home)
        known = privacy_ledger.known(session, home)
    periods = {row.id: row.period for row in known.rows}
    entries = [_entry(row, periods) for row in known.rows] + [_lost(one) for one in known.lost]
    result = {
        "window_days": WINDOW_DAYS,
        "cap": CAP_MICRO / MILLIONTHS,
        "spent": known.most() / MILLIONTHS,
        "entries": entries,
    }
    emit(result, as_json, _ledger_lines(result))


def _entry(row: PrivacyLedger, periods: dict[int | None, str]) -> dict[str, Any]:
    replaced = None if row.replaces_id is None else f"{row.table_name} {periods[row.replaces_id]}"
    return {
        "source": row.source,
        "table": row.table_name,
        "period": row.period,
        "rho": row.rho_micro / MILLIONTHS,
        "l": row.l,
        "sigma": row.sigma,
        "released_at": row.released_at,
        "by": row.released_by,
        "replaces": None if replaced is None else f"{replaced} (revision {row.revision - 1})",
    }


def _lost(one: Entry) -> dict[str, Any]:
    table = BY_NAME[one.table]
    return {
        "source": one.source,
        "table": one.table,
        "period": one.period,
        "rho": one.rho_micro / MILLIONTHS,
        "l": table.l,
        "sigma": table.sigma,
        "released_at": one.released_at,
        "by": "known by the marker alone: this database has lost it",
        "replaces": None,
    }


def _ledger_lines(result: dict[str, Any]) -> Iterator[str]:
    for one in result["entries"]:
        more = f", replaces {one['replaces']}" if one["replaces"] else ""
        yield f"{one['source']}  {one['table']} {one['period']}: rho {one['rho']}{more}"
    yield (
        f"Spent: {result['spent']:.4f} of {result['cap']:g} (rho, the most in any "
        f"{result['window_days']} days of data)"
    )


@portal_app.command("table")
def table(
    name: str,
    since: Annotated[datetime | None, _Day] = None,
    until: Annotated[datetime | None, _Day] = None,
    as_json: _Json = False,
) -> None:
    """The released cells of a table; the value is missing where there are too few to say."""
    if name not in BY_NAME:
        raise typer.BadParameter(f"{name}: the tables are {', '.join(BY_NAME)}")
    engine, _ = cli.desk()
    with refusing(), open_session(engine, cli.machine()) as session:
        found = queries.cells(session, name, _date(since), _date(until))
    cells = [_cell(one, BY_NAME[name].dimensions) for one in found]
    emit({"cells": cells}, as_json, _table_lines(cells))


def _date(given: datetime | None) -> date | None:
    return given.date() if given else None


def _cell(one: queries.Cell, dimensions: tuple[str, ...]) -> dict[str, Any]:
    labels = {name: getattr(one, name) for name in _DIMENSIONS if name in dimensions}
    return {"period": one.period, **labels, "value": one.told, "margin": round(one.margin, 1)}


def _table_lines(cells: list[dict[str, Any]]) -> Iterator[str]:
    for one in cells:
        labels = "  ".join(str(one[name]) for name in ("period", *_DIMENSIONS) if name in one)
        told = "too few to say" if one["value"] is None else f"{one['value']:,}"
        yield f"{labels}: {told} ± {one['margin']:,.0f}"
    if not cells:
        yield "Nothing of this table is released."


@contextmanager
def _bar() -> Iterator[Any]:
    """A progress bar on stderr; where that is no terminal, nothing moves."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        task = progress.add_task("Starting", total=None)

        def tell(text: str, share: float | None) -> None:
            total = None if share is None else 1.0
            progress.update(task, description=text, total=total, completed=share or 0)

        yield tell
