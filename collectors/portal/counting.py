"""The counts, as one Ibis expression: the same on DuckDB as on any engine that Ibis speaks.

Contributions are bounded here: a patient counts once in a cell, and in at most L cells of a
period. Which L is decided by the patient's key and the cells alone, so that no other patient's
data can change it: the counts of two logs that differ in one patient differ by at most sqrt(L).
"""

from collections.abc import Mapping, Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir

from data.privacy.planning import Job, Keys
from data.privacy.tables import TABLES, Table

_PRIME = 2_147_483_647  # 2^31 - 1: products of two such numbers fit in 64 bits
_FACTOR = 48_271
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
    period = events.day.truncate(_UNITS[table.unit]).cast("date")
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


def by_job(
    counted: Sequence[tuple[int, object, int, int]],
    jobs: Sequence[Job],
    sizes: Mapping[str, int],
    keys: Keys,
    codes: Mapping[str, Sequence[int]],
) -> dict[Job, list[int]]:
    """The counts of each job in the order of its cells; a cell that nobody touched is 0.

    `codes` are the codes of the labels of `keys`, by dimension: codes that the input cannot
    carry (an event that the mapping does not name) have no cell.
    """
    found: dict[tuple[int, object], dict[int, int]] = {}
    for number, period, cell, patients in counted:
        found.setdefault((number, period), {})[cell] = patients
    return {job: _vector(job, found, sizes, codes) for job in jobs if keys.cells(job.table)}


def _vector(
    job: Job,
    found: Mapping[tuple[int, object], Mapping[int, int]],
    sizes: Mapping[str, int],
    codes: Mapping[str, Sequence[int]],
) -> list[int]:
    cells = [0]
    for dimension in job.table.dimensions:
        cells = [cell * sizes[dimension] + code for cell in cells for code in codes[dimension]]
    patients = found.get((TABLES.index(job.table), job.period.first), {})
    return [patients.get(cell, 0) for cell in cells]
