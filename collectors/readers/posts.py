"""New posts: from the newest down to those known.

The mark `known_at` says: every post up to here was read. It moves only when a run came all the
way down to it; moved with the first page, a crash would lose the posts between. An interrupted
run goes on from its cursor (`new`), and posts newer than its first page are the next run's.
"""

from datetime import datetime, timedelta

from collectors.networks.base import Adapter, Page
from collectors.readers.base import Reader, count, instant_mark, mark, widen
from data.models import StreamState
from data.session import Session

OVERLAP = timedelta(seconds=60)  # posts of one second, and clocks of the network that differ


class PostsReader(Reader):
    """Reads what was published since the last run. The first run leaves the rest to backfill."""

    stream = "posts"
    row = "posts"

    def begin(self, session: Session, state: StreamState, adapter: Adapter) -> None:
        """Continue an interrupted run, or begin with the newest post."""
        del session, adapter
        self.known = instant_mark(state, "known_at")
        self.first_ever = self.known is None and state.backfill_done_at is None
        interrupted = state.marks.get("new") or {}
        self.cursor: str | None = interrupted.get("cursor")
        newest = interrupted.get("newest")
        self.newest = datetime.fromisoformat(newest) if newest else None

    def fetch(self, adapter: Adapter) -> Page:
        """The next page, down to the posts that are known."""
        since = self.known - OVERLAP if self.known else None
        return adapter.posts(self.remote_id, cursor=self.cursor, since=since, skip=self.skip)

    def stored(self, session: Session, state: StreamState, adapter: Adapter, page: Page) -> None:
        """Move down; at the known ones the mark moves up to this run's newest."""
        del session, adapter
        moments = [post.published_at for post in page.posts]
        if self.cursor is None and moments:
            self.newest = max(moments)
        if self.first_ever:
            self._hand_over(state, page)
        else:
            widen(state, page)
        below = bool(self.known and moments and max(moments) < self.known - OVERLAP)
        self.cursor = page.cursor
        self.done = self.first_ever or page.cursor is None or below
        if not self.done:
            newest = self.newest.isoformat() if self.newest else None
            mark(state, new={"cursor": self.cursor, "newest": newest})
            return
        mark(state, new=None)
        if self.newest and (self.known is None or self.newest > self.known):
            mark(state, known_at=min(self.newest, self.at + OVERLAP).isoformat())

    def _hand_over(self, state: StreamState, page: Page) -> None:
        """The first page ever: the backfill goes on with the second."""
        count(state, page)
        state.cursor = page.cursor
        if page.cursor is None:
            state.backfill_done_at = self.at
