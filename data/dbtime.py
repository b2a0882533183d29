"""The database's own time: it decides leases, so that machines with wrong clocks agree."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session as _Session
from sqlmodel import select

from data.models import UtcDateTime

MICROS_A_DAY = 86_400_000_000
EPOCH_AS_JULIAN_DAY = 2_440_587.5


class db_now(FunctionElement[Any]):
    """This instant in database time (+ `later`), comparable with the tables' instants."""

    type = UtcDateTime()
    inherit_cache = True

    def __init__(self, later: timedelta = timedelta(0)) -> None:
        super().__init__(literal(int(later / timedelta(microseconds=1))))


@compiles(db_now, "sqlite")
def _on_sqlite(element: db_now, compiler: Any, **kw: Any) -> str:
    shift = compiler.process(element.clauses, **kw)
    today = f"(julianday('now') - {EPOCH_AS_JULIAN_DAY})"
    return f"(CAST({today} * {MICROS_A_DAY} AS INTEGER) + {shift})"


@compiles(db_now, "postgresql")
def _on_postgresql(element: db_now, compiler: Any, **kw: Any) -> str:
    shift = compiler.process(element.clauses, **kw)
    return f"(now() + CAST({shift} AS bigint) * interval '1 microsecond')"


def read_db_now(session: _Session) -> Any:
    """The database's time as an aware datetime."""
    now: ColumnElement[Any] = db_now()
    return session.exec(select(now)).one()
