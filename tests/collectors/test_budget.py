"""X's monthly budget: asked before a page and before a test, and told as it is."""

import pytest

from collectors import connect
from collectors.networks.base import NetworkError
from collectors.networks.x import XAdapter
from data import accounts
from data.models import Account, ApiSpend
from data.session import open_session
from tests.collectors.conftest import CLOCK, Desk


def spent(desk: Desk, micros: int) -> Account:
    account = desk.connect("x", budget_minor=500)
    with open_session(desk.engine, "test", write=True) as session:
        key = accounts.account_id(account)
        session.add(ApiSpend(account_id=key, day=CLOCK.date(), kind="b", cost_micros=micros))
    return account


@pytest.fixture
def dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """X at its own prices: the sandbox on loopback is free."""
    monkeypatch.setattr(XAdapter, "dearest_micros", lambda *_: 530_000)


def test_too_little_left_for_a_page_is_not_called_used_up(desk: Desk, dear: None) -> None:
    spent(desk, 4_600_000)
    desk.collect()
    assert desk.remote_ids("x") == []
    assert desk.account("x").state_reason == (
        "The next page may cost $0.53, and of this month's budget of $5.00 $0.40 is left."
    )


def test_what_just_fits_is_read(desk: Desk, dear: None) -> None:
    spent(desk, 4_470_000)
    desk.collect()
    assert desk.remote_ids("x") == desk.published("x")


def test_a_test_of_the_account_asks_the_budget_before_it_costs_anything(
    desk: Desk, dear: None
) -> None:
    account = spent(desk, 4_600_000)
    before = desk.sandbox.requests()
    with pytest.raises(NetworkError, match=r"\$0.40 is left") as refused:
        connect.recheck(desk.engine, desk.home, account, "worker")
    assert refused.value.reason == "budget"
    assert desk.sandbox.requests() == before
