"""What cannot be read is refused or counted with its reason, and no value of it is ever told."""

import gzip
import json
import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from collectors.portal import run as runs
from collectors.portal.order import Order
from collectors.portal.tabular_checks import UNREADABLE
from collectors.portal.wish import _storable
from data.errors import Refused
from data.privacy import mappings
from data.session import open_session

Row = list[str]


def _run(engine: Engine, file: Path, mapping: str | None = "made", **days: date) -> runs.Outcome:
    order = Order((file,), mapping, days.get("first"), days.get("last"), False, 500)
    return runs.run(engine, "test", file.parent, order, lambda _text, _share: None)


def _refusal(engine: Engine, file: Path, mapping: str | None = "made") -> str:
    with pytest.raises(Refused) as refused:
        _run(engine, file, mapping)
    return refused.value.sentence()


def _map(engine: Engine, **more: str) -> None:
    said = {"patient": "pid", "event": "what", "when": "at", "age": "age", "zip": "zip",
            "topic": "topic", "events": {"view": "record_view"}, **more}  # fmt: skip
    with open_session(engine, "test", write=True) as session:
        mappings.put(session, "made", said)


def _write(folder: Path, rows: list[Row]) -> Path:
    file = folder / "made.csv"
    lines = [",".join(row) for row in [["pid", "what", "at", "age", "zip", "topic"], *rows]]
    file.write_text("\n".join(lines) + "\n")
    return file


def _rows(count: int = 200) -> Iterator[Row]:
    chance = random.Random(5)
    for number in range(count):
        yield [f"P{number % 60}", "view", "2026-03-03 10:00:00", "44", "10011",
               chance.choice(["sleep", "flu"])]  # fmt: skip


def test_an_unmapped_file_is_refused_with_its_columns_and_no_value(
    engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "unknown.csv"
    file.write_text("MRN,LastName,Seen\n4711,Canaryson,2026-01-01\n")

    said = _refusal(engine, file, None)

    assert "MRN, LastName, Seen" in said and "mapping add" in said
    assert "4711" not in said and "Canaryson" not in said


@pytest.mark.parametrize(
    "first",
    [
        "MRN-canarix-8271,Ann Canarixson,1971-02-03\n",
        "7,Canarixson,2\n",
        "id,ann@canarixson.invalid\n",
        '{"patient": "MRN-canarix-8271"}\n',
        "name,name,Canarixson\n",
    ],
)
def test_a_first_line_that_is_no_line_of_names_is_told_to_nobody(
    engine: Engine, tmp_path: Path, first: str
) -> None:
    file = tmp_path / "unknown.csv"
    file.write_text(first * 3)

    said = _refusal(engine, file, None)

    assert "anarix" not in said
    assert "no line of column names" in said or "no FHIR" in said


def test_what_a_page_keeps_of_a_refusal_names_no_file_no_column_and_no_count() -> None:
    refusal = Refused(
        "jane-roe.csv fits nothing: No event is counted (2 × no patient; 3 × an age that cannot "
        "be (counted as unknown)). Its columns are: MRN, Jane.",
        "Do this.",
    )

    said = _storable(refusal, ["jane-roe.csv"]).sentence()

    assert said == "the file fits nothing: No event is counted. Do this."


def test_rows_none_of_which_counts_spend_nothing(engine: Engine, tmp_path: Path) -> None:
    _map(engine, time_zone="UTC")
    rows = [[row[0], "OTHER", *row[2:]] for row in _rows()]

    with pytest.raises(Refused, match="No row of"):
        _run(engine, _write(tmp_path, rows), first=date(2026, 3, 2), last=date(2026, 3, 8))


def test_a_line_that_cannot_be_parsed_is_counted_too(engine: Engine, tmp_path: Path) -> None:
    _map(engine, time_zone="UTC")
    file = _write(tmp_path, list(_rows()))
    file.write_bytes(file.read_bytes() + b"P\xe9,view,2026-03-03 10:00:00,44,10011,sleep\n" * 3)

    left_out = _run(engine, file).left_out

    assert {reason for reason, count in left_out.items() if count} == {UNREADABLE}
    assert left_out[UNREADABLE] == 3


def test_a_stale_mapping_stops_nobody_elses_run(engine: Engine, tmp_path: Path) -> None:
    _map(engine, time_zone="UTC")
    stale = {"patient": "pid", "event": "what", "when": "at", "topic": "topic",
             "topics": {"x": "a topic that is gone"}}  # fmt: skip
    with open_session(engine, "test", write=True) as session:
        mappings.put(session, "stale", stale)

    assert _run(engine, _write(tmp_path, list(_rows())), None).released.jobs


def test_a_file_that_one_mapping_fits_needs_no_name_for_it(engine: Engine, tmp_path: Path) -> None:
    _map(engine, time_zone="UTC")

    done = _run(engine, _write(tmp_path, list(_rows())), None)

    assert {job.table.name for job in done.released.jobs} == {"day_event"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda row, _: ["same", *row[1:]], "the same patient in every row"),
        (lambda row, n: [*row[:5], f"Name{n} Canaryson"], "more values than there are topics"),
        (lambda row, n: [*row[:4], f"{n:07d}", row[5]], "few of its values are ZIP codes"),
        (lambda row, n: [*row[:4], f"{10000 + 7 * n}", row[5]], "as many values as there are"),
        (lambda row, _: [*row[:3], "grey", *row[4:]], "few are ages"),
    ],
)
def test_a_column_that_is_not_what_it_is_mapped_as_is_refused(
    engine: Engine, tmp_path: Path, change: Callable[[Row, int], Row], sentence: str
) -> None:
    _map(engine, time_zone="America/New_York")
    file = _write(tmp_path, [change(row, n) for n, row in enumerate(_rows())])

    said = _refusal(engine, file)

    assert sentence in said
    assert "Canaryson" not in said and "grey" not in said


def test_times_without_a_zone_and_none_in_the_mapping_are_refused(
    engine: Engine, tmp_path: Path
) -> None:
    _map(engine)

    assert "carry no zone" in _refusal(engine, _write(tmp_path, list(_rows())))


def test_bad_rows_are_counted_with_reasons(engine: Engine, tmp_path: Path) -> None:
    _map(engine, time_zone="America/New_York")
    good = ["P1", "view", "2026-03-03 10:00:00", "44", "10011", "sleep"]
    bad = [
        ["", *good[1:]],
        ["P1", "nap", *good[2:]],
        ["P1", "view", "yesterday", *good[3:]],
        ["P1", "view", "2026-03-08 02:30:00", *good[3:]],
        [*good[:3], "140", "1001", "sleep"],
    ]
    file = _write(tmp_path, [*_rows(), *bad, *[good] * 40])

    done = _run(engine, file, first=date(2026, 3, 2), last=date(2026, 3, 8))

    assert {reason.split(" (")[0]: count for reason, count in done.left_out.items() if count} == {
        "no patient": 1, "an event that is not counted": 1, "no time that can be read": 1,
        "a time that the clock change left out": 1, "an age that cannot be": 1,
        "a ZIP code that is not one": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "when",
    ["2026-03-03T10:00:00Z", "2026-03-03 05:00:00-05:00", "2026-03-03T05:00:00.123-0500"],
)
def test_a_zone_in_the_file_goes_before_the_mappings(
    engine: Engine, tmp_path: Path, when: str
) -> None:
    _map(engine, time_zone="Asia/Tokyo")
    rows = [[row[0], row[1], when, *row[3:]] for row in _rows()]

    done = _run(engine, _write(tmp_path, rows))

    assert [job.period.name for job in done.released.jobs] == ["2026-03-03"]


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("2026-03-03 23:30:00", "2026-03-03"),
        ("03/03/2026 11:30 PM", "2026-03-03"),
        ("03/03/2026 23:30", "2026-03-03"),
        ("2026-03-03", "2026-03-03"),
    ],
)
def test_a_local_time_is_of_the_mappings_zone(
    engine: Engine, tmp_path: Path, when: str, day: str
) -> None:
    _map(engine, time_zone="America/New_York")
    rows = [[row[0], row[1], when, *row[3:]] for row in _rows()]

    done = _run(engine, _write(tmp_path, rows))

    assert [job.period.name for job in done.released.jobs] == [day]


def test_a_span_over_400_days_wants_its_beginning(engine: Engine, tmp_path: Path) -> None:
    _map(engine, time_zone="UTC")
    rows = [["P1", "view", "1931-03-03 10:00:00", "", "", ""], *_rows()]

    said = _refusal(engine, _write(tmp_path, rows))

    assert "days" in said and "--from" in said


def test_a_truncated_gzip_is_refused(engine: Engine, tmp_path: Path) -> None:
    one = {"resourceType": "AuditEvent", "recorded": "2026-03-03T10:00:00Z"}
    lines = "\n".join(json.dumps({**one, "id": str(n)}) for n in range(500))
    whole = gzip.compress(lines.encode())
    file = tmp_path / "cut.ndjson.gz"
    file.write_bytes(whole[: len(whole) // 2])

    assert "ends in the middle" in _refusal(engine, file, None)


def test_columns_with_quotes_and_braces_are_names_and_nothing_else(
    engine: Engine, tmp_path: Path
) -> None:
    hostile = 'p"id{0}'
    file = tmp_path / "made.csv"
    head = 'p""id{0}'
    lines = [f'"{head}",what,at', *(f"P{n},view,2026-03-03 10:00:00" for n in range(60))]
    file.write_text("\n".join(lines) + "\n")
    said = {"patient": hostile, "event": "what", "when": "at", "time_zone": "UTC",
            "events": {"view": "record_view", "'; DROP TABLE part_0; --": "sign_in"}}  # fmt: skip
    with open_session(engine, "test", write=True) as session:
        mappings.put(session, "made", said)

    assert len(_run(engine, file).released.jobs) == 1


def test_a_run_that_outgrows_its_memory_says_how_much_it_wants(
    engine: Engine, tmp_path: Path
) -> None:
    _map(engine, time_zone="UTC")
    rows = [[f"P{n}", "view", f"2026-03-{1 + n % 28:02d} 10:00:00", "44", "10011", "sleep"]
            for n in range(400_000)]  # fmt: skip
    order = Order((_write(tmp_path, rows),), "made", None, None, False, 16)

    with pytest.raises(Refused, match="more than the 16 MB of memory") as refused:
        runs.run(engine, "test", tmp_path, order, lambda _text, _share: None)

    assert "REACHWELL_PORTAL_MEMORY_MB" in str(refused.value.todo)
    assert not [one for one in tmp_path.rglob("*") if "duckdb" in one.name.lower()]
