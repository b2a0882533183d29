"""One sandbox for a file of tests, with a clock that stands at a known day."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from collectors.networks import open_adapter, parse_credentials
from collectors.networks.base import Adapter
from collectors.sandbox.server import RunningSandbox, SandboxAccount, running_sandbox
from data.clock import told_by

CLOCK = datetime(2026, 9, 15, 18, 30, tzinfo=UTC)
Open = Callable[..., Adapter]


@pytest.fixture(scope="session")
def whole_sandbox() -> Iterator[RunningSandbox]:
    """A made practice of 120 days."""
    with running_sandbox(days=120, clock=CLOCK) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(whole_sandbox: RunningSandbox) -> Iterator[RunningSandbox]:
    """The same without faults, its clock set back, told to everybody who asks for the time."""
    whole_sandbox.clear_faults()
    whole_sandbox.set_clock(CLOCK)
    with told_by(whole_sandbox.now):
        yield whole_sandbox
    whole_sandbox.clear_faults()


def account_of(sandbox: RunningSandbox, network: str) -> SandboxAccount:
    """The sandbox's account of that network."""
    return next(one for one in sandbox.accounts if one.network == network)


@pytest.fixture
def opened(sandbox: RunningSandbox) -> Open:
    """Opens the adapter of a network on the sandbox."""

    def open_one(network: str, **options: object) -> Adapter:
        account = account_of(sandbox, network)
        credentials = parse_credentials(network, account.token)
        return open_adapter(network, credentials, sandbox.url, **options)  # type: ignore[arg-type]

    return open_one
