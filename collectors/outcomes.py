"""How a run ends, and what its end means for the account: holds, pauses, alerts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from collectors.networks.base import NetworkError
from collectors.readers import Reader
from collectors.storing import ACTOR
from data import accounts, alerts, spend, streams, work
from data.clock import now
from data.models import Account, WorkItem
from data.session import Engine, Session, open_session

#: With no word from the network on when to come back.
WAIT = timedelta(minutes=15)
#: So long a source may be silent before a person is told (the pages show it at once).
SILENT = timedelta(hours=6)
HOLD_STATES = {
    "token": "needs_reauth",
    "permission": "permission",
    "credit": "out_of_credit",
    "gone": "gone",
}
#: A missing right to these does not keep posts from being read.
APART = ("account",)

End = Literal["done", "paused", "stopped", "failed", "lost", "left"]


@dataclass
class Outcome:
    """One run over one stream. `note`: what a person should see though nothing failed."""

    account_id: int
    stream: str
    end: End = "done"
    pages: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    error: str | None = None
    todo: str | None = None
    note: str | None = None
    held: bool = False


def came_to_its_end(engine: Engine, item: WorkItem, reader: Reader, outcome: Outcome) -> None:
    """Nothing more to ask: the stream is up to date and the account is well."""
    with open_session(engine, ACTOR, write=True) as session:
        if not work.finish(session, item):
            outcome.end = "lost"
            return
        account = accounts.get(session, outcome.account_id)
        if account.state not in ("paused", "removed"):
            _end_hold(session, account, reader, outcome)
        alerts.resolve(session, _stream_key(account, reader))
        alerts.resolve(session, accounts.alert_key(account, "budget"))
        state = streams.locked(session, outcome.account_id, reader.row)
        streams.succeeded(session, state, now())


def _end_hold(session: Session, account: Account, reader: Reader, outcome: Outcome) -> None:
    """End the hold that this success disproves: something was read, and no other stream's no.

    A missing right may be one stream's alone; a token, credit or an account are all streams'.
    """
    if not outcome.pages:
        return
    if account.state == "permission" and account.state_reason is not None:
        refused = streams.refused_with(session, outcome.account_id, account.state_reason)
        if refused - {reader.row, *APART}:
            return
    accounts.end_hold(session, account)


def was_left(
    engine: Engine, item: WorkItem, outcome: Outcome, until: datetime | None = None
) -> None:
    """Let the claim go, to go on later: at once, or when the network's pause ends."""
    outcome.end = "paused" if until else "left"
    if until:
        outcome.note = f"paused until {until:%Y-%m-%d %H:%M} UTC"
    with open_session(engine, ACTOR, write=True) as session:
        if not work.release(session, item, due_at=until):
            outcome.end, outcome.note = "lost", None


def was_refused(
    engine: Engine, item: WorkItem, reader: Reader, outcome: Outcome, error: NetworkError
) -> None:
    """What the network's error means: a pause, a hold, or a failure that the next slot retries.

    Nothing where the claim is lost: then another process says what the network answers.
    """
    with open_session(engine, ACTOR, write=True) as session:
        if not work.renew_in(session, item):
            outcome.end = "lost"
            return
        account = accounts.get(session, outcome.account_id)
        state = streams.locked(session, outcome.account_id, reader.row)
        if error.reason == "rate_limit":
            _pause(session, account, item, outcome, error.retry_at or now() + WAIT)
        elif error.reason == "budget":
            _budget(session, account, item, outcome, error)
        elif reader.refused(state, error):
            outcome.end = "done"
            work.finish(session, item)
            streams.succeeded(session, state, now())
        else:
            _fail(session, account, item, reader, outcome, error)
            streams.failed(session, state, str(error), now())
        session.add(state)


def broke(engine: Engine, item: WorkItem, outcome: Outcome, what: str, todo: str | None) -> None:
    """Something of ours or of this machine failed: say so where people look."""
    outcome.end, outcome.error, outcome.todo = "failed", what, todo
    with open_session(engine, ACTOR, write=True) as session:
        if not work.finish(session, item, state="failed", error=what, todo=todo):
            outcome.end = "lost"  # the item is another's; what broke here is told all the same


def _pause(
    session: Session, account: Account, item: WorkItem, outcome: Outcome, until: datetime
) -> None:
    accounts.pause_until(session, account, until)
    work.release(session, item, due_at=until)
    outcome.end = "paused"
    outcome.note = f"the network asks to wait until {until:%Y-%m-%d %H:%M} UTC"


def _budget(
    session: Session, account: Account, item: WorkItem, outcome: Outcome, error: NetworkError
) -> None:
    until = error.retry_at or spend.next_month(now())
    accounts.pause_until(session, account, until)
    account.state_reason = str(error)
    session.add(account)
    key = accounts.alert_key(account, "budget")
    title = f"{accounts.label(account)}: {error}"
    alerts.raise_alert(session, key, "warning", title, error.todo, account.id)
    work.finish(session, item, state="stopped", error=str(error), todo=error.todo)
    outcome.end, outcome.note, outcome.todo = "paused", str(error), error.todo


def _fail(
    session: Session,
    account: Account,
    item: WorkItem,
    reader: Reader,
    outcome: Outcome,
    error: NetworkError,
) -> None:
    todo = error.todo or _todo(error)
    outcome.end, outcome.error, outcome.todo = "failed", str(error), todo
    work.finish(session, item, state="failed", error=str(error), todo=todo)
    apart = error.reason == "permission" and reader.stream in APART
    if not apart and hold_for(session, account, error):
        outcome.held = True
    elif error.permanent or _silent(session, account, reader):
        title = f"{accounts.label(account)}: {error}"
        key = _stream_key(account, reader)
        alerts.raise_alert(session, key, "warning", title, todo, account.id)


def hold_for(session: Session, account: Account, error: NetworkError) -> bool:
    """Put the account on hold where the error means that; whether it does."""
    state = HOLD_STATES.get(error.reason)
    if state is None:
        return False
    if account.state not in ("paused", "removed"):
        accounts.hold(session, account, state, str(error), error.todo or _todo(error))
    return True


def _silent(session: Session, account: Account, reader: Reader) -> bool:
    """Whether nothing has come from this stream for hours (or ever)."""
    state = streams.peek(session, accounts.account_id(account), reader.row)
    last = state.last_ok_at if state else None
    return last is None or last < now() - SILENT


def _stream_key(account: Account, reader: Reader) -> str:
    return accounts.alert_key(account, f"stream:{reader.row}")


def _todo(error: NetworkError) -> str:
    if error.permanent:
        return "Test the account on the page Connections."
    return "Nothing to do: it is tried again by itself."
