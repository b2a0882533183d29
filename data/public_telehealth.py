"""Public telehealth statistics: store a release, see what it would change, take one back.

A row is a tuple: the nine of KEY, then the four of FIGURES (people, people on average, people,
a share from 0 to 1; None where the source suppresses the figure).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, String, cast, func
from sqlmodel import col, select

from data import bulk
from data.errors import Refused
from data.models import PublicTelehealth
from data.session import Session

KEY = ("year", "quarter", "geography", "enrolment", "race", "sex", "entitlement", "age", "rurality")
FIGURES = ("eligible", "enrolled", "users", "share")
Row = tuple[Any, ...]

TABLE, _OTHERS = "public_telehealth", (*FIGURES, "import_id", "before")
#: Rows at a time: what a batch costs in memory stays the same for a file of any size.
BATCH = 5000

_KEYS = ", ".join(KEY)
_MAKE = (
    "CREATE TEMPORARY TABLE telehealth_batch AS "  # noqa: S608 - names of our own
    f"SELECT 0 AS number, {_KEYS} FROM {TABLE} WHERE 1 = 0"
)
#: CROSS JOIN: SQLite then looks up each row of the batch, and never scans the large table.
_HELD = (
    f"SELECT b.number, {', '.join(f'p.{name}' for name in FIGURES)}, p.import_id, "  # noqa: S608
    f"CAST(p.before AS TEXT) FROM telehealth_batch b CROSS JOIN {TABLE} p "
    f"WHERE {' AND '.join(f'p.{name} = b.{name}' for name in KEY)}"
)


@dataclass
class Counts:
    """Rows by what became of them; `updated` are figures that the release restates."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0


def store(session: Session, rows: Iterable[Row], import_id: int) -> Counts:
    """Insert or restate; each key comes once. An unchanged row keeps its import.

    What a restated row held before goes to its `before`, with the import that it came from.
    """
    return _pass(session.connection(), rows, import_id)


def compare(session: Session, rows: Iterable[Row]) -> Counts:
    """What `store` would do; writes nothing."""
    return _pass(session.connection(), rows, None)


def undo(session: Session, import_id: int) -> tuple[int, int]:
    """Take an import's changes back: rows removed, rows that hold their earlier figures again.

    Refused where a later import changed rows of it: that one is to be undone first.
    """
    later = _later(session, import_id)
    if later is not None:
        raise Refused(
            f"Import {later} has changed rows of import {import_id} since.",
            f"Undo that one first: `reachwell imports undo {later}`.",
        )
    removed = restored = 0
    while batch := _rows_of(session, import_id):
        made = [row[: len(KEY)] for row in batch if row[-1] is None]
        changed = [_earlier(row) for row in batch if row[-1] is not None]
        connection = session.connection()
        if made:
            bulk.delete(connection, TABLE, KEY, made, f"import_id = {int(import_id)}")
        bulk.put(connection, TABLE, KEY, _OTHERS, changed)
        removed, restored = removed + len(made), restored + len(changed)
    return removed, restored


def _pass(connection: Connection, rows: Iterable[Row], import_id: int | None) -> Counts:
    """Compare batch by batch; with an import, write what differs."""
    counts = Counts()
    connection.exec_driver_sql(_MAKE)
    for batch in _batches(rows):
        changed = _changed(batch, _held(connection, batch), counts)
        if import_id is not None:
            written = [(*row, import_id, before) for row, before in changed]
            bulk.put(connection, TABLE, KEY, _OTHERS, written)
    connection.exec_driver_sql("DROP TABLE telehealth_batch")
    return counts


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


def _held(connection: Connection, batch: list[Row]) -> dict[int, Row]:
    """Place in the batch -> figures, import and `before` (JSON text) of the row that exists."""
    connection.exec_driver_sql("DELETE FROM telehealth_batch")
    numbered = [(number, *row[: len(KEY)]) for number, row in enumerate(batch)]
    bulk.insert(connection, "telehealth_batch", ("number", *KEY), numbered)
    return {row[0]: tuple(row[1:]) for row in connection.exec_driver_sql(_HELD)}


def _changed(
    batch: list[Row], held: dict[int, Row], counts: Counts
) -> list[tuple[Row, str | None]]:
    """The rows that are new or differ, with what they held before as JSON; counts all."""
    changed: list[tuple[Row, str | None]] = []
    for number, row in enumerate(batch):
        earlier = held.get(number)
        if earlier is None:
            counts.inserted += 1
            changed.append((row, None))
        elif earlier[: len(FIGURES)] == row[len(KEY) :]:
            counts.unchanged += 1
        else:
            counts.updated += 1
            changed.append((row, _as_before(earlier)))
    return changed


def _as_before(held: Row) -> str:
    """The import stands first and its own `before` last: `_later` finds it by that text."""
    *figures, import_id, before = held
    kept = {"import_id": import_id, **dict(zip(FIGURES, figures, strict=True))}
    return json.dumps({**kept, "before": json.loads(before) if before else None})


def _later(session: Session, import_id: int) -> int | None:
    """The newest import that changed a row of this one, by the chain in `before`."""
    named = f'%"import_id": {int(import_id)},%'
    query = select(func.max(col(PublicTelehealth.import_id))).where(
        col(PublicTelehealth.import_id) > import_id,
        cast(col(PublicTelehealth.before), String).like(named),
    )
    return session.exec(query).one()


def _rows_of(session: Session, import_id: int) -> list[Row]:
    """A batch of the import's rows: key and `before`."""
    columns = [col(getattr(PublicTelehealth, name)) for name in (*KEY, "before")]
    query = select(*columns).where(PublicTelehealth.import_id == import_id).limit(BATCH)
    return [tuple(row) for row in session.connection().execute(query)]


def _earlier(row: Row) -> Row:
    """The row as it was before."""
    *key, before = row
    figures = [before[name] for name in FIGURES]
    nested = json.dumps(before["before"]) if before["before"] else None
    return (*key, *figures, before["import_id"], nested)
