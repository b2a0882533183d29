"""Who may change totals at once. On SQLite the write lock is enough; these are PostgreSQL's."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

_TOTALS = 7_302_462
_ACCOUNT = 7_302_463


def lock_accounts(connection: Connection, account_ids: Iterable[int]) -> None:
    """Until the transaction ends: one writer an account, none while all is recomputed."""
    if connection.dialect.name != "postgresql":
        return
    connection.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _TOTALS})
    for account_id in sorted(set(account_ids)):
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:key, :account)"),
            {"key": _ACCOUNT, "account": account_id % 2**31},
        )


def lock_all(connection: Connection) -> None:
    """Until the transaction ends: nobody else changes totals."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TOTALS})
