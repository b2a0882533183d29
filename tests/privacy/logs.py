"""Small made logs for tests of counting: rows in, the bounded counts of the real pipeline out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from collectors.portal.counting import count
from collectors.portal.staging import Lists, Staging, finish, open_staging
from data.privacy.keys import AGE_BANDS, EVENTS, zip3_keys
from data.privacy.periods import touching
from data.privacy.planning import Job, Keys
from data.privacy.tables import TABLES, Table

TOPICS = ("sleep", "flu", "diabetes")
KEYS = Keys(EVENTS, AGE_BANDS, zip3_keys(["100", "101"]), (*TOPICS, "unknown"))
ZONE = "America/New_York"


@dataclass(frozen=True)
class Row:
    """One event: a patient's number, then codes of the public lists."""

    patient: int
    event: int
    day: date
    age: int = 2
    zip: int = 0
    topic: int = 3


def staged(rows: Iterable[Row], key: bytes = b"k" * 32) -> Staging:
    """A staging that holds these events, keyed with `key`."""
    staging = open_staging(Lists(ZONE, TOPICS, KEYS.zip3), 500)
    staging.key = key
    chosen = list(rows)
    table = pa.table(
        {
            "key": pa.array([staging.keyed(str(one.patient)) for one in chosen], pa.int64()),
            "event": pa.array([one.event for one in chosen], pa.int8()),
            "day": pa.array([one.day for one in chosen], pa.date32()),
            "age": pa.array([one.age for one in chosen], pa.int8()),
            "zip": pa.array([one.zip for one in chosen], pa.int8()),
            "topic": pa.array([one.topic for one in chosen], pa.int16()),
            "reason": pa.array([0 for _ in chosen], pa.int8()),
        }
    )
    with staging.table("given", table):
        staging.run("CREATE TABLE part_0 AS SELECT * FROM given")
    staging.parts.append("part_0")
    finish(staging)
    return staging


def jobs_of(first: date, last: date, tables: Sequence[Table] = TABLES) -> list[Job]:
    """All releases of these days."""
    return [Job(table, one) for table in tables for one in touching(first, last, table.unit)]


def counts(
    rows: Iterable[Row], jobs: Sequence[Job], key: bytes = b"k" * 32
) -> dict[Job, list[int]]:
    """Bounded counts of the rows."""
    staging = staged(rows, key)
    try:
        return count(staging, jobs, KEYS)
    finally:
        staging.connection.close()
