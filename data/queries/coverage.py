"""From when until when each account's figures are known: outside of that nothing is 0."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import col

from data.clock import local_day
from data.models import Account, EngagementDaily, StreamState
from data.session import Session

#: The streams whose reading tells what happened to posts, by time axis.
_STREAMS = {"published": ("posts",), "happened": ("posts", "refresh")}
_NO_LONGER_READ = frozenset({"removed", "gone"})


@dataclass(frozen=True)
class Span:
    """The days of the practice that an account's totals cover, both included.

    `until` is the day of the newest successful reading. `read`: False once the account was
    removed or is gone at the network.
    """

    account_id: int
    network: str
    begins: date
    until: date
    read: bool = True


@dataclass(frozen=True)
class Known:
    """The days that all of some accounts cover, both included."""

    begins: date
    until: date


def spans(session: Session, *, axis: str, zone: str) -> tuple[Span, ...]:
    """One span for each account that has totals on this axis, ordered by account."""
    first_last: list[Any] = [
        Account.id,
        Account.network,
        Account.state,
        func.min(EngagementDaily.day),
        func.max(EngagementDaily.day),
    ]
    rows = session.execute(
        columns(*first_last)
        .join(Account, col(Account.id) == EngagementDaily.account_id)
        .where(
            col(EngagementDaily.axis) == axis,
            col(EngagementDaily.metric).in_(("engagement", "posts")),
        )
        .group_by(*first_last[:3])
        .order_by(Account.id)  # type: ignore[arg-type]
    )
    read = _read(session, axis)
    found = []
    for account_id, network, state, begins, newest in rows:
        at = read.get(account_id)
        until = max(newest, local_day(at, zone)) if at is not None else newest
        found.append(Span(account_id, network, begins, until, state not in _NO_LONGER_READ))
    return tuple(found)


def _read(session: Session, axis: str) -> dict[int, datetime]:
    """When each account was last read without error."""
    newest: list[Any] = [StreamState.account_id, func.max(StreamState.last_ok_at)]
    rows = session.execute(
        columns(*newest)
        .where(col(StreamState.stream).in_(_STREAMS[axis]))
        .where(col(StreamState.last_ok_at).is_not(None))
        .group_by(newest[0])
    )
    return {row[0]: row[1] for row in rows}


def together(found: Sequence[Span], networks: Collection[str] | None = None) -> Known | None:
    """The days that all accounts of these networks (None: all) cover; None where there is none.

    An account that is no longer read ends nothing, unless all of them are such.
    """
    chosen = [span for span in found if networks is None or span.network in networks]
    if not chosen:
        return None
    ends = [span.until for span in chosen if span.read]
    return Known(
        begins=max(span.begins for span in chosen),
        until=min(ends) if ends else max(span.until for span in chosen),
    )
