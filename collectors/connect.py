"""Connecting an account: what a person pasted is parsed, tried, exchanged, sealed and stored."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from collectors import outcomes
from collectors.budget import DEFAULT_MINOR, check_budget
from collectors.networks import open_adapter, parse_credentials
from collectors.networks.base import Adapter, Charge, Found, NetworkError, Tested
from collectors.networks.credentials import as_text
from collectors.networks.hosts import check_base_url, check_network, is_loopback
from collectors.opening import open_account
from collectors.storing import costs_of
from data import accounts, crypto, demo, spend
from data.clock import now
from data.errors import Refused
from data.models import Account
from data.session import Engine, Session, open_session


@dataclass(frozen=True)
class Wanted:
    """What a person gives: `token` is the pasted text, `budget_minor` US cents a month."""

    network: str
    handle: str
    token: str
    base_url: str | None = None
    budget_minor: int | None = None


def connect(
    engine: Engine, home: Path, wanted: Wanted, actor: str, *, kept_address: str | None = None
) -> Account:
    """Connect (or connect anew) and store; Refused with a sentence where it cannot be.

    No HTTP runs within a transaction. Works again where the account was removed or needs a
    new token: its posts are taken up. `kept_address` is stored in place of the one called.
    """
    address = _allowed_address(engine, wanted)
    keys = _Keys(wanted.network, wanted.token)
    try:
        found, tested = _look(keys, address, wanted.handle)
    except NetworkError as error:
        raise Refused(str(error), error.todo) from None
    if not tested.can:
        raise Refused(
            f"The token opens {found.handle}, but nothing of it can be read: "
            + "; ".join(f"{one['what']}: {one['why']}" for one in tested.cannot),
            "Make a token with the rights that the page Connections names.",
        )
    sealed = crypto.seal(home, keys.text.encode())
    with open_session(engine, actor, write=True) as session:
        return _store(session, wanted, found, tested, sealed, kept_address)


def recheck(
    engine: Engine,
    home: Path,
    account: Account,
    actor: str,
    between: Callable[[], object] = lambda: None,
) -> Tested:
    """Test a connected account: what can be read, when the token ends, its present handle.

    A success ends a hold. `between` is called between the calls, to prolong a lease. The budget
    is asked first. NetworkError and Refused pass; the caller says them.
    """
    adapter = open_account(engine, home, account)
    check_budget(engine, account, adapter)
    tested = adapter.test(str(account.remote_id))
    between()
    handle, charges = _present_handle(adapter, account)
    with open_session(engine, actor, write=True) as session:
        row = accounts.get(session, accounts.account_id(account))
        accounts.note_test(session, row, tested.can, tested.cannot, tested.token_ends_at)
        charges = (*tested.charges, *charges)
        spend.record(session, accounts.account_id(row), costs_of(charges), now())
        if tested.token:
            sealed = crypto.seal(home, tested.token.encode())
            accounts.replace_token(session, accounts.account_id(row), sealed)
        accounts.end_hold(session, row)
        accounts.rename(session, row, handle)
    return tested


def test_now(engine: Engine, home: Path, name: str, actor: str) -> Account:
    """Test the account of that name; the account as it stands then. Refused where it fails."""
    with open_session(engine, actor) as session:
        account = accounts.find(session, name)
    try:
        recheck(engine, home, account, actor)
    except NetworkError as error:
        with open_session(engine, actor, write=True) as session:
            row = accounts.get(session, accounts.account_id(account))
            outcomes.hold_for(session, row, error)
        raise Refused(str(error), error.todo) from None
    with open_session(engine, actor) as session:
        return accounts.get(session, accounts.account_id(account))


class _Keys:
    """The credentials as they stand: the network may hand out better ones on the way."""

    def __init__(self, network: str, text: str) -> None:
        self.network = network
        self.credentials = parse_credentials(network, text)
        self.text = as_text(self.credentials.values)

    def take(self, text: str) -> None:
        """Another token, in the form that was pasted."""
        self.credentials = parse_credentials(self.network, text)
        self.text = as_text(self.credentials.values)

    def open(self, address: str) -> Adapter:
        """An adapter on them."""
        return open_adapter(self.network, self.credentials, address, on_token=self.take)


def _allowed_address(engine: Engine, wanted: Wanted) -> str:
    check_network(wanted.network)
    address = check_base_url(wanted.network, wanted.base_url)
    with open_session(engine, "machine") as session:
        if demo.is_demo(session) and not is_loopback(address):
            raise Refused(
                "This database holds the made-up demo practice; a real account does not belong "
                "in it.",
                "Run `reachwell setup` first, then connect the account.",
            )
    return address


def _look(keys: _Keys, address: str, handle: str) -> tuple[Found, Tested]:
    adapter = keys.open(address)
    found = _only_one(keys.network, handle, adapter.find(handle))
    if found.token:
        keys.take(found.token)
        adapter = keys.open(address)
    tested = adapter.test(found.remote_id)
    if tested.token:
        keys.take(tested.token)
    return found, tested


def _only_one(network: str, handle: str, found: tuple[Found, ...]) -> Found:
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused(
            f"The token opens no account called {handle!r} at {network}.",
            "Check the name, and that the token was made by someone who manages the account.",
        )
    names = "; ".join(f"{one.name} ({one.handle}, id {one.remote_id})" for one in found)
    raise Refused(f"{handle!r} fits several accounts: {names}.", "Give the id of one of them.")


def _store(
    session: Session,
    wanted: Wanted,
    found: Found,
    tested: Tested,
    sealed: bytes,
    kept_address: str | None,
) -> Account:
    address = kept_address or (wanted.base_url.strip().rstrip("/") if wanted.base_url else None)
    budget = wanted.budget_minor
    known = accounts.by_remote_id(session, found.network, found.remote_id)
    if budget is None and (known is None or known.budget_minor is None):
        budget = DEFAULT_MINOR.get(found.network)
    account = accounts.store_connected(
        session,
        network=found.network,
        handle=found.handle,
        remote_id=found.remote_id,
        name=found.name,
        base_url=address,
        token_sealed=sealed,
        token_ends_at=tested.token_ends_at,
        zone=found.zone,
        currency=found.currency,
        budget_minor=budget,
        can=tested.can,
        cannot=tested.cannot,
    )
    charges = (*found.charges, *tested.charges)
    spend.record(session, accounts.account_id(account), costs_of(charges), now())
    return account


def _present_handle(adapter: Adapter, account: Account) -> tuple[str, tuple[Charge, ...]]:
    """The handle that the network knows the account by now, and what asking cost.

    Our own handle where it cannot say.
    """
    charges: tuple[Charge, ...] = ()
    for name in (account.handle, str(account.remote_id)):
        for one in adapter.find(name):
            charges += one.charges
            if one.remote_id == account.remote_id:
                return one.handle, charges
    return account.handle, charges
