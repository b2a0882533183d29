"""What is judged over all files of a run: one patient everywhere, ages that cannot be."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from collectors.portal.tabular_checks import ENOUGH
from tests.portal import running
from tests.portal.fhir_made import Json, asker, ndjson, patient, r4


def _sign_ins(count: int, people: int) -> Iterator[Json]:
    for number in range(count):
        who = {"reference": f"Patient/Canaryson-{number % people}"}
        yield r4("110114", "110122", agent=[asker(who)],
                 recorded=f"2026-03-04T15:{number // 60 % 60:02d}:{number % 60:02d}Z")  # fmt: skip


def test_fhir_that_names_one_patient_in_every_event_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    half = ENOUGH // 2
    first = ndjson(tmp_path / "a.ndjson", _sign_ins(half, 1))
    second = ndjson(tmp_path / "b.ndjson", _sign_ins(half, 1))

    said = running.refusal(engine, first, second)

    assert "the same patient in every event; nothing was released" in said
    assert "Canaryson" not in said


@pytest.mark.parametrize(("events", "people"), [(ENOUGH - 1, 1), (ENOUGH, 2)])
def test_few_events_of_one_patient_or_many_of_two_are_read(
    engine: Engine, tmp_path: Path, events: int, people: int
) -> None:
    file = ndjson(tmp_path / "a.ndjson", _sign_ins(events, people))

    assert running.run(engine, file).released.jobs


def test_files_each_of_one_patient_are_judged_together(engine: Engine, tmp_path: Path) -> None:
    files = [
        ndjson(
            tmp_path / f"{name}.ndjson",
            (r4("110114", "110122", agent=[asker({"reference": f"Patient/{name}"})]),) * ENOUGH,
        )
        for name in ("a", "b")
    ]

    assert running.run(engine, *files).released.jobs


@pytest.mark.parametrize(
    ("birth", "counted"),
    [
        ("1905-01-01", 5),
        ("1906-01-01", 0),
        ("2026-12-31", 0),
        ("2027-01-01", 5),
        ("1871-01-01", 5),
        ("grey", 5),
        (None, 0),
    ],
)
def test_an_age_that_cannot_be_is_counted_once_an_event(
    engine: Engine, tmp_path: Path, birth: str | None, counted: int
) -> None:
    events = ndjson(tmp_path / "a.ndjson", _sign_ins(50, 10))
    people = ndjson(
        tmp_path / "people.ndjson",
        [patient(id="Canaryson-3", birthDate=birth), patient(id="Canaryson-4")],
    )

    found = running.left_out(running.run(engine, events, people))

    assert found == ({"an age that cannot be": counted} if counted else {})


def test_of_two_birth_dates_the_one_that_can_be_goes_first(engine: Engine, tmp_path: Path) -> None:
    events = ndjson(tmp_path / "a.ndjson", _sign_ins(50, 10))
    people = ndjson(
        tmp_path / "people.ndjson",
        [patient(id="Canaryson-3", birthDate=birth) for birth in ("grey", "1971", "1871")],
    )

    assert running.left_out(running.run(engine, events, people)) == {}


def test_a_wrong_birth_date_counts_for_a_table_without_ages_and_not_twice_for_one_with(
    engine: Engine, tmp_path: Path
) -> None:
    running.keep_mapping(engine, "plain")
    rows = [f"P{number % 10},view,2026-03-03 10:00:00" for number in range(60)]
    plain = tmp_path / "plain.csv"
    plain.write_text("\n".join(["pid,what,at", *rows]) + "\n")
    people = ndjson(tmp_path / "people.ndjson", [patient(id="P3", birthDate="1871-01-01")])
    aged = tmp_path / "aged.csv"
    aged.write_text("\n".join(["who,what,at,age", *(row + ",140" for row in rows[:6])]) + "\n")
    running.keep_mapping(engine, "aged", patient="who", age="age")

    assert running.left_out(running.run(engine, plain, people)) == {"an age that cannot be": 6}
    assert running.left_out(running.run(engine, aged, people)) == {"an age that cannot be": 6}
