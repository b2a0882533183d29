"""The owner's monthly budget for a network that charges per call."""

from collectors.networks.base import Adapter, NetworkError
from data import accounts, spend
from data.clock import now
from data.models import Account
from data.session import Engine, open_session

DEFAULT_MINOR = {"x": 2500}


def check_budget(engine: Engine, account: Account, adapter: Adapter) -> None:
    """NetworkError (budget) where the next page, or a test, could cost more than is left."""
    if account.budget_minor is None:
        return
    with open_session(engine, "worker") as session:
        spent = spend.month_spent(session, accounts.account_id(account), now())
    dearest = adapter.dearest_micros(str(account.remote_id))
    limit = account.budget_minor * spend.MICROS_A_CENT
    if spent < limit and spent + dearest <= limit:
        return
    raise NetworkError(
        _sentence(limit, spent, dearest),
        reason="budget",
        permanent=False,
        retry_at=spend.next_month(now()),
        todo="Raise the budget on the page Connections, or wait for the next month.",
    )


def _sentence(limit: int, spent: int, dearest: int) -> str:
    """Used up, or too little left for another page; micro US dollars."""
    budget, gone = _dollars(limit), _dollars(spent)
    if spent >= limit:
        return f"This month's budget of {budget} is used up ({gone} spent)."
    return (
        f"The next page may cost {_dollars(dearest)}, and of this month's budget of {budget} "
        f"{_dollars(limit - spent)} is left."
    )


def _dollars(micros: int) -> str:
    return f"${micros / 1_000_000:.2f}"
