"""An account's own figures by day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select, update
from sqlmodel import col

from data.ingest.counts import Counts
from data.models import Account, AccountDaily
from data.records import AccountFigure
from data.rollups import lock_accounts
from data.session import Session


def account_figures(
    session: Session, account: Account, figures: Sequence[AccountFigure], raw_ids: Sequence[int]
) -> Counts:
    """Keep figures by (day, metric): of two for the same, the newer capture counts.

    Days are the network's own, never shifted. Counts are of figures.
    """
    assert account.id is not None  # noqa: S101 - a stored account
    session.flush()
    connection = session.connection()
    lock_accounts(connection, [account.id])
    newest = _newest(figures)
    if not newest:
        return Counts()
    days = [day for day, _ in newest]
    table = AccountDaily.__table__  # type: ignore[attr-defined]
    held = {
        (row.day, row.metric): row
        for row in connection.execute(
            select(table).where(
                table.c.account_id == account.id, table.c.day.between(min(days), max(days))
            )
        )
    }
    new, updated = [], 0
    for key, figure in newest.items():
        values = {
            "value": figure.value,
            "captured_at": figure.captured_at,
            "raw_reply_id": raw_ids[figure.raw] if raw_ids else None,
        }
        if key not in held:
            new.append({"account_id": account.id, "day": key[0], "metric": key[1], **values})
        elif figure.captured_at > held[key].captured_at:
            updated += figure.value != held[key].value
            connection.execute(
                update(AccountDaily)
                .where(
                    col(AccountDaily.account_id) == account.id,
                    col(AccountDaily.day) == key[0],
                    col(AccountDaily.metric) == key[1],
                )
                .values(**values)
            )
    if new:
        connection.execute(insert(AccountDaily), new)
    session.expire_all()
    return Counts(len(new), updated, len(newest) - len(new) - updated)


def _newest(figures: Sequence[AccountFigure]) -> dict[tuple[date, str], AccountFigure]:
    newest: dict[tuple[date, str], AccountFigure] = {}
    for figure in figures:
        key = (figure.day, figure.metric)
        if key not in newest or figure.captured_at >= newest[key].captured_at:
            newest[key] = figure
    return newest
