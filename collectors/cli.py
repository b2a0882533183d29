"""What the collectors' commands share: the open database, and how accounts and runs are told."""

import getpass
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import typer

from data import accounts, migrate, unsealing
from data.errors import Refused
from data.models import Account
from data.session import Engine, make_engine
from data.settings import load_settings

MOST_MINOR = 10**9


def desk() -> tuple[Engine, Path]:
    """The open database, at this version's schema, and the home with its keys.

    Refused where nothing was set up: a real account must not end up in the demo's file.
    """
    settings = load_settings()
    home = settings.resolved_home
    if settings.database_url is None and not _file_exists(settings.open_url):
        raise Refused(
            "Nothing is set up yet.",
            "Run `reachwell setup` for your practice, or `reachwell demo` for made-up figures.",
        )
    engine = make_engine(settings.open_url)
    migrate.upgrade(engine)
    unsealing.keep_keys(home)
    return engine, home


def machine() -> str:
    """Who acts on the command line: the machine's user, with an owner's rights."""
    try:
        return f"machine:{getpass.getuser()}"
    except (KeyError, OSError):  # a user without a name, as in some containers
        return "machine"


def account_item(account: Account) -> dict[str, Any]:
    """An account as `--json` tells it."""
    return {
        "account": accounts.label(account),
        "network": account.network,
        "handle": account.handle,
        "state": account.state,
        "token_ends": account.token_ends_at,
        "can": account.can,
        "cannot": account.cannot,
    }


def account_lines(found: Sequence[Account]) -> list[str]:
    """Accounts for people: a line each, then what can be read and what cannot."""
    lines = []
    for one in found:
        reason = f" ({one.state_reason})" if one.state_reason else ""
        lines.append(f"{accounts.label(one)}: {one.state}{reason}")
        if one.token_ends_at:
            lines.append(f"  token ends {one.token_ends_at:%Y-%m-%d}")
        if one.can:
            lines.append(f"  can {', '.join(one.can)}")
        lines += [f"  cannot {no['what']}: {no['why']}" for no in one.cannot]
    return lines or ["No account is connected."]


def run_line(run: dict[str, Any]) -> str:
    """A run of `collect` for people."""
    text = (
        f"{run['account']} {run['stream']}: {run['pages']} pages, {run['inserted']} new, "
        f"{run['updated']} changed, {run['unchanged']} unchanged"
    )
    return f"{text}; {run['error']}" if run["error"] else text


def cents(budget: str | None) -> int | None:
    """US dollars as cents; a wrong usage where it is no amount."""
    if budget is None:
        return None
    try:
        amount = Decimal(budget.strip().removeprefix("$")) * 100
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount <= MOST_MINOR or amount != int(amount):
        raise typer.BadParameter(f"{budget!r} is no amount of US dollars. Write it as 25.00.")
    return int(amount)


def _file_exists(url: str) -> bool:
    return Path(url.removeprefix("sqlite:///")).exists()
