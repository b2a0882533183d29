"""The counts, as one Ibis expression: the same on DuckDB as on any engine that Ibis speaks.

Contributions are bounded here: a patient counts once in a cell, and in at most L cells of a
period. Which L is decided by the patient's key and the cells alone, so that no other patient's
data can change it: the counts of two logs that differ in one patient differ by at most sqrt(L).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import reduce

import ibis
import ibis.expr.types as ir

from collectors.portal.staging import Staging
from data.privacy.keys import AGE_BANDS, EVENTS
from data.privacy.planning import Job, Keys
from data.privacy.tables import TABLES, Table

_PRIME = 2_147_483_647  # 2^31 - 1: products of two such numbers fit in 64 bits
_FACTOR = 48_271
_EVENTS = {
    "key": "int64",
    "event": "int8",
    "day": "date",
    "age": "int8",
    "zip": "int8",
    "topic": "int16",
}
_UNITS = {"day": "D", "week": "W", "month": "M"}  # weeks begin on Monday
_COLUMNS = {"event": "event", "age_band": "age", "zip3": "zip", "topic": "topic"}


def bounded_counts(events: ir.Table, tables: Sequence[Table], sizes: Mapping[str, int]) -> ir.Table:
    """(number: int, the table's place in TABLES; period: date, its first day; cell; patients).

    `events` has key, event, day, age, zip, topic; `sizes` says how many codes a dimension has.
    """
    return reduce(
        lambda one, other: one.union(other),
        (_of_table(events, table, sizes) for table in tables),
    )


def _of_table(events: ir.Table, table: Table, sizes: Mapping[str, int]) -> ir.Table:
    period = events.day.truncate(_UNITS[table.unit])
    touched = events.select(
        key=events.key, period=period, cell=_cell(events, table, sizes)
    ).distinct()
    share = touched.key % _PRIME
    turn = (share * ((touched.cell + 1) * _FACTOR % _PRIME)) % _PRIME
    by_turn = ibis.window(group_by=["key", "period"], order_by=[turn, touched.cell])
    kept = touched.mutate(place=ibis.row_number().over(by_turn)).filter(ibis._.place < table.l)
    counted = kept.group_by(["period", "cell"]).aggregate(patients=kept.count())
    return counted.select(
        number=ibis.literal(TABLES.index(table)).cast("int64"),
        period=counted.period,
        cell=counted.cell,
        patients=counted.patients.cast("int64"),
    )


def _cell(events: ir.Table, table: Table, sizes: Mapping[str, int]) -> ir.IntegerValue:
    """The cell's place among all cells of the table, the last dimension running fastest."""
    code: ir.IntegerValue = ibis.literal(0).cast("int64")
    for dimension in table.dimensions:
        code = code * sizes[dimension] + events[_COLUMNS[dimension]].cast("int64")
    return code


def count(staging: Staging, jobs: Sequence[Job], keys: Keys) -> dict[Job, list[int]]:
    """The bounded counts of each job in the order of its cells; a cell nobody touched is 0."""
    if not jobs:
        return {}
    sizes = _sizes(staging)
    first = min(job.period.first for job in jobs)
    last = max(job.period.last for job in jobs)
    events = ibis.table(_EVENTS, name="events")
    within = events.filter((events.day >= first) & (events.day <= last))
    tables = list(dict.fromkeys(job.table for job in jobs))
    sql = ibis.to_sql(bounded_counts(within, tables, sizes), dialect="duckdb")
    found: dict[tuple[int, date], dict[int, int]] = {}
    for number, period, cell, patients in staging.rows(str(sql)):
        found.setdefault((number, _day(period)), {})[cell] = patients
    codes = _codes(keys)
    return {
        job: [found.get((TABLES.index(job.table), job.period.first), {}).get(cell, 0)
              for cell in _cells(job.table, sizes, codes)]
        for job in jobs
    }  # fmt: skip


def _day(period: date) -> date:
    """Engines truncate a date to a date or to its midnight."""
    return period.date() if isinstance(period, datetime) else period


def _sizes(staging: Staging) -> dict[str, int]:
    """How many codes each dimension has in the staging."""
    return {
        "event": len(EVENTS),
        "age_band": len(AGE_BANDS),
        "zip3": max(len(staging.lists.zip3s), 1),
        "topic": len(staging.lists.topics) + 1,
    }


def _codes(keys: Keys) -> dict[str, Sequence[int]]:
    """The codes of the labels that the input can carry, in the labels' order."""
    return {
        "event": [EVENTS.index(one) for one in keys.event],
        "age_band": range(len(keys.age_band)),
        "zip3": range(len(keys.zip3)),
        "topic": range(len(keys.topic)),
    }


def _cells(table: Table, sizes: Mapping[str, int], codes: Mapping[str, Sequence[int]]) -> list[int]:
    """The places of a table's cells, in the order of `Keys.cells`."""
    cells = [0]
    for dimension in table.dimensions:
        cells = [cell * sizes[dimension] + code for cell in cells for code in codes[dimension]]
    return cells
