"""Opening an account's adapter: its token unsealed, its base address resolved."""

from collections.abc import Callable
from pathlib import Path

from collectors import made
from collectors.networks import open_adapter, parse_credentials
from collectors.networks.base import Adapter, NetworkError
from data import accounts, crypto, demo, unsealing
from data.models import Account
from data.session import Engine, open_session


def open_account(engine: Engine, home: Path, account: Account) -> Adapter:
    """The account's adapter; NetworkError (token) where none is stored, Refused on a lost key."""
    if account.token_sealed is None:
        raise NetworkError(
            f"No token is stored for {accounts.label(account)}.",
            reason="token",
            permanent=True,
            todo="Connect the account again.",
        )
    text = unsealing.unseal(home, account.token_sealed).decode()
    return open_adapter(
        account.network,
        parse_credentials(account.network, text),
        base_url_of(engine, account),
        on_token=_keeper(engine, home, accounts.account_id(account)),
    )


def open_at(home: Path, account: Account, address: str) -> Adapter:
    """An adapter that calls this address, whatever is stored."""
    text = unsealing.unseal(home, account.token_sealed or b"").decode()
    return open_adapter(account.network, parse_credentials(account.network, text), address)


def base_url_of(engine: Engine, account: Account) -> str | None:
    """Where its calls go; a made-up account's sandbox is started here, in this process."""
    if account.base_url == demo.ADDRESS:
        return made.sandbox_url(engine)
    return account.base_url


def _keeper(engine: Engine, home: Path, account_id: int) -> Callable[[str], None]:
    """Stores a token the moment the network renews it: the former one is worth nothing then."""

    def keep(text: str) -> None:
        with open_session(engine, "worker", write=True) as session:
            accounts.replace_token(session, account_id, crypto.seal(home, text.encode()))

    return keep
