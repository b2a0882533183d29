"""The columns of a file against those of a mapping: case counts, and is named."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine

from collectors.portal.wish import _storable
from data.errors import Refused
from tests.portal import running

ROWS = [("Canaryson-1", "view", "2026-03-03 10:00:00")] * 60


def _csv(folder: Path, *columns: str) -> Path:
    file = folder / "clinic.csv"
    rows = [",".join((*row, "x")[: len(columns)]) for row in ROWS]
    file.write_text("\n".join([",".join(columns), *rows]) + "\n")
    return file


@pytest.mark.parametrize("mapping", ["made", None], ids=["a named mapping", "any mapping"])
def test_a_column_in_other_letters_is_told_beside_the_mappings(
    engine: Engine, tmp_path: Path, mapping: str | None
) -> None:
    running.keep_mapping(engine)

    said = running.refusal(engine, _csv(tmp_path, "PID", "what", "At"), mapping=mapping)

    assert "has the column `PID`, `At` where the mapping says `pid`, `at`: case counts." in said
    assert "Canaryson" not in said


def test_it_is_refused_before_another_file_of_the_run_is_read(
    engine: Engine, tmp_path: Path
) -> None:
    running.keep_mapping(engine)
    first = tmp_path / "first.csv"
    first.write_text("pid,what,at\n,,\n")  # reading it would be refused otherwise

    said = running.refusal(engine, first, _csv(tmp_path, "Pid", "what", "at"), mapping="made")

    assert "clinic.csv has the column `Pid`" in said


def test_a_column_that_is_missing_in_any_letters_is_missing(engine: Engine, tmp_path: Path) -> None:
    running.keep_mapping(engine)

    said = running.refusal(engine, _csv(tmp_path, "person", "what", "at"), mapping="made")

    assert "has no column pid; its columns are: person, what, at." in said


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_two_columns_that_differ_by_case_alone_are_refused(
    engine: Engine, tmp_path: Path, kind: str
) -> None:
    running.keep_mapping(engine)
    file = _csv(tmp_path, "pid", "what", "at", "PID")
    if kind == "parquet":
        file = tmp_path / "clinic.parquet"
        people, whats, times = (list(one) for one in zip(*ROWS, strict=True))
        content = {"pid": people, "what": whats, "at": times, "PID": people}
        pq.write_table(pa.table(content), file)

    said = running.refusal(engine, file)

    assert "has columns that differ by case alone: `pid`, `PID`." in said


@pytest.mark.parametrize(
    ("told", "stored"),
    [
        (
            "jane.csv has the column `Jane_ID` where the mapping says `jane_id`: case counts.",
            "the file has a column that the mapping writes otherwise: case counts.",
        ),
        (
            "jane.csv has columns that differ by case alone: `Jane`, `JANE`.",
            "the file has columns that differ by case alone.",
        ),
    ],
    ids=["another case", "two cases"],
)
def test_what_a_page_keeps_of_it_names_no_column(told: str, stored: str) -> None:
    assert str(_storable(Refused(told), ["jane.csv"])) == stored
