"""The first reading of old posts, as far back as the network gives; it can be stopped."""

from collectors.networks.base import Adapter, NetworkError, Page
from collectors.readers.base import Reader, count, mark
from data.models import StreamState
from data.session import Session

MAX_RESTARTS = 3


class BackfillReader(Reader):
    """Goes on from `stream_state.cursor`, which always names the page to ask for next."""

    stream = "backfill"
    row = "posts"

    def begin(self, session: Session, state: StreamState, adapter: Adapter) -> None:
        """Nothing to do where it is complete, stopped, or new posts were never read yet."""
        del session, adapter
        self.cursor = state.cursor
        never_read = state.cursor is None and "known_at" not in state.marks
        self.done = state.backfill_done_at is not None or state.stop_asked or never_read

    def fetch(self, adapter: Adapter) -> Page:
        """The next older page."""
        return adapter.posts(self.remote_id, cursor=self.cursor, since=None, skip=self.skip)

    def stored(self, session: Session, state: StreamState, adapter: Adapter, page: Page) -> None:
        """The cursor moves in the transaction that stores the rows."""
        del session, adapter
        count(state, page)
        self.cursor = state.cursor = page.cursor
        if self.cursor is None:
            state.backfill_done_at = self.at
        self.done = self.cursor is None or state.stop_asked

    def refused(self, state: StreamState, error: NetworkError) -> bool:
        """A cursor that the network has forgotten: begin anew, what is stored is only checked."""
        restarts = int(state.marks.get("restarts", 0))
        if error.reason == "refused" and state.cursor is not None and restarts < MAX_RESTARTS:
            state.cursor = None
            mark(state, restarts=restarts + 1)
        return False
