"""One made practice for the tests that only read it, a fresh one for those that break it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from collectors.sandbox.server import RunningSandbox, running_sandbox

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    """A made practice at a fixed time, shared by a module's tests."""
    with running_sandbox(seed=7, clock=NOW) as running:
        yield running


@pytest.fixture
def fragile() -> Iterator[RunningSandbox]:
    """A made practice of its own, with 60 days of history."""
    with running_sandbox(seed=7, clock=NOW, days=60) as running:
        yield running
