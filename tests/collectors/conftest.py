"""A desk for tests: a database, a home with keys, and the real sandbox over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import stamina
from sqlalchemy import func, select, update

from collectors.collecting import Collecting, as_json, summed
from collectors.connect import Wanted, connect
from collectors.sandbox.server import RunningSandbox, running_sandbox
from data import accounts, crypto
from data.alerts import open_alerts
from data.claimant import host
from data.clock import told_by
from data.models import Account, Base, Post, PostSnapshot, StreamState, WorkItem
from data.session import Engine, Session, open_session

CLOCK = datetime(2026, 9, 15, 18, 30, tzinfo=UTC)
DAYS = 120


@dataclass
class Desk:
    """What a person has: a database, the home, and networks that answer."""

    engine: Engine
    home: Path
    sandbox: RunningSandbox

    def connect(self, network: str, **options: object) -> Account:
        """Connect the sandbox's account of that network."""
        one = next(one for one in self.sandbox.accounts if one.network == network)
        wanted = Wanted(network, one.handle, one.token, self.sandbox.url, **options)  # type: ignore[arg-type]
        return connect(self.engine, self.home, wanted, "test")

    def collect(self, *names: str) -> list[dict[str, object]]:
        """`reachwell collect`, as its JSON says it; the lines for people are in `said`."""
        with open_session(self.engine, "test") as session:
            wanted = [accounts.find(session, name) for name in names] or accounts.all_accounts(
                session
            )
        self.said: list[str] = []
        run = Collecting(self.engine, self.home, say=self.said.append)
        return [as_json(one, run.names) for one in summed(run.accounts(wanted))]

    def run_of(self, stream: str, runs: list[dict[str, object]]) -> dict[str, object]:
        """The run over that stream."""
        return next(run for run in runs if run["stream"] == stream)

    def account(self, network: str) -> Account:
        """The account as it stands."""
        with open_session(self.engine, "test") as session:
            return next(one for one in accounts.all_accounts(session) if one.network == network)

    def alerts(self) -> list[str]:
        """The sentences of the open alerts."""
        with open_session(self.engine, "test") as session:
            return [alert.title for alert in open_alerts(session)]

    def state(self, network: str, stream: str) -> StreamState:
        """How far a stream was read."""
        key = self.account(network).id
        with open_session(self.engine, "test") as session:
            return session.scalars(
                select(StreamState).where(
                    StreamState.account_id == key,  # type: ignore[arg-type]
                    StreamState.stream == stream,  # type: ignore[arg-type]
                )
            ).one()

    def items(self, stream: str) -> list[WorkItem]:
        """The work items of a stream, oldest first."""
        with open_session(self.engine, "test") as session:
            return list(
                session.scalars(
                    select(WorkItem)
                    .where(WorkItem.stream == stream)  # type: ignore[arg-type]
                    .order_by(WorkItem.id)  # type: ignore[arg-type]
                )
            )

    def let_go(self) -> None:
        """As if the processes that hold claims were gone."""
        with open_session(self.engine, "test", write=True) as session:
            session.execute(
                update(WorkItem)
                .where(WorkItem.state == "claimed")  # type: ignore[arg-type]
                .values(claimed_by=f"{host()}:999999999:0")
            )

    def remote_ids(self, network: str) -> list[str]:
        """The ids of the stored posts, in order."""
        key = self.account(network).id
        with open_session(self.engine, "test") as session:
            ids = session.scalars(select(Post.remote_id).where(Post.account_id == key))  # type: ignore[call-overload]
            return sorted(ids)

    def published(self, network: str) -> list[str]:
        """The ids of the posts that stand at the network at this moment."""
        feed = self.sandbox._app.world.feeds[network]
        return sorted(post.remote_id for post in feed.visible(self.sandbox.now()))


@pytest.fixture(scope="session")
def one_sandbox() -> Iterator[RunningSandbox]:
    """A made practice of 120 days."""
    with running_sandbox(days=DAYS, clock=CLOCK, frozen=True) as sandbox:
        yield sandbox


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the worker's keys."""
    path = tmp_path / "home"
    crypto.make_keys(path)
    return path


@pytest.fixture(autouse=True)
def hurried() -> Iterator[None]:
    """Three attempts as ever, but no waiting between them."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def desk(
    engine: Engine, home: Path, one_sandbox: RunningSandbox, practice: object
) -> Iterator[Desk]:
    """A described practice; nothing connected yet. Everybody goes by the sandbox's clock."""
    one_sandbox.clear_faults()
    one_sandbox.set_clock(CLOCK)
    for feed in one_sandbox._app.world.feeds.values():
        feed.gone.clear()
    one_sandbox._app.quotas.windows.clear()  # what other tests used of X's limits is not this one's
    with told_by(one_sandbox.now):
        yield Desk(engine, home, one_sandbox)
    one_sandbox.clear_faults()


def rows(engine: Engine, table: type[Base]) -> int:
    """How many rows a table has."""
    with open_session(engine, "test") as session:
        return count(session, table)


def count(session: Session, table: type[Base]) -> int:
    """The same within a session."""
    return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def snapshots(engine: Engine) -> int:
    """How many snapshots there are."""
    return rows(engine, PostSnapshot)
