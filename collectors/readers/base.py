"""What every reader of a stream has in common."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from collectors.networks.base import Adapter, NetworkError, Page
from data.models import Account, StreamState
from data.session import Session


class Reader(ABC):
    """One run over one stream of one account.

    `begin` and `stored` are called within transactions, with the stream's row locked;
    `fetch` is called outside of any and asks the network for exactly one page.
    """

    stream: ClassVar[str]  # as work items name it
    row: ClassVar[str]  # the `stream_state` it keeps its place in

    def __init__(self, account: Account, at: datetime) -> None:
        """`at`: when the run began; what becomes due later belongs to the next one."""
        if account.remote_id is None:
            raise ValueError("an account that was never connected")
        self.account = account
        self.remote_id = account.remote_id
        self.at = at
        self.skip: frozenset[str] = frozenset()
        self.done = False

    @abstractmethod
    def begin(self, session: Session, state: StreamState, adapter: Adapter) -> None:
        """Look where the last run ended; `done` where there is nothing to ask."""

    @abstractmethod
    def fetch(self, adapter: Adapter) -> Page:
        """Ask for the next page; NetworkError and nothing else."""

    @abstractmethod
    def stored(self, session: Session, state: StreamState, adapter: Adapter, page: Page) -> None:
        """The page's rows are in this transaction: move on, and say whether it was the last."""

    def refused(self, state: StreamState, error: NetworkError) -> bool:
        """Whether the network's definite no only means that this reading is at its end."""
        del state, error
        return False


def mark(state: StreamState, **values: Any) -> None:
    """Set marks (None removes one). JSON columns see a change only as a new object."""
    kept: Mapping[str, Any] = {**state.marks, **values}
    state.marks = {name: value for name, value in kept.items() if value is not None}


def instant_mark(state: StreamState, name: str) -> datetime | None:
    """A mark that is an instant."""
    text = state.marks.get(name)
    return datetime.fromisoformat(text) if text else None


def count(state: StreamState, page: Page) -> None:
    """Progress that people see: pages, posts, the oldest and newest moment reached."""
    state.pages += 1
    state.items += len(page.posts) + len(page.ads)
    widen(state, page)


def widen(state: StreamState, page: Page) -> None:
    """Let oldest_at and newest_at take in the page's posts."""
    moments = [post.published_at for post in page.posts]
    if moments:
        state.oldest_at = min([*moments, *([state.oldest_at] if state.oldest_at else [])])
        state.newest_at = max([*moments, *([state.newest_at] if state.newest_at else [])])
