"""Accounts at the networks: finding, storing, pausing, and why one is on hold."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import col, select

from data import alerts, audit, streams
from data.clock import now
from data.errors import Refused
from data.models import Account
from data.session import Session

NETWORKS = ("x", "facebook", "instagram", "meta_ads")
#: A hold that `collect` tries once, and that a success ends.
HOLDS = ("needs_reauth", "permission", "out_of_credit")
ALERT_PREFIX = "account"


def handle_key(handle: str) -> str:
    """How handles compare: without @ and case."""
    return handle.strip().removeprefix("@").casefold()


def label(account: Account) -> str:
    """`network:handle`, the name that commands and pages use."""
    return f"{account.network}:{account.handle}"


def all_accounts(session: Session, *, removed: bool = False) -> list[Account]:
    """Every account by network and handle; those removed only where asked for."""
    rows = session.exec(select(Account).order_by(Account.network, Account.handle_key)).all()
    return [row for row in rows if removed or row.state != "removed"]


def get(session: Session, account_id: int) -> Account:
    """By id; Refused where there is none."""
    account = session.get(Account, account_id, populate_existing=True)
    if account is None:
        raise Refused(f"There is no account number {account_id}.")
    return account


def find(session: Session, name: str) -> Account:
    """By `network:handle`, or by a handle that only one has; Refused otherwise."""
    network, _, handle = name.strip().rpartition(":")
    wanted = handle_key(handle)
    fits = [
        row
        for row in all_accounts(session)
        if row.handle_key == wanted and (not network or row.network == network.lower())
    ]
    if len(fits) == 1:
        return fits[0]
    known = ", ".join(label(row) for row in fits or all_accounts(session)) or "none yet"
    what = f"{name} fits several accounts" if fits else f"No account is called {name}"
    raise Refused(f"{what}. Accounts: {known}.", "Name it as network:handle.")


def by_key(session: Session, network: str, handle: str) -> Account | None:
    """Also a removed one: connecting it again takes up its posts."""
    return session.exec(
        select(Account).where(Account.network == network, Account.handle_key == handle_key(handle))
    ).first()


def by_remote_id(session: Session, network: str, remote_id: str) -> Account | None:
    """The account with that id at that network (its handle may have changed)."""
    return session.exec(
        select(Account).where(Account.network == network, Account.remote_id == remote_id)
    ).first()


def account_id(account: Account) -> int:
    """Its id, known to be there."""
    if account.id is None:
        raise ValueError("an account that was never stored")
    return account.id


def set_state(session: Session, account: Account, state: str, reason: str | None = None) -> None:
    """Change the state, audited; the time of the change stays where the state does."""
    if account.state != state:
        audit.record(session, f"account.{state}", label(account), before=account.state)
        account.state = state
        account.state_since = now()
    account.state_reason = reason
    session.add(account)


def pause(session: Session, account: Account) -> None:
    """A person pauses: nothing is collected until resumed."""
    set_state(session, account, "paused", "Paused by a person.")


def resume(session: Session, account: Account) -> None:
    """Collect again, and at once: a pause that the network asked for ends when it ends."""
    set_state(session, account, "connected")


def hold(
    session: Session, account: Account, state: str, title: str, todo: str | None = None
) -> None:
    """Stop collecting an account because of what its network answered, and alert."""
    set_state(session, account, state, title)
    key = alert_key(account, state)
    alerts.raise_alert(session, key, "error", f"{label(account)}: {title}", todo, account.id)


def end_hold(session: Session, account: Account) -> None:
    """A success: the hold ends, and its alerts."""
    if account.state in (*HOLDS, "gone"):
        set_state(session, account, "connected")
    for state in (*HOLDS, "gone"):
        alerts.resolve(session, alert_key(account, state))


def alert_key(account: Account, what: str) -> str:
    """The key of an account's alert."""
    return f"{ALERT_PREFIX}:{account.id}:{what}"


def pause_until(session: Session, account: Account, until: datetime) -> None:
    """A rate limit: nothing is asked before then. A later pause is kept."""
    if account.paused_until is None or account.paused_until < until:
        account.paused_until = until
        session.add(account)


def remove(session: Session, account: Account) -> None:
    """Forget the token and stop collecting; its posts and figures stay."""
    set_state(session, account, "removed", "Removed by a person.")
    account.token_sealed = None
    account.token_ends_at = None
    account.paused_until = None
    alerts.resolve_all(session, f"{ALERT_PREFIX}:{account.id}:")
    session.add(account)


def store_connected(
    session: Session,
    *,
    network: str,
    handle: str,
    remote_id: str,
    name: str,
    base_url: str | None,
    token_sealed: bytes,
    token_ends_at: datetime | None,
    zone: str | None,
    currency: str | None,
    budget_minor: int | None,
    can: Sequence[str],
    cannot: Sequence[Mapping[str, str]],
) -> Account:
    """Store what connecting found: a new account, or the same one with a new token."""
    account = by_remote_id(session, network, remote_id) or by_key(session, network, handle)
    fresh = account is None
    if account is None:
        account = Account(network=network, handle=handle, handle_key="", created_at=now())
    elif account.remote_id not in (None, remote_id):
        raise Refused(
            f"{network}:{handle} was another account at the network (id {account.remote_id}).",
            "Rename or remove the former one first.",
        )
    account.handle, account.handle_key = handle, handle_key(handle)
    account.remote_id, account.name, account.base_url = remote_id, name, base_url
    account.token_sealed, account.token_ends_at = token_sealed, token_ends_at
    account.zone, account.currency = zone, currency
    account.budget_minor = account.budget_minor if budget_minor is None else budget_minor
    account.can, account.cannot = list(can), [dict(one) for one in cannot]
    account.tested_at, account.paused_until = now(), None
    session.add(account)
    session.flush()
    set_state(session, account, "connected")
    alerts.resolve_all(session, f"{ALERT_PREFIX}:{account.id}:")
    audit.record(session, "account.add" if fresh else "account.renew", label(account))
    return account


def replace_token(session: Session, account_id: int, token_sealed: bytes) -> None:
    """Keep a token that the network renewed by itself."""
    account = get(session, account_id)
    account.token_sealed = token_sealed
    session.add(account)
    audit.record(session, "account.token_renewed", label(account))


def note_test(
    session: Session,
    account: Account,
    can: Sequence[str],
    cannot: Sequence[Mapping[str, str]],
    token_ends_at: datetime | None,
) -> None:
    """Keep what a test found: what can be read, what not and why, when the token ends."""
    account.can, account.cannot = list(can), [dict(one) for one in cannot]
    account.tested_at, account.token_ends_at = now(), token_ends_at
    session.add(account)


def rename(session: Session, account: Account, handle: str) -> None:
    """The network knows it by another handle now (same id)."""
    if account.handle == handle:
        return
    other = by_key(session, account.network, handle)
    if other is not None and other.id != account.id:
        return  # the name is another account's here: keep ours, so that both stay apart
    audit.record(session, "account.renamed", label(account), to=handle)
    account.handle, account.handle_key = handle, handle_key(handle)
    session.add(account)


def stop_backfill(session: Session, account: Account, stream: str = "posts") -> None:
    """A person stops the first reading of old posts (or ads); new ones go on coming."""
    state = streams.locked(session, account_id(account), stream)
    state.stop_asked = True
    session.add(state)
    audit.record(session, "backfill.stop", label(account), stream=stream)


def resume_backfill(session: Session, account: Account, stream: str = "posts") -> None:
    """Go on from the page where it was stopped."""
    state = streams.locked(session, account_id(account), stream)
    state.stop_asked = False
    session.add(state)
    audit.record(session, "backfill.resume", label(account), stream=stream)


def on_hold(account: Account, at: datetime) -> bool:
    """Whether the schedule lets it wait: not connected, or paused by its network."""
    return account.state != "connected" or (
        account.paused_until is not None and account.paused_until > at
    )


def collectable(session: Session) -> list[Account]:
    """Those that a schedule may make slots for."""
    rows = session.exec(
        select(Account).where(Account.state == "connected").order_by(col(Account.id))
    )
    return [row for row in rows if not on_hold(row, now())]


def set_budget(session: Session, account: Account, budget_minor: int) -> None:
    """The owner's limit for what reading it may cost a month, in US cents; audited.

    A higher one ends the pause that the former one brought; what was spent is asked again
    before the next page.
    """
    if budget_minor < 0:
        raise Refused("A budget cannot be less than nothing.", "Give 0 to read nothing.")
    before = account.budget_minor
    audit.record(session, "account.budget", label(account), before=before)
    account.budget_minor = budget_minor
    session.add(account)
    if before is not None and budget_minor > before:
        _end_budget_pause(session, account)


def _end_budget_pause(session: Session, account: Account) -> None:
    """The alert tells whose pause it is: one that the network asked for stays."""
    if not alerts.resolve(session, alert_key(account, "budget")):
        return
    account.paused_until = None
    if account.state == "connected":
        account.state_reason = None
    session.add(account)
