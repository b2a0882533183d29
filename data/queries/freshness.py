"""How new the figures are: a token that changes when they do, and each source's last success."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select, text

from data.models import Account, Alert, StreamState
from data.session import Session

_VERSION = text(
    "SELECT (SELECT max(id) FROM raw_reply), (SELECT max(id) FROM audit_event), "
    "(SELECT created_at FROM practice WHERE id = 1)"
)


@dataclass(frozen=True)
class Source:
    """One account: when it last answered (UTC, None: never) and what is wrong, if anything."""

    account_id: int
    network: str
    handle: str
    state: str
    reason: str | None
    paused_until: datetime | None
    last_ok_at: datetime | None
    last_error: str | None
    last_error_at: datetime | None
    backfilling: bool
    oldest_at: datetime | None

    @property
    def label(self) -> str:
        """`network:handle`."""
        return f"{self.network}:{self.handle}"

    @property
    def failing(self) -> bool:
        """Whether the newest attempt failed or a person is needed."""
        if self.state not in {"connected", "paused"}:
            return True
        if self.last_error_at is None:
            return False
        return self.last_ok_at is None or self.last_error_at > self.last_ok_at


@dataclass(frozen=True)
class OpenAlert:
    """An alert that nobody resolved yet; `raised_at` in UTC."""

    id: int
    severity: str
    title: str
    todo: str | None
    account_id: int | None
    raised_at: datetime


def version(session: Session) -> str:
    """A token that changes with every page of results and every audited change.

    Three look-ups at the end of a key: it costs the same at any size of the database.
    """
    return ":".join(str(part) for part in session.connection().execute(_VERSION).one())


def sources(session: Session) -> list[Source]:
    """Every account that was not removed, with its streams taken together."""
    statement = (
        select(Account, StreamState)
        .outerjoin(StreamState, col(StreamState.account_id) == col(Account.id))
        .where(col(Account.state) != "removed")
        .order_by(col(Account.network), col(Account.handle_key))
    )
    streams: dict[int, tuple[Account, list[StreamState]]] = {}
    for account, stream in session.exec(statement).all():
        known = streams.setdefault(int(account.id or 0), (account, []))[1]
        if stream is not None:
            known.append(stream)
    return [_source(account, known) for account, known in streams.values()]


def _source(account: Account, streams: list[StreamState]) -> Source:
    worst = max(
        (s for s in streams if s.last_error_at is not None),
        key=lambda s: s.last_error_at or datetime.min,
        default=None,
    )
    posts = next((s for s in streams if s.stream == "posts"), None)
    return Source(
        account_id=int(account.id or 0),
        network=account.network,
        handle=account.handle,
        state=account.state,
        reason=account.state_reason,
        paused_until=account.paused_until,
        last_ok_at=max((s.last_ok_at for s in streams if s.last_ok_at), default=None),
        last_error=worst.last_error if worst else None,
        last_error_at=worst.last_error_at if worst else None,
        backfilling=posts is not None and posts.backfill_done_at is None and posts.pages > 0,
        oldest_at=posts.oldest_at if posts else None,
    )


def open_alerts(session: Session, limit: int = 20) -> list[OpenAlert]:
    """Unresolved alerts, errors first, then the newest."""
    order = {"error": 0, "warning": 1, "info": 2}
    statement = (
        select(Alert)
        .where(col(Alert.resolved_at).is_(None))
        .order_by(col(Alert.raised_at).desc())
        .limit(limit)
    )
    found = [
        OpenAlert(int(a.id or 0), a.severity, a.title, a.todo, a.account_id, a.raised_at)
        for a in session.exec(statement).all()
    ]
    return sorted(found, key=lambda alert: order.get(alert.severity, 3))
