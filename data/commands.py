"""`reachwell setup`, `reachwell posts` and `reachwell health`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy import Engine, make_url

from data import health as health_checks
from data import migrate, practice
from data.faults import refusing
from data.models import Practice
from data.output import emit, say
from data.queries.posts_list import SORTS, Wanted, posts_list
from data.queries.sources import NETWORK_NAMES
from data.session import open_session, opened
from data.setting_up import set_up
from data.settings import PRACTICE_FILE, load_settings
from data.unsealing import keep_keys

ACTOR = "machine"

setup_app = typer.Typer(help="Make the database and keys, describe the practice.")
health_app = typer.Typer(help="Say whether all is well.")
posts_app = typer.Typer(help="List posts with their figures.")

_SHOWN = (
    "name",
    "zone",
    "currency",
    "language",
    "active_patients",
    "zip3s",
    "phones",
    "emails",
    "addresses",
    "sites",
    "staff",
    "is_demo",
)
_Many = Annotated[list[str] | None, typer.Option()]


@setup_app.callback(invoke_without_command=True)
def setup(
    name: str | None = None,
    zone: Annotated[str | None, typer.Option(help="IANA time zone")] = None,
    currency: str | None = None,
    language: Annotated[str | None, typer.Option(help="en or es")] = None,
    patients: Annotated[int | None, typer.Option(help="active patients")] = None,
    zip3: Annotated[str | None, typer.Option(help="first three digits: 100,112")] = None,
    phone: _Many = None,
    email: _Many = None,
    address: _Many = None,
    site: _Many = None,
    staff: _Many = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Make the database and the keys, and describe the practice; again to change it."""
    given = {
        "name": name,
        "zone": zone,
        "currency": currency,
        "language": language,
        "active_patients": patients,
        "zip3s": None if zip3 is None else zip3.split(","),
        "phones": phone,
        "emails": email,
        "addresses": address,
        "sites": site,
        "staff": staff,
    }
    fields = {field: value for field, value in given.items() if value is not None}
    settings = load_settings()
    with refusing():
        keep_keys(settings.resolved_home)
        if settings.database_url is None and not (settings.resolved_home / PRACTICE_FILE).exists():
            set_up(settings, ACTOR, **fields)  # a running desk sees it whole or not at all
        with opened(settings.practice_url) as engine:
            result = _describe(engine, settings.practice_url, fields)
    emit(result, as_json, _setup_lines(result))


def _describe(engine: Engine, url: str, fields: dict[str, Any]) -> dict[str, Any]:
    revision = migrate.upgrade(engine)
    with open_session(engine, ACTOR, write=True) as session:
        described = practice.describe(session, progress=_say_progress, **fields)
        return {
            "database": make_url(url).render_as_string(),
            "revision": revision,
            "practice": _practice(described),
        }


def _say_progress(done: int, total: int) -> None:
    say(f"Recomputing the daily totals for the new zone: {done} of {total} posts")


def _practice(row: Practice) -> dict[str, Any]:
    return {
        "patients" if name == "active_patients" else name: getattr(row, name) for name in _SHOWN
    }


def _setup_lines(result: dict[str, Any]) -> Iterator[str]:
    yield f"{result['practice']['name']} is set up in {result['database']}"
    for key, value in result["practice"].items():
        if value not in (None, [], False):
            yield f"  {key}: {', '.join(value) if isinstance(value, list) else value}"


@posts_app.callback(invoke_without_command=True)
def posts(
    network: Annotated[str | None, typer.Option(help=", ".join(NETWORK_NAMES))] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    sort: Annotated[str, typer.Option(help="a metric, largest first")] = "published_at",
    limit: Annotated[int | None, typer.Option(min=0)] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List posts, newest first; days are the practice's, both included."""
    if sort not in SORTS:
        raise typer.BadParameter(f"{sort}: posts sort by {', '.join(SORTS)}", param_hint="--sort")
    if network is not None and network not in NETWORK_NAMES:
        known = ", ".join(NETWORK_NAMES)
        raise typer.BadParameter(f"{network}: the networks are {known}", param_hint="--network")
    wanted = Wanted(
        network=network,
        since=since.date() if since else None,
        until=until.date() if until else None,
        sort=sort,
        limit=limit,
    )
    with refusing(), opened(load_settings().open_url) as engine:
        migrate.upgrade(engine)
        with open_session(engine, ACTOR) as session:
            rows = posts_list(session, wanted)
    emit({"posts": rows}, as_json, _post_lines(rows))


def _post_lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        figures = ", ".join(f"{name} {value:,}" for name, value in row["metrics"].items())
        first = " ".join(row["text"].split())[:60]
        yield f"{row['published_at']:%Y-%m-%d %H:%M}  {row['account']}  {first}  [{figures}]"
    if not rows:
        yield "No posts."


@health_app.callback(invoke_without_command=True)
def health(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Say whether all is well; exit 1 where it is not."""
    checks = health_checks.look(load_settings())
    ok = all(check.ok for check in checks)
    result = {"ok": ok, "checks": [check.as_json() for check in checks]}
    emit(result, as_json, (f"{'ok ' if c.ok else 'BAD'} {c.name}: {c.detail}" for c in checks))
    raise typer.Exit(0 if ok else 1)
