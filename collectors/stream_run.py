"""One run over one stream of one account: page after page, each stored before the next is asked.

No HTTP within a transaction, no transaction over two pages. Whenever the process ends, what is
stored is whole pages and the cursor of the page to ask for next.
"""

import time
from collections.abc import Callable
from pathlib import Path

import stamina

from collectors import outcomes, storing
from collectors.budget import check_budget
from collectors.networks.base import Adapter, NetworkError, Page
from collectors.opening import open_account
from collectors.outcomes import Outcome
from collectors.readers import READERS, Reader
from collectors.storing import ClaimLost
from data import accounts, work
from data.clock import now
from data.errors import Refused
from data.models import Account, WorkItem
from data.session import Engine, open_session

ATTEMPTS = 3
RETRY_SECONDS = 60.0
#: Reasons that a second look a moment later may cure.
TRANSIENT = ("network", "server", "bad_reply")
#: After so long a run lets others have their turn (a backfill may take hours).
TURN_SECONDS = 60.0


def never() -> bool:
    """Nobody asks to stop."""
    return False


def say_nothing(outcome: Outcome) -> None:
    """Nobody follows the progress."""
    del outcome


def run_stream(
    engine: Engine,
    home: Path,
    item: WorkItem,
    *,
    stopping: Callable[[], bool] = never,
    turn_seconds: float | None = TURN_SECONDS,
    tell: Callable[[Outcome], None] = say_nothing,
) -> Outcome:
    """Run a claimed item to its end, its pause, or its turn's end; never raises NetworkError.

    Between two pages `stopping` is asked, and `tell` hears how far it is.
    """
    account, outcome, reader = _prepared(engine, item)
    try:
        adapter = open_account(engine, home, account)
        if reader.row not in adapter.streams:
            outcomes.came_to_its_end(engine, item, reader, outcome)
            return outcome
        storing.begin(engine, item, reader, adapter)
        _read(engine, item, reader, adapter, outcome, stopping, turn_seconds, tell)
    except NetworkError as error:
        outcomes.was_refused(engine, item, reader, outcome, error)
    except ClaimLost:
        outcome.end = "lost"
    except Refused as refusal:
        outcomes.broke(engine, item, outcome, str(refusal), refusal.todo)
    return outcome


def _prepared(engine: Engine, item: WorkItem) -> tuple[Account, Outcome, Reader]:
    if item.account_id is None or item.stream is None:
        raise ValueError("work without an account")
    with open_session(engine, storing.ACTOR) as session:
        account = accounts.get(session, item.account_id)
    reader = READERS[item.stream](account, now())
    return account, Outcome(item.account_id, item.stream), reader


def _read(
    engine: Engine,
    item: WorkItem,
    reader: Reader,
    adapter: Adapter,
    outcome: Outcome,
    stopping: Callable[[], bool],
    turn_seconds: float | None,
    tell: Callable[[Outcome], None],
) -> None:
    began = time.monotonic()
    while not reader.done:
        if stopping() or (turn_seconds and time.monotonic() - began > turn_seconds):
            outcomes.was_left(engine, item, outcome)
            return
        check_budget(engine, reader.account, adapter)
        page = _fetch(engine, item, reader, adapter)
        counts = storing.store_page(engine, item, reader, adapter, page, now())
        outcome.pages += 1
        outcome.inserted += counts.inserted
        outcome.updated += counts.updated
        outcome.unchanged += counts.unchanged
        outcome.note = page.note or outcome.note
        tell(outcome)
        if page.pause_until and not reader.done:
            outcomes.was_left(engine, item, outcome, page.pause_until)
            return
    outcomes.came_to_its_end(engine, item, reader, outcome)


def _fetch(engine: Engine, item: WorkItem, reader: Reader, adapter: Adapter) -> Page:
    """A page, asked for up to three times within a minute where only a moment was bad."""
    for attempt in stamina.retry_context(
        on=_is_transient, attempts=ATTEMPTS, timeout=RETRY_SECONDS
    ):
        with attempt:
            if attempt.num > 1 and not work.renew(engine, item):
                raise ClaimLost
            return reader.fetch(adapter)
    raise AssertionError("stamina ends with a result or an error")


def _is_transient(error: Exception) -> bool:
    return (
        isinstance(error, NetworkError)
        and not error.permanent
        and error.retry_at is None
        and error.reason in TRANSIENT
    )
