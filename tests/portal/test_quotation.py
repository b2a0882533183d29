"""A quotation mark that is never closed loses no row in silence; a closed one is a value's."""

import csv
import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import Engine

from collectors.portal import quotation
from tests.portal import running

HEAD = "pid,what,at,note"


@pytest.fixture
def clinic(engine: Engine) -> Engine:
    """The practice, with a mapping of HEAD that leaves the note alone."""
    running.keep_mapping(engine)
    return engine


def _rows(count: int, form: str = "P{n},view,2026-03-03 10:00:00,fine") -> Iterator[str]:
    return (form.format(n=number % 40) for number in range(count))


def _file(folder: Path, *rows: str) -> Path:
    file = folder / "clinic.csv"
    file.write_text("\n".join((HEAD, *rows)) + "\n")
    return file


QUOTED = '"P{n}","view","2026-03-03 10:00:00","fine"'


@pytest.mark.parametrize(
    ("bad", "form"),
    [
        ('P9,view,2026-03-03 10:00:00,"Canaryson', "P{n},view,2026-03-03 10:00:00,fine"),
        ('"P9,view,2026-03-03 10:00:00,Canaryson', "P{n},view,2026-03-03 10:00:00,fine"),
        ('"P9","view","2026-03-03 10:00:00","Canaryson', QUOTED),
    ],
    ids=["the last value", "the first value", "among quoted ones"],
)
def test_a_mark_that_is_never_closed_is_refused_with_its_line(
    clinic: Engine, tmp_path: Path, bad: str, form: str
) -> None:
    file = _file(tmp_path, *_rows(70, form), bad, *_rows(70, form))

    said = running.refusal(clinic, file)

    assert "A quotation mark is opened in line 72 of clinic.csv and never closed." in said
    assert "Canaryson" not in said and "P9" not in said


@pytest.mark.parametrize(
    ("between", "note"),
    [(20, '"fine'), (quotation.MOST_LINES + 1, 'fine"')],
    ids=["both are opened", "the second closes, far below"],
)
def test_two_marks_that_are_never_closed_do_not_close_each_other(
    clinic: Engine, tmp_path: Path, between: int, note: str
) -> None:
    good = "P1,view,2026-03-03 10:00:00,fine"
    first, second = good.replace("fine", '"fine'), good.replace("fine", note)
    file = _file(tmp_path, *_rows(9), first, *_rows(between), second, *_rows(60))

    assert "line 11 of" in running.refusal(clinic, file)


def test_a_mapped_value_that_holds_lines_and_delimiters_is_rows(
    clinic: Engine, tmp_path: Path
) -> None:
    opened, closed = '"P1,view,2026-03-03 10:00:00,x', 'P2",view,2026-03-03 10:00:00,x'
    file = _file(tmp_path, *_rows(9), opened, *_rows(20), closed, *_rows(60))

    assert "line 11 of" in running.refusal(clinic, file)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_breaks_within_a_value_are_read_and_lose_nothing(
    clinic: Engine, tmp_path: Path, end: str
) -> None:
    note = 'P{n},nap,2026-03-03 10:00:00,"Dear all,\n\nit is ""fine"",\nthanks\n"'
    file = _file(tmp_path, *_rows(60), *_rows(7, note), "", *_rows(60))
    file.write_text(file.read_text(), newline=end)

    done = running.run(clinic, file)

    assert running.left_out(done) == {"an event that is not counted": 7}
    assert done.released.jobs


def test_a_mark_within_a_value_opens_nothing(clinic: Engine, tmp_path: Path) -> None:
    file = _file(tmp_path, *_rows(60, "P{n},view,2026-03-03 10:00:00,6'2\" tall"))

    assert running.left_out(running.run(clinic, file)) == {}


def test_rows_that_are_lost_all_the_same_are_counted(clinic: Engine, tmp_path: Path) -> None:
    hidden = '6"2,nap,2026-03-03 10:00:00,"never closed'
    file = _file(tmp_path, *_rows(60), hidden, *_rows(30))

    found = running.left_out(running.run(clinic, file))

    assert found == {"an event that is not counted": 1, "a line that cannot be read": 30}


VALUES = ("a", "", 'x"y', "p,q", "l\nm", "l\r\n\r\nm", "\n\nz", 'say ""\n"hi"')


@pytest.mark.parametrize("step", [3, 64, 1 << 20])
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL], ids=["all", "minimal"])
def test_lines_less_the_inner_ones_are_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, quoting: Literal[0, 1]
) -> None:
    monkeypatch.setattr(quotation, "_STEP", step)
    chance, file = random.Random(3), tmp_path / "made.csv"
    for _ in range(200):
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator=chance.choice(["\n", "\r\n"]), quoting=quoting)
        rows = [["P", *chance.choices(VALUES, k=3)] for _ in range(chance.randint(1, 9))]
        writer.writerows(rows)
        written = text.getvalue()
        file.write_text(written.rstrip() if chance.random() < 0.3 else written, newline="")

        inner = quotation.inner_lines(file, ",", frozenset())

        assert quotation.lines_of(file) - inner == len(rows)
