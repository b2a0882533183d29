"""Ad figures: they move for 28 days, so that window is read daily, its last 3 days hourly."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from collectors.networks.base import Adapter, NetworkError, Page
from collectors.readers.base import Reader, mark
from data.models import StreamState
from data.session import Session

MOVING = 28
RECENT = 3
CHUNK = timedelta(days=31)
OLDEST_MONTHS = 37


class AdsReader(Reader):
    """The moving days. A window that was interrupted goes on where it stood (mark `window`)."""

    stream = "ads"
    row = "ads"

    def begin(self, session: Session, state: StreamState, adapter: Adapter) -> None:
        """The whole window on the first run of the ad account's day, else its last days."""
        del session, adapter
        self.today = today_of(self)
        window = state.marks.get("window")
        if window:
            self.since = date.fromisoformat(window["since"])
            self.until = date.fromisoformat(window["until"])
            self.cursor: str | None = window["cursor"]
            return
        whole = state.marks.get("whole_on") != self.today.isoformat()
        self.since = self.today - timedelta(days=(MOVING if whole else RECENT) - 1)
        self.until, self.cursor = self.today, None

    def fetch(self, adapter: Adapter) -> Page:
        """The window's next page."""
        return adapter.ads(self.remote_id, since=self.since, until=self.until, cursor=self.cursor)

    def stored(self, session: Session, state: StreamState, adapter: Adapter, page: Page) -> None:
        """On to the next page of the window."""
        del session, adapter
        state.pages += 1
        state.items += len(page.ads)
        self.cursor = page.cursor
        self.done = page.cursor is None
        if not self.done:
            since, until = self.since.isoformat(), self.until.isoformat()
            mark(state, window={"since": since, "until": until, "cursor": self.cursor})
            return
        mark(state, window=None)
        if (self.until - self.since).days >= MOVING - 1:
            mark(state, whole_on=self.until.isoformat())


class AdsBackfillReader(Reader):
    """The 37 months that Meta keeps, newest first, a month at a time; it can be stopped."""

    stream = "ads_backfill"
    row = "ads"

    def begin(self, session: Session, state: StreamState, adapter: Adapter) -> None:
        """From the month that is next: the row's cursor is `last day|page cursor`."""
        del session, adapter
        self.today = today_of(self)
        first = (self.today - timedelta(days=MOVING)).isoformat()
        day, _, cursor = (state.cursor or first).partition("|")
        self.until, self.cursor = date.fromisoformat(day), cursor or None
        self.done = state.backfill_done_at is not None or state.stop_asked

    def fetch(self, adapter: Adapter) -> Page:
        """The month's next page."""
        return adapter.ads(
            self.remote_id, since=self._since(), until=self.until, cursor=self.cursor
        )

    def stored(self, session: Session, state: StreamState, adapter: Adapter, page: Page) -> None:
        """The next page, or the month before."""
        del session, adapter
        state.pages += 1
        state.items += len(page.ads)
        self.cursor = page.cursor
        if page.cursor is None:
            self.until = self._since() - timedelta(days=1)
        state.cursor = f"{self.until.isoformat()}|{self.cursor or ''}"
        if self.until < self._oldest():
            self._complete(state)
        self.done = self.done or state.stop_asked

    def refused(self, state: StreamState, error: NetworkError) -> bool:
        """Months that Meta no longer gives: that is how far back it goes."""
        if error.reason != "refused" or self.until > self.today - timedelta(days=365):
            return False
        self._complete(state)
        return True

    def _complete(self, state: StreamState) -> None:
        state.backfill_done_at, state.cursor = self.at, None
        self.done = True

    def _since(self) -> date:
        return max(self.until - CHUNK + timedelta(days=1), self._oldest())

    def _oldest(self) -> date:
        """A day later than 37 months ago: the network's bound, and not one day beyond."""
        months = self.today.year * 12 + self.today.month - 1 - OLDEST_MONTHS
        first = date(months // 12, months % 12 + 1, 1)
        return first + timedelta(days=min(self.today.day, 28))


def today_of(reader: Reader) -> date:
    """Today in the ad account's own zone (UTC where it did not say)."""
    return reader.at.astimezone(ZoneInfo(reader.account.zone or "UTC")).date()
