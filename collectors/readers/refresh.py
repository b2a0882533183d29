"""Known posts whose counters are due to be read again, in groups."""

from datetime import datetime, timedelta

from collectors.networks.base import Adapter, Page
from collectors.readers.base import Reader
from data import due
from data.models import StreamState
from data.session import Session

UNANSWERED = timedelta(hours=6)


class RefreshReader(Reader):
    """Its place is kept by the posts themselves: `next_snapshot_at`."""

    stream = "refresh"
    row = "refresh"

    def begin(self, session: Session, state: StreamState, adapter: Adapter) -> None:
        """The first group."""
        del state
        self._choose(session, adapter)

    def fetch(self, adapter: Adapter) -> Page:
        """The counters of the group."""
        return adapter.refresh(self.remote_id, self.group, skip=self.skip)

    def stored(self, session: Session, state: StreamState, adapter: Adapter, page: Page) -> None:
        """The next group; a post that was neither answered nor missing waits some hours."""
        state.pages += 1
        state.items += len(page.posts)
        answered = {post.remote_id for post in page.posts} | set(page.missing)
        left = [remote_id for remote_id in self.group if remote_id not in answered]
        due.postpone(session, self._id(), left, self.at + UNANSWERED)
        self._choose(session, adapter)

    def _choose(self, session: Session, adapter: Adapter) -> None:
        self.group: dict[str, datetime] = due.due_posts(
            session, self._id(), self.at, adapter.refresh_size
        )
        self.done = not self.group

    def _id(self) -> int:
        if self.account.id is None:
            raise ValueError("an account that was never stored")
        return self.account.id
