"""`reachwell campaigns add | list | summary | export`."""

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer

from campaigns import export
from campaigns.facts import facts
from campaigns.figures import CampaignSummary, Figure
from campaigns.summary import pace, state
from data import campaigns, practice
from data.clock import local_day, now
from data.errors import Refused
from data.faults import refusing
from data.models import Campaign
from data.money import digits, to_minor
from data.output import emit
from data.queries.campaigns import links_of
from data.session import Engine, Session, make_engine, open_session
from data.settings import load_settings

ACTOR = "machine"
MOST_MINOR = 10**14

app = typer.Typer(help="Campaigns and their summaries.", no_args_is_help=True)

_AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
_Many = Annotated[list[str] | None, typer.Option()]


@app.command("add")
def add_command(
    name: Annotated[str, typer.Option(help="What you call it.")],
    first: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    through: Annotated[str, typer.Option("--through", help="Last day, included.")],
    goal: Annotated[str | None, typer.Option(help="What it is for, in words.")] = None,
    budget: Annotated[str | None, typer.Option(help="Such as 500.00.")] = None,
    currency: Annotated[str | None, typer.Option(help="The practice's unless given.")] = None,
    label: _Many = None,
    utm: _Many = None,
    ads: _Many = None,
    as_json: _AsJson = False,
) -> None:
    """Add a campaign. --label and --utm say which posts belong, --ads which ad campaigns."""
    with refusing(), open_session(_engine(), ACTOR, write=True) as session:
        money = _money(session, budget, currency)
        added = campaigns.add(
            session,
            name=name,
            starts_on=day(first),
            ends_on=day(through),
            goal=goal,
            budget_minor=None if money is None else money[0],
            currency=None if money is None else money[1],
            labels=label or (),
            utms=utm or (),
            ads=ads or (),
        )
        row = _row(session, added)
    emit({"campaign": row}, as_json, _lines([row]))


@app.command("list")
def list_command(as_json: _AsJson = False) -> None:
    """List campaigns with their state, pace and number of posts."""
    with refusing(), open_session(_engine(), ACTOR) as session:
        rows = [_row(session, one) for one in campaigns.all_of(session)]
    emit({"campaigns": rows}, as_json, _lines(rows))


@app.command("summary")
def summary_command(
    campaign: Annotated[str, typer.Argument(help="Its id, or its name.")], as_json: _AsJson = False
) -> None:
    """Every figure of a campaign with its unit and source."""
    with refusing(), open_session(_engine(), ACTOR) as session:
        found = export.summary(session, find(session, campaign), _today(session))
    figures = [figure.as_json() for figure in found.figures]
    emit({"campaign": _about(found), "figures": figures}, as_json, _figure_lines(found))


@app.command("export")
def export_command(
    campaign: Annotated[str, typer.Argument(help="Its id, or its name.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    form: Annotated[str, typer.Option("--format", help="pdf, xlsx or csv.")] = "pdf",
    as_json: _AsJson = False,
) -> None:
    """Write a campaign's summary as a file."""
    with refusing(), open_session(_engine(), ACTOR) as session:
        _, content = export.render(session, find(session, campaign), form, _today(session))
    _write(out, content)
    digest = hashlib.sha256(content).hexdigest()
    emit({"file": str(out), "sha256": digest}, as_json, [f"{out}  {len(content):,} bytes"])


def find(session: Session, campaign: str) -> int:
    """A campaign's id by id or, compared without case, name; Refused where there is none."""
    there, wanted = campaigns.all_of(session), " ".join(campaign.split()).casefold()
    by_id = [one for one in there if str(one.id) == wanted]
    by_name = [one for one in there if one.name.casefold() == wanted]
    for one in (*by_id, *by_name):
        return one.id or 0
    known = ", ".join(f"{one.id} ({one.name})" for one in there)
    raise Refused(f"No campaign is called {campaign!r}.", f"Campaigns: {known or 'none yet'}.")


def day(text: str) -> date:
    """An ISO day; Refused where it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"{text!r} is no day.", "Write it as 2026-11-30.") from None


def money_of(text: str, currency: str) -> int:
    """An amount such as "500.00" in minor units of a currency; Refused where it is none."""
    try:
        amount = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount <= 0 or amount.adjusted() > 12:
        raise Refused(f"{text!r} is no budget.", "Write it as 500.00.")
    if amount != round(amount, digits(currency)):
        raise Refused(
            f"{text!r} has more digits than {currency} has.", f"Use {digits(currency)} at most."
        )
    return to_minor(amount, currency)


def _money(session: Session, budget: str | None, currency: str | None) -> tuple[int, str] | None:
    if budget is None:
        return None
    described = practice.get(session)
    unit = (currency or (described.currency if described else "USD")).strip().upper()
    return money_of(budget, unit), unit


def _row(session: Session, campaign: Campaign) -> dict[str, Any]:
    """A campaign as the JSON lists it."""
    today = _today(session)
    about, posts, ads = facts(session, campaign.id or 0, today)
    pacing, links = pace(about, ads, today), links_of(session, campaign.id or 0)
    return {
        "id": about.id,
        "name": about.name,
        "from": about.starts_on.isoformat(),
        "through": about.ends_on.isoformat(),
        "goal": about.goal,
        "budget": None if pacing is None else float(pacing.budget),
        "currency": about.currency,
        "labels": list(links.labels),
        "utms": list(links.utms),
        "ads": [{"id": remote_id, "name": name} for remote_id, name in links.ads],
        "state": state(about, today),
        "posts": len(posts),
        "spend": None if pacing is None or pacing.spend is None else float(pacing.spend),
        "budget_share": None if pacing is None else pacing.budget_share,
        "time_share": None if pacing is None else pacing.time_share,
        "pace": None if pacing is None else pacing.verdict,
    }


def _about(found: CampaignSummary) -> dict[str, Any]:
    about = found.facts
    return {
        "id": about.id,
        "name": about.name,
        "from": about.starts_on.isoformat(),
        "through": about.ends_on.isoformat(),
        "goal": about.goal,
        "state": found.state,
        "as_of": found.today.isoformat(),
    }


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        yield "No campaigns yet. Add one with `reachwell campaigns add`."
    for row in rows:
        pacing = f"  {row['pace']}" if row["pace"] else ""
        yield (
            f"{row['id']:>4}  {row['name']}  {row['from']} to {row['through']}  {row['state']}  "
            f"{row['posts']} posts{pacing}"
        )


def _figure_lines(found: CampaignSummary) -> Iterator[str]:
    yield f"{found.facts.name}, {found.state}, as of {found.today}"
    for figure in found.figures:
        note = f"  ({figure.note})" if figure.note else ""
        yield f"{figure.scope:<28} {figure.metric:<18} {_shown(figure):>18}{note}"


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    if figure.unit == "count":
        return f"{figure.value:,}"
    if figure.unit == "ratio":
        return f"{float(figure.value):.2%}"
    return f"{figure.value:,.{digits(figure.unit)}f} {figure.unit}"


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}.", "Name another.") from None


def _today(session: Session) -> date:
    described = practice.get(session)
    return local_day(now(), described.zone if described else "UTC")


def _engine() -> Engine:
    return make_engine(load_settings().open_url)
