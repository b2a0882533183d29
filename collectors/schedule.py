"""What is due when: makes the slots of every account's streams. Two schedulers make one row.

Reading new posts every quarter of an hour costs one call; what is known is read again when each
post is due. One open item per stream: a slot is not made while another waits or runs.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from data import accounts, demo, due, expiry, streams, work
from data.clock import now
from data.models import Account
from data.schedule_times import CHECK, COLLECT, STREAMS_OF
from data.session import Engine, Session, open_session

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
SIX_HOURS = timedelta(hours=6)
AGAIN = timedelta(minutes=5)  # after a failure in reading the past

#: a look at an X account costs money
CHECK_EVERY = {"x": timedelta(days=7)}
#: stream -> how often its slot comes
EVERY = {"posts": QUARTER, "refresh": QUARTER, "account": SIX_HOURS, "ads": HOUR}


def plan(engine: Engine, at: datetime | None = None) -> int:
    """Make the slots that are due at that instant (now); how many were new.

    Accounts on hold wait, and so do a demo's until it is filled.
    """
    at = at or now()
    made = 0
    with open_session(engine, "worker", write=True) as session:
        filling = demo.is_filling(session)
        for account in accounts.collectable(session):
            if filling and account.base_url == demo.ADDRESS:
                continue
            made += sum(_plan_account(session, account, at))
            made += _plan_check(session, account, at)
        expiry.look(session, at)
    return made


def _plan_account(session: Session, account: Account, at: datetime) -> Iterator[bool]:
    key = accounts.account_id(account)
    for stream in STREAMS_OF.get(account.network, ()):
        slot = _slot(session, key, stream, at)
        if slot is not None and not work.is_open(session, key, stream):
            yield work.ensure_slot(
                session, COLLECT, work.slot_key(key, stream, slot), key, stream, at
            )


def _plan_check(session: Session, account: Account, at: datetime) -> bool:
    """A look at the account itself: its token's end, its rights, its present name."""
    every = CHECK_EVERY.get(account.network, timedelta(days=1))
    if account.tested_at is not None and account.tested_at + every > at:
        return False
    key = accounts.account_id(account)
    if work.is_open(session, key, CHECK):
        return False
    slot = f"{CHECK}:{key}:{floor(at, timedelta(hours=6))}"
    return work.ensure_slot(session, CHECK, slot, key, CHECK, at)


def _slot(session: Session, account_id: int, stream: str, at: datetime) -> str | None:
    """The slot that `at` lies in, or None where the stream has nothing due."""
    if stream in ("backfill", "ads_backfill"):
        state = streams.peek(session, account_id, "posts" if stream == "backfill" else "ads")
        if state is None or state.backfill_done_at or state.stop_asked or state.last_ok_at is None:
            return None  # new ones first
        return floor(at, AGAIN)
    if stream == "refresh":
        next_due = due.next_due(session, account_id)
        if next_due is None or next_due > at:
            return None
    return floor(at, EVERY[stream])


def floor(at: datetime, step: timedelta) -> str:
    """The beginning of the step that an instant lies in, as text: the name of a slot."""
    begin = at - (at - datetime(1970, 1, 1, tzinfo=UTC)) % step
    return begin.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
