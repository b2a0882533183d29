"""The command line of the collectors: accounts, collect, demo, worker. Thin: it only calls."""

import sys
from typing import Annotated

import typer

from collectors.cli import account_item, account_lines, cents, desk, machine, run_line
from data import accounts
from data.faults import refusing
from data.models import Account
from data.output import emit
from data.session import open_session

accounts_app = typer.Typer(help="Connect, test, pause, remove accounts.", no_args_is_help=True)
#: A group of no commands, so that options may stand behind the account as well.
collect_app = typer.Typer(
    help="Read the networks now.", context_settings={"allow_interspersed_args": True}
)
demo_app = typer.Typer(help="Fill a database with a made-up practice.")
worker_app = typer.Typer(help="Collect on a schedule, until interrupted.")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Name = Annotated[str, typer.Argument(metavar="ACCOUNT", help="network:handle")]


@accounts_app.command("add")
def add(
    network: Annotated[str, typer.Argument(help="x, facebook, instagram or meta_ads")],
    handle: Annotated[str, typer.Option("--handle", help="The account's name or id.")],
    base_url: Annotated[str | None, typer.Option(help="Another address, on this machine.")] = None,
    budget: Annotated[str | None, typer.Option(help="US dollars a month (X): 25.00")] = None,
    token_stdin: Annotated[bool, typer.Option("--token-stdin", help="Read the token.")] = False,
    as_json: Json = False,
) -> None:
    """Connect an account; the token comes on stdin, so that no history keeps it."""
    from collectors.connect import Wanted, connect

    if not token_stdin:
        raise typer.BadParameter("give the token on stdin, with --token-stdin")
    budget_minor = cents(budget)
    wanted = Wanted(network.lower(), handle, sys.stdin.read(), base_url, budget_minor)
    with refusing():
        engine, home = desk()
        _show(connect(engine, home, wanted, machine()), as_json)


@accounts_app.command("list")
def list_accounts(as_json: Json = False) -> None:
    """Every account with its state, its token's end, and what can and cannot be read."""
    with refusing():
        engine, _ = desk()
        with open_session(engine, machine()) as session:
            found = accounts.all_accounts(session)
    emit({"accounts": [account_item(one) for one in found]}, as_json, account_lines(found))


@accounts_app.command("test")
def test(account: Name, as_json: Json = False) -> None:
    """Look what its token can read at this moment."""
    from collectors.connect import test_now

    with refusing():
        engine, home = desk()
        _show(test_now(engine, home, account, machine()), as_json)


@accounts_app.command("pause")
def pause(account: Name, as_json: Json = False) -> None:
    """Collect nothing of it until it is resumed."""
    _change(account, "pause", as_json)


@accounts_app.command("resume")
def resume(account: Name, as_json: Json = False) -> None:
    """Collect it again."""
    _change(account, "resume", as_json)


@accounts_app.command("remove")
def remove(account: Name, as_json: Json = False) -> None:
    """Forget its token and stop collecting; its posts and figures stay."""
    _change(account, "remove", as_json)


@collect_app.callback(invoke_without_command=True)
def collect(
    account: Annotated[str | None, typer.Argument(metavar="[ACCOUNT]")] = None,
    as_json: Json = False,
) -> None:
    """New posts, and known ones that are due; each stream to its end or its pause."""
    from collectors.collecting import collect_now

    with refusing():
        engine, home = desk()
        runs = collect_now(engine, home, account)
    emit({"runs": runs}, as_json, [run_line(run) for run in runs])
    if any(run["error"] for run in runs):
        raise typer.Exit(1)


@demo_app.callback(invoke_without_command=True)
def demo(
    days: Annotated[int, typer.Option(min=1, max=1200)] = 400,
    patients: Annotated[int, typer.Option(min=1)] = 8000,
    seed: Annotated[int, typer.Option(min=0)] = 7,
    as_json: Json = False,
) -> None:
    """Fill a database without accounts, posts and people with a made-up practice."""
    from collectors.demo import demo_now

    with refusing():
        counts = demo_now(days=days, patients=patients, seed=seed)
    lines = [f"{name.replace('_', ' ')}: {number}" for name, number in counts.items()]
    emit(counts, as_json, lines)


@worker_app.callback(invoke_without_command=True)
def worker() -> None:
    """Collect on a schedule, until interrupted."""
    from collectors.worker import run

    with refusing():
        run()


def _change(name: str, what: str, as_json: bool) -> None:
    change = {"pause": accounts.pause, "resume": accounts.resume, "remove": accounts.remove}[what]
    with refusing():
        engine, _ = desk()
        with open_session(engine, machine(), write=True) as session:
            account = accounts.find(session, name)
            change(session, account)
    _show(account, as_json)


def _show(account: Account, as_json: bool) -> None:
    emit({"account": account_item(account)}, as_json, account_lines([account]))
