"""The owner's monthly budget for a network that charges per call."""

from collectors.networks.base import Adapter, NetworkError
from data import accounts, spend
from data.clock import now
from data.models import Account
from data.session import Engine, open_session

DEFAULT_MINOR = {"x": 2500}


def check_budget(engine: Engine, account: Account, adapter: Adapter) -> None:
    """NetworkError (budget) where the next page could cost more than is left this month."""
    if account.budget_minor is None:
        return
    with open_session(engine, "worker") as session:
        spent = spend.month_spent(session, accounts.account_id(account), now())
    dearest = int(getattr(adapter, "page_micros", 0))
    limit = account.budget_minor * spend.MICROS_A_CENT
    if spent < limit and spent + dearest <= limit:
        return
    raise NetworkError(
        f"This month's budget of ${account.budget_minor / 100:.2f} is used up "
        f"(${spent / 1_000_000:.2f} spent).",
        reason="budget",
        permanent=False,
        retry_at=spend.next_month(now()),
        todo="Raise the budget on the page Connections, or wait for the next month.",
    )
