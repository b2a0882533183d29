"""What one patient can change: the limit that makes the noise enough, as properties."""

import random
from collections import defaultdict
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from data.privacy.periods import around
from data.privacy.planning import Job
from tests.privacy.logs import KEYS, TOPICS, Row, counts, jobs_of

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 15)
JOBS = jobs_of(FIRST, LAST)

rows_of_anyone = st.builds(
    Row,
    patient=st.integers(0, 6),
    event=st.integers(0, 7),
    day=st.integers(0, 13).map(lambda n: FIRST + timedelta(days=n)),
    age=st.integers(0, 8),
    zip=st.integers(0, 3),
    topic=st.integers(0, len(TOPICS)),
)
PATIENT = 99
rows_of_one = rows_of_anyone.map(
    lambda row: Row(PATIENT, row.event, row.day, row.age, row.zip, row.topic)
)


@settings(max_examples=25)
@given(others=st.lists(rows_of_anyone, max_size=60), own=st.lists(rows_of_one, max_size=80))
def test_one_patient_moves_each_release_by_at_most_l_in_squares(
    others: list[Row], own: list[Row]
) -> None:
    without, with_them = counts(others, JOBS), counts([*others, *own], JOBS)

    for job in JOBS:
        moved = [b - a for a, b in zip(without[job], with_them[job], strict=True)]
        assert all(change in (0, 1) for change in moved), job
        assert sum(change**2 for change in moved) <= job.table.l, job


@settings(max_examples=15)
@given(rows=st.lists(rows_of_anyone, max_size=80))
def test_where_bounding_does_not_bite_the_counts_are_the_patients(rows: list[Row]) -> None:
    counted = counts(rows, JOBS)

    for job in JOBS:
        truth, touched = _truth(rows, job)
        if max(touched.values(), default=0) <= job.table.l:
            assert counted[job] == truth, job
        assert sum(counted[job]) == sum(min(one, job.table.l) for one in touched.values()), job
        assert all(mine <= all_of_it for mine, all_of_it in zip(counted[job], truth, strict=True))


def test_forty_events_of_one_person_a_day_are_one_patient() -> None:
    rows = [Row(1, 0, FIRST)] * 40

    counted = counts(rows, JOBS)

    assert all(max(values) <= 1 for values in counted.values())


def test_which_cells_are_kept_does_not_depend_on_others() -> None:
    """Else removing one patient would move another's cells, and the limit would not hold."""
    own = [Row(PATIENT, event, FIRST, topic=event % 4) for event in range(8)]
    chance = random.Random(4)
    others = [Row(chance.randrange(9), chance.randrange(8), FIRST) for _ in range(50)]

    alone, among = counts(own, JOBS), counts([*own, *others], JOBS)
    without = counts(others, JOBS)

    for job in JOBS:
        assert [b - a for a, b in zip(without[job], among[job], strict=True)] == alone[job]


def _truth(rows: list[Row], job: Job) -> tuple[list[int], dict[int, int]]:
    """Distinct patients per cell, and how many cells each patient touches: another way."""
    labels = {
        "event": lambda row: KEYS.event[row.event],
        "age_band": lambda row: KEYS.age_band[row.age],
        "zip3": lambda row: KEYS.zip3[row.zip],
        "topic": lambda row: KEYS.topic[row.topic],
    }
    patients = defaultdict(set)
    for row in rows:
        if around(row.day, job.table.unit) == job.period:
            patients[tuple(labels[name](row) for name in job.table.dimensions)].add(row.patient)
    touched: dict[int, int] = defaultdict(int)
    for those in patients.values():
        for one in those:
            touched[one] += 1
    return [len(patients.get(cell, ())) for cell in KEYS.cells(job.table)], touched
