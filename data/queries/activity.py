"""What runs, what ran, what it brought, and whether anybody is at work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, select, text
from sqlmodel import col

from data.dbtime import read_db_now
from data.models import Account, AdDaily, AdObject, ApiSpend, Post, Request, StreamState, WorkItem
from data.schedule_times import PART_OF
from data.session import Session

STREAM_WORDS = {
    "posts": "New posts",
    "refresh": "Known posts",
    "account": "Followers and page figures",
    "ads": "Ad figures",
    "backfill": "Older posts",
    "ads_backfill": "Older ad figures",
    "check": "The account itself",
}


@dataclass(frozen=True)
class Backfill:
    """The first reading of an account's past. `items`: posts or ad days; instants are UTC."""

    account_id: int
    network: str
    account: str
    stream: str
    pages: int
    items: int
    oldest_at: datetime | None
    newest_at: datetime | None
    done_at: datetime | None
    stopped: bool
    running: bool
    started_at: datetime | None
    last_error: str | None
    state: str
    paused_until: datetime | None


def runs(session: Session, limit: int = 200, *, failed_only: bool = False) -> pd.DataFrame:
    """Ended work, newest first.

    Columns: id, network, account, stream, state, started_at, finished_at (UTC), seconds, pages,
    inserted, updated, unchanged, error, todo.
    """
    query: Select[*tuple[Any, ...]] = (
        select(
            col(WorkItem.id),
            col(Account.network),
            col(Account.handle).label("account"),
            col(WorkItem.stream),
            col(WorkItem.state),
            col(WorkItem.started_at),
            col(WorkItem.finished_at),
            col(WorkItem.pages),
            col(WorkItem.inserted),
            col(WorkItem.updated),
            col(WorkItem.unchanged),
            col(WorkItem.error),
            col(WorkItem.todo),
        )
        .outerjoin(Account, col(Account.id) == WorkItem.account_id)
        .where(col(WorkItem.finished_at).is_not(None))
        .order_by(col(WorkItem.finished_at).desc(), col(WorkItem.id).desc())
        .limit(limit)
    )
    if failed_only:
        query = query.where(col(WorkItem.error).is_not(None))
    result = session.execute(query)
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    for name in ("started_at", "finished_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    frame.insert(7, "seconds", (frame["finished_at"] - frame["started_at"]).dt.total_seconds())
    return frame


def running(session: Session) -> list[tuple[WorkItem, Account | None]]:
    """Work that is claimed at the moment, with its account, the longest first."""
    rows = session.execute(
        select(WorkItem, Account)
        .outerjoin(Account, col(Account.id) == WorkItem.account_id)
        .where(col(WorkItem.state) == "claimed")
        .order_by(col(WorkItem.started_at))
        .limit(20)
    )
    return [(item, account) for item, account in rows]


def wishes(session: Session, limit: int = 20) -> list[Request]:
    """What pages asked for, newest first (without their files)."""
    rows = session.execute(
        select(Request).order_by(col(Request.asked_at).desc(), col(Request.id).desc()).limit(limit)
    ).scalars()
    return list(rows)


def open_wish(session: Session, kind: str) -> int | None:
    """The newest request of a kind that waits or runs: to follow it after a reload."""
    return session.execute(
        select(col(Request.id))
        .where(col(Request.kind) == kind, col(Request.state).in_(("waiting", "claimed")))
        .order_by(col(Request.id).desc())
        .limit(1)
    ).scalar()


def backfills(session: Session) -> list[Backfill]:
    """How far the first reading of each account's posts and ads has come; removed left out."""
    whole = case(
        *((col(WorkItem.stream) == part, whole) for part, whole in PART_OF.items()),
        else_=col(WorkItem.stream),
    ).label("whole")
    began = (
        select(
            col(WorkItem.account_id),
            whole,
            func.min(WorkItem.started_at).label("started_at"),
            func.max(case((col(WorkItem.state) == "claimed", 1), else_=0)).label("claimed"),
        )
        .where(col(WorkItem.stream).in_(("posts", "ads", *PART_OF)))
        .group_by(col(WorkItem.account_id), text("whole"))
        .subquery()
    )
    rows = session.execute(
        select(StreamState, Account, began.c.started_at, began.c.claimed, _stored())
        .join(Account, col(Account.id) == StreamState.account_id)
        .outerjoin(
            began,
            (began.c.account_id == StreamState.account_id) & (began.c.whole == StreamState.stream),
        )
        .where(col(StreamState.stream).in_(("posts", "ads")), col(Account.state) != "removed")
        .order_by(col(Account.network), col(Account.handle_key), col(StreamState.stream))
    )
    return [
        _backfill(state, account, started, claimed, stored)
        for state, account, started, claimed, stored in rows
    ]


def next_due(session: Session) -> datetime | None:
    """When the next piece of work is due (UTC)."""
    return session.execute(
        select(func.min(col(WorkItem.due_at))).where(col(WorkItem.state) == "waiting")
    ).scalar()


def spent_by_day(session: Session, days: int = 31) -> pd.DataFrame:
    """What reading cost: day (UTC), network, account, calls, units, cost_micros."""
    first = read_db_now(session).date() - timedelta(days=days - 1)
    result = session.execute(
        select(
            col(ApiSpend.day),
            col(Account.network),
            col(Account.handle).label("account"),
            cast(func.sum(ApiSpend.calls), BigInteger).label("calls"),
            cast(func.sum(ApiSpend.units), BigInteger).label("units"),
            cast(func.sum(ApiSpend.cost_micros), BigInteger).label("cost_micros"),
        )
        .join(Account, col(Account.id) == ApiSpend.account_id)
        .where(col(ApiSpend.day) >= first)
        .group_by(col(ApiSpend.day), col(Account.network), col(Account.handle))
        .order_by(col(ApiSpend.day))
    )
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    for name in ("calls", "units", "cost_micros"):
        frame[name] = pd.to_numeric(frame[name]).astype("int64")
    return frame


def _stored() -> ColumnElement[int]:
    """How many posts or ad days of the account are here: a page may bring one twice."""
    posts = select(func.count()).where(col(Post.account_id) == StreamState.account_id)
    days = (
        select(func.count())
        .select_from(AdDaily)
        .join(AdObject, col(AdObject.id) == AdDaily.ad_object_id)
        .where(col(AdObject.account_id) == StreamState.account_id)
    )
    return case(
        (col(StreamState.stream) == "ads", days.correlate(StreamState).scalar_subquery()),
        else_=posts.correlate(StreamState).scalar_subquery(),
    )


def _backfill(
    state: StreamState,
    account: Account,
    started_at: datetime | None,
    claimed: int | None,
    stored: int,
) -> Backfill:
    return Backfill(
        account_id=state.account_id,
        network=account.network,
        account=account.handle,
        stream=state.stream,
        pages=state.pages,
        items=stored,
        oldest_at=state.oldest_at,
        newest_at=state.newest_at,
        done_at=state.backfill_done_at,
        stopped=state.stop_asked,
        running=bool(claimed),
        started_at=started_at,
        last_error=state.last_error,
        state=account.state,
        paused_until=account.paused_until,
    )
