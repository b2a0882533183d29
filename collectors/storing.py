"""A page of results into the tables: one transaction, with the claim, the cursor and the cost."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from collectors.networks.base import Adapter, Charge, Page
from collectors.readers import Reader
from content.topics import match
from data import accounts, ingest, raw, spend, streams, work
from data.models import Account, StreamState, WorkItem
from data.session import Engine, Session, open_session

ACTOR = "worker"
TRY_ALL = timedelta(days=7)


class ClaimLost(Exception):
    """Another process has taken the work over: stop, and write nothing."""


def topics_of(text: str) -> list[tuple[str, Sequence[str]]]:
    """A text's health topics with the words that decided, for `ingest.posts`."""
    return [(found.topic, found.words) for found in match(text)]


def begin(engine: Engine, item: WorkItem, reader: Reader, adapter: Adapter) -> None:
    """Take the stream over for this attempt and let the reader look where it stands."""
    with open_session(engine, ACTOR, write=True) as session:
        _hold(session, item)
        state = streams.locked(session, accounts.account_id(reader.account), reader.row)
        runs = {**state.marks.get("runs", {}), reader.stream: item.attempt_id}
        state.marks = {**state.marks, "runs": runs}
        reader.skip = _skipped(state, reader.at)
        reader.begin(session, state, adapter)
        session.add(state)


def store_page(
    engine: Engine, item: WorkItem, reader: Reader, adapter: Adapter, page: Page, at: datetime
) -> ingest.Counts:
    """Rows, cursor, counts, cost and lease together; ClaimLost, and nothing written, else."""
    with open_session(engine, ACTOR, write=True) as session:
        _hold(session, item)
        account = accounts.get(session, accounts.account_id(reader.account))
        state = _own_state(session, item, reader)
        counts = store_rows(session, account, page, at)
        _note_refused(state, page.unavailable, at)
        reader.skip = frozenset(state.unavailable)
        reader.stored(session, state, adapter, page)
        if page.pause_until:
            accounts.pause_until(session, account, page.pause_until)
        session.add(state)
        work.count_page(session, item, counts.inserted, counts.updated, counts.unchanged)
        return counts


def store_rows(session: Session, account: Account, page: Page, at: datetime) -> ingest.Counts:
    """The page's replies, cost and rows, in the caller's transaction."""
    key = accounts.account_id(account)
    raw_ids = raw.store(session, key, account.network, page.raws)
    spend.record(session, key, costs_of(page.charges), at)
    total = ingest.Counts()
    if page.posts:
        total += ingest.posts(session, account, page.posts, raw_ids, topics_of)
    if page.account:
        total += ingest.account_figures(session, account, page.account, raw_ids)
    if page.ads:
        total += ingest.ads(session, account, page.ads, raw_ids)
    if page.missing:
        ingest.mark_deleted(session, account, page.missing, at)
    return total


def costs_of(charges: Sequence[Charge]) -> list[spend.Cost]:
    """An adapter's charges as `data.spend` counts them."""
    return [spend.Cost(one.kind, one.units, one.micros_each, one.post_ids) for one in charges]


def _skipped(state: StreamState, at: datetime) -> frozenset[str]:
    """Metrics that the network refused and that are not asked for; all are tried once a week."""
    tried = state.marks.get("all_tried_at")
    if state.unavailable and (tried is None or at - datetime.fromisoformat(tried) > TRY_ALL):
        if tried is not None:
            refused = {**state.marks.get("refused", {}), **state.unavailable}
            state.marks = {**state.marks, "refused": refused}
            state.unavailable = {}
        state.marks = {**state.marks, "all_tried_at": at.isoformat()}
    return frozenset(state.unavailable)


def _note_refused(state: StreamState, metrics: Sequence[str], at: datetime) -> None:
    """Since when each is refused: a second refusal keeps the first one's time."""
    known = state.marks.get("refused", {})
    for metric in metrics:
        since = known.get(metric, at.isoformat())
        state.unavailable = {metric: since, **state.unavailable}


def _hold(session: Session, item: WorkItem) -> None:
    if not work.renew_in(session, item):
        raise ClaimLost


def _own_state(session: Session, item: WorkItem, reader: Reader) -> StreamState:
    """The stream's row, still this attempt's: a later run that began ends this one."""
    state = streams.locked(session, accounts.account_id(reader.account), reader.row)
    if state.marks.get("runs", {}).get(reader.stream) != item.attempt_id:
        raise ClaimLost
    return state
