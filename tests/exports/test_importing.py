"""Imports on both databases: what becomes of each record, and how it is taken back."""

import json
import threading
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from collectors.exports import importing, staging
from collectors.exports.base import Record
from collectors.exports.report import Report
from collectors.exports.telling import write_json
from data import public_telehealth
from data.errors import Refused
from data.queries.telehealth import national_share
from data.session import make_engine, open_session
from tests.exports.made import actions, files, five, held, line, take, write

FIRST = [
    line("2030,Overall", figures="400,500,90,0.225"),
    line("2030,1"),
    line("2030,1", "Ohio", figures="DS,DS,DS,DS"),
    line("2030,2", figures="110,130,30,0.2727"),
    line("2030,2", age="65-74", figures="50,60.25,12,0.24"),
]
SECOND = [
    line("2030,1", figures="101,121.5,21,0.2079"),  # restated
    line("2030,1", "Ohio", figures="9,10,1,0.1111"),  # told at last
    line("2030,2", figures="110,130,30,0.2727"),  # as it was
    line("2030,3", figures="120,140,40,0.3333"),  # new
]


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return write(tmp_path / "first.csv", FIRST)


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return write(tmp_path / "second.csv", SECOND)


def test_a_release_and_the_one_that_restates_it(engine: Engine, first: Path, second: Path) -> None:
    one, two = take(engine, first, second)
    assert (five(one), five(two)) == ((5, 0, 0, 0, 0), (1, 2, 1, 0, 0))
    rows = held(engine)
    earlier = {"import_id": 1, "eligible": None, "enrolled": None, "users": None, "share": None,
               "before": None}  # fmt: skip
    assert rows[2030, "1", "Ohio", "All"] == (9, 10.0, 1, 0.1111, 2, earlier)
    assert rows[2030, "2", "National", "All"] == (110, 130.0, 30, 0.2727, 1, None)
    assert one.totals == {
        "quarters": 2, "newest_quarter_users": 30, "newest_quarter_eligible": 110,
    }  # fmt: skip
    assert (str(one.first_day), str(two.last_day)) == ("2030-01-01", "2030-09-30")
    assert [(row.name, row.counts["updated"]) for row in files(engine)] == [
        ("first.csv", 0), ("second.csv", 2),
    ]  # fmt: skip
    assert files(engine)[1].counts == two.kept()
    assert actions(engine) == ["import.store", "import.store"]


def test_the_country_by_quarter(engine: Engine, first: Path, second: Path) -> None:
    take(engine, first, second)
    with open_session(engine, "test") as session:
        quarters = national_share(session)
        bands = national_share(session, by_age=True)
    assert [(one.quarter, one.users, one.import_id) for one in quarters] == [
        (1, 21, 2), (2, 30, 1), (3, 40, 2),
    ]  # fmt: skip
    assert [(one.age, one.enrolled) for one in bands] == [("65-74", 60.25)]
    assert (str(quarters[0].first_day), str(quarters[2].last_day)) == ("2030-01-01", "2030-09-30")


def test_the_same_file_again(engine: Engine, first: Path, second: Path) -> None:
    take(engine, first, second)
    before = held(engine)
    renamed = first.rename(first.with_name("other name.csv"))
    for wish in ({}, {"is_dry": True}):
        (again,) = take(engine, renamed, **wish)
        assert five(again) == (0, 0, 5, 0, 0)
        assert again.known is not None and again.known.name == "first.csv"
    assert held(engine) == before
    assert len(files(engine)) == 2 and len(actions(engine)) == 2


def test_a_dry_run_tells_the_same_and_changes_nothing(
    engine: Engine, first: Path, second: Path
) -> None:
    take(engine, first)
    before = held(engine)
    (dry,) = take(engine, second, is_dry=True)
    assert held(engine) == before and len(files(engine)) == 1 and len(actions(engine)) == 1
    (real,) = take(engine, second)
    assert _json(dry) == _json(real)


def test_a_dry_run_of_the_same_file_twice(engine: Engine, first: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.csv"
    copy.write_bytes(first.read_bytes())
    assert [five(one) for one in take(engine, first, copy, is_dry=True)] == [
        (5, 0, 0, 0, 0), (0, 0, 5, 0, 0),
    ]  # fmt: skip


def test_records_that_a_file_repeats(engine: Engine, tmp_path: Path) -> None:
    other = line("2030,1", figures="7,8,1,0.1")
    path = write(tmp_path / "one.csv", [line(), line("2030,2"), line(), other])
    (report,) = take(engine, path, takes_part=True)
    assert five(report) == (2, 0, 0, 1, 1)
    assert list(report.skipped) == [(4, staging.TWICE)]
    assert list(report.rejected) == [(5, staging.CONFLICT)]
    assert held(engine)[2030, "1", "National", "All"][0] == 100, "the first one counts"


def test_a_half_bad_file_waits_for_a_yes(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "half.csv", [line(), line("2030,9"), line("2030,2")])
    for wish in ({}, {"is_dry": True}):
        (report,) = take(engine, path, **wish)
        assert report.is_refused and five(report) == (0, 0, 0, 2, 1)
        assert list(report.skipped) == [(2, importing.LEFT_OUT), (4, importing.LEFT_OUT)]
    assert (held(engine), files(engine)) == ({}, [])
    (report,) = take(engine, path, takes_part=True)
    assert five(report) == (2, 0, 0, 0, 1) and not report.is_refused
    (again,) = take(engine, path)
    assert five(again) == (0, 0, 2, 0, 1) and not again.is_refused


def test_a_file_of_nothing_good(engine: Engine, tmp_path: Path) -> None:
    bad, none = write(tmp_path / "bad.csv", [line("2030,9")]), write(tmp_path / "none.csv", [])
    first, second = take(engine, bad, none, takes_part=True)
    assert first.is_refused and five(first) == (0, 0, 0, 0, 1)
    assert not second.is_refused and second.records == 0
    assert files(engine) == []


def test_undo(engine: Engine, first: Path, second: Path) -> None:
    take(engine, first)
    before = held(engine)
    take(engine, second)
    with pytest.raises(Refused, match="Import 2 has changed rows of import 1 since") as caught:
        importing.undo(engine, "test", 1)
    assert "reachwell imports undo 2" in caught.value.sentence()
    undone = importing.undo(engine, "test", 2)
    assert (undone.removed, undone.restored) == (1, 2)
    assert held(engine) == before
    with pytest.raises(Refused, match="was undone on"):
        importing.undo(engine, "test", 2)
    (again,) = take(engine, second)
    assert five(again) == (1, 2, 1, 0, 0), "what was undone can be imported again"
    importing.undo(engine, "test", 3)
    importing.undo(engine, "test", 1)
    assert held(engine) == {}
    with pytest.raises(Refused, match="There is no import 9"):
        importing.undo(engine, "test", 9)
    assert actions(engine)[-2:] == ["import.undo", "import.undo"]
    assert [row.undone_at is None for row in files(engine)] == [False] * 3


def test_a_later_import_that_changed_nothing_of_it_stands_in_no_way(
    engine: Engine, first: Path, tmp_path: Path
) -> None:
    apart = write(tmp_path / "apart.csv", [line("2031,1"), FIRST[1]])
    take(engine, first, apart)
    importing.undo(engine, "test", 1)
    assert list(held(engine)) == [(2031, "1", "National", "All")]


def test_three_releases_come_back_one_by_one(engine: Engine, tmp_path: Path) -> None:
    seen = [held(engine)]
    for number in range(3):
        figures = f"{100 + number},0.1,{number},0.{number}1234567890123456"
        take(engine, write(tmp_path / f"{number}.csv", [line(figures=figures)]))
        seen.append(held(engine))
    with pytest.raises(Refused, match="Import 3 has changed"):
        importing.undo(engine, "test", 1)
    for number in (3, 2, 1):
        assert held(engine) == seen.pop()
        importing.undo(engine, "test", number)
    assert held(engine) == seen.pop() == {}


def test_more_rows_than_a_batch(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_telehealth, "BATCH", 7)
    rows = [line(place=f"Place {number}") for number in range(50)]
    take(engine, write(tmp_path / "a.csv", rows))
    before = held(engine)
    more = [row.replace("120.5", "121.5") for row in rows[:30]] + [line("2031,2")]
    (report,) = take(engine, write(tmp_path / "b.csv", more))
    assert five(report) == (1, 30, 0, 0, 0)
    importing.undo(engine, "test", 2)
    assert held(engine) == before


def test_the_same_file_twice_at_once_is_one_import(database_url: str, first: Path) -> None:
    told: list[tuple[int, ...]] = []

    def run() -> None:
        engine = make_engine(database_url)
        told.extend(five(one) for one in take(engine, first))
        engine.dispose()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    engine = make_engine(database_url)
    assert len(files(engine)) == 1 and len(held(engine)) == 5
    assert sorted(told) == [(0, 0, 5, 0, 0), (0, 0, 5, 0, 0), (5, 0, 0, 0, 0)]
    engine.dispose()


def test_a_file_that_breaks_off_stores_nothing(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "one.csv", [line(), f'"{line("2030,2")}', line("2030,3")])
    with pytest.raises(Refused, match="never closed"):
        take(engine, path)
    assert (held(engine), files(engine)) == ({}, [])


def test_a_full_disk_is_told() -> None:
    record = Record(1, ("x" * 10_000,), (1,))
    with pytest.raises(Refused, match="disk for temporary files is full"), staging.staging() as one:
        one.connection.execute("PRAGMA max_page_count = 4")
        list(one.fill([record]))


QUARTERS = [("2030,1", "National"), ("2030,Overall", "National"), ("2030,2", "Ohio")]
_FIGURES = st.sampled_from(["", "100,120.5,20,0.2", "DS,DS,DS,DS", "101,0.1,0,0", "7,7.25,7,1"])
RELEASES = st.lists(
    st.dictionaries(st.sampled_from(QUARTERS), _FIGURES, min_size=1), min_size=1, max_size=4
)


@given(releases=RELEASES, data=st.data())
def test_any_releases_in_any_order_come_back_exactly(
    engine: Engine, tmp_path: Path, releases: list[dict[tuple[str, str], str]], data: st.DataObject
) -> None:
    """The newest figures win; undone from the last to the first, each state is there again."""
    truth: dict[tuple[str, str], str] = {}
    states: list[tuple[int, Any]] = []
    for number, release in enumerate(data.draw(st.permutations(releases))):
        records = [line(*key, figures=cells or ",,,") for key, cells in release.items()]
        records.append(line("2040,1", f"Mark {len(files(engine))} {number}"))  # no two are the same
        before = held(engine)
        (report,) = take(engine, write(tmp_path / "one.csv", records))
        changed = sum(1 for key in release if key not in truth)
        assert report.inserted == changed + 1
        truth |= release
        states.append((files(engine)[-1].id or 0, before))
    for key, cells in truth.items():
        year, quarter = key[0].split(",")
        wanted = [
            None if cell in ("", "DS") else float(cell) for cell in (cells or ",,,").split(",")
        ]
        assert list(held(engine)[int(year), quarter, key[1], "All"][:4]) == wanted
    while states:
        import_id, before = states.pop()
        importing.undo(engine, "test", import_id)
        assert held(engine) == before
    assert held(engine) == {}


def _json(report: Report) -> Any:
    out = StringIO()
    write_json([report], out)
    return json.loads(out.getvalue())
