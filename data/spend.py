"""What reading a network cost, counted per call; a post is charged once per UTC day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from data.models import ApiSpend, Post, PostSnapshot
from data.session import Session

MICROS_A_CENT = 10_000


@dataclass(frozen=True)
class Cost:
    """One call's cost: `units` of `kind`; the posts among them are free if read that day."""

    kind: str
    units: int
    micros_each: int
    post_ids: tuple[str, ...] = ()


def record(session: Session, account_id: int, costs: Sequence[Cost], at: datetime) -> int:
    """Add a page's calls to the day; micro US dollars charged. Before its posts are stored."""
    charged = 0
    for cost in costs:
        units = cost.units
        if cost.micros_each and cost.post_ids:
            units -= len(_read_today(session, account_id, cost.post_ids, at))
        micros = max(units, 0) * cost.micros_each
        _add(session, account_id, at.astimezone(UTC).date(), cost, micros)
        charged += micros
    return charged


def month_spent(session: Session, account_id: int, at: datetime) -> int:
    """Micro US dollars since the first of the UTC month."""
    first = at.astimezone(UTC).date().replace(day=1)
    total = session.exec(
        select(func.coalesce(func.sum(ApiSpend.cost_micros), 0)).where(
            ApiSpend.account_id == account_id, col(ApiSpend.day) >= first
        )
    ).one()
    return int(total)


def next_month(at: datetime) -> datetime:
    """When the month's budget begins anew (UTC)."""
    day = at.astimezone(UTC).date()
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return datetime(year, month, 1, tzinfo=UTC)


def _read_today(
    session: Session, account_id: int, remote_ids: Sequence[str], at: datetime
) -> set[str]:
    midnight = datetime.combine(at.astimezone(UTC).date(), time(), UTC)
    rows = session.exec(
        select(Post.remote_id)
        .join(PostSnapshot, col(PostSnapshot.post_id) == col(Post.id))
        .where(
            Post.account_id == account_id,
            col(Post.remote_id).in_(remote_ids),
            col(PostSnapshot.captured_at) >= midnight,
        )
        .distinct()
    )
    return set(rows)


def _add(session: Session, account_id: int, day: date, cost: Cost, micros: int) -> None:
    insert: Any = (
        postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    )
    row = insert(ApiSpend).values(
        account_id=account_id,
        day=day,
        kind=cost.kind,
        calls=1,
        units=cost.units,
        cost_micros=micros,
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=["account_id", "day", "kind"],
            set_={
                "calls": ApiSpend.calls + row.excluded.calls,
                "units": ApiSpend.units + row.excluded.units,
                "cost_micros": ApiSpend.cost_micros + row.excluded.cost_micros,
            },
        )
    )
