"""An account's own daily figures: the last days again (late ones), once the days before."""

from datetime import date, timedelta

from collectors.networks.base import Adapter, NetworkError, Page
from collectors.readers.base import Reader, mark
from data.models import StreamState
from data.session import Session

WINDOW = timedelta(days=30)  # what Instagram gives at most in one request
LATE = timedelta(days=3)  # figures may come two days late
OLDEST = timedelta(days=730)  # Pages keep two years


class AccountReader(Reader):
    """Reads a recent window, then goes back a window at a time until one is empty."""

    stream = "account"
    row = "account"

    def begin(self, session: Session, state: StreamState, adapter: Adapter) -> None:
        """Recent days first; an unfinished look back goes on where it stood."""
        del session, adapter
        self.today = self.at.date()
        through = state.marks.get("through")
        since = self.today - WINDOW + timedelta(days=1)
        if through:
            since = max(since, date.fromisoformat(through) - LATE)
        self.since, self.until = since, self.today
        self.recent = True

    def fetch(self, adapter: Adapter) -> Page:
        """One window of days."""
        return adapter.account(self.remote_id, since=self.since, until=self.until)

    def stored(self, session: Session, state: StreamState, adapter: Adapter, page: Page) -> None:
        """After the recent days the older ones, until there are none."""
        del session, adapter
        state.pages += 1
        state.items += len(page.account)
        if self.recent:
            self.recent = False
            mark(state, through=self.today.isoformat())
            state.cursor = state.cursor or self._day_before()
        else:
            state.cursor = self._day_before()
            days = [figure.day for figure in page.account]
            if not any(self.since <= day <= self.until for day in days):
                self._complete(state)
        self._next(state)

    def refused(self, state: StreamState, error: NetworkError) -> bool:
        """Days that the network no longer gives: that is how far back it goes."""
        if self.recent or error.reason != "refused":
            return False
        self._complete(state)
        return True

    def _day_before(self) -> str:
        return (self.since - timedelta(days=1)).isoformat()

    def _complete(self, state: StreamState) -> None:
        state.backfill_done_at = self.at
        state.cursor = None
        self.done = True

    def _next(self, state: StreamState) -> None:
        if state.backfill_done_at or state.cursor is None:
            state.cursor = None
            self.done = True
            return
        self.until = date.fromisoformat(state.cursor)
        self.since = self.until - WINDOW + timedelta(days=1)
        if self.until < self.today - OLDEST:
            self._complete(state)
