"""Reading telehealth trends: which cells are figures, which are withheld, which are rejected."""

from pathlib import Path

import pytest

from collectors.exports import medicare_telehealth
from collectors.exports.base import Item, Record, Rejected, Skipped
from data.errors import Refused
from tests.exports.made import HEADINGS, line, write


def read(path: Path) -> list[Item]:
    return list(medicare_telehealth.read(path))


def figures(tmp_path: Path, cells: str) -> Item:
    (one,) = read(write(tmp_path / "one.csv", [line(figures=cells)]))
    return one


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ("30946785,32244893.5,14826919,0.4791", (30946785, 32244893.5, 14826919, 0.4791)),
        (",,,", (None, None, None, None)),
        ("DS,ds, DS ,*", (None, None, None, None)),
        ('" 6,905 ","1,234,567.25"," -   ",0', (6905, 1234567.25, 0, 0.0)),
        ("29.0,63,29,1", (29, 63.0, 29, 1.0)),
        ("50,60.5,24,4.791E-1", (50, 60.5, 24, 0.4791)),
        ("2.859483E6,7,5,12.5%", (2859483, 7.0, 5, 0.125)),
        (" ,, - ,", (None, None, 0, None)),
    ],
)
def test_figures(tmp_path: Path, cells: str, wanted: tuple[float | None, ...]) -> None:
    one = figures(tmp_path, cells)
    assert isinstance(one, Record)
    assert one.figures == wanted
    assert [type(cell) for cell in one.figures] == [type(cell) for cell in wanted]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("-5,,,", "total_bene_th_elig: below zero"),
        ("5,6,7,", "total_bene_telehealth: more people"),
        ("100,,20,1.5", "pct_telehealth: a share of more"),
        ("100,,20,120%", "pct_telehealth: a share of more"),
        ("100,,20,%", "pct_telehealth: not a number"),
        ("NaN,,,", "total_bene_th_elig: not a number"),
        (",inf,,", "total_partb_enrl: not a number"),
        ("4.5,,,", "total_bene_th_elig: not a whole"),
        ("3.09E+07,,,", "total_bene_th_elig: rounded"),
        ("1E999,,,", "total_bene_th_elig: larger than can be"),
        (f"{'9' * 5000},,,", "total_bene_th_elig: not a number"),
        ("3.апр,,,", "total_bene_th_elig: not a number"),
        ("٣,,,", "total_bene_th_elig: not a number"),
        ('"12,34",,,', "total_bene_th_elig: not a number"),
        ("=1+1,,,", "total_bene_th_elig: not a number"),
        (",,,0.2,7", "it has more cells"),
        (",,", "it has fewer cells"),
    ],
)
def test_what_is_rejected(tmp_path: Path, cells: str, reason: str) -> None:
    one = figures(tmp_path, cells)
    assert isinstance(one, Rejected)
    assert one.reason.startswith(reason) and one.line == 2


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (line("2030,5"), "quarter: neither"),
        (line("1030,1"), "year: not a year"),
        (line("DS,1"), "year: not a year"),
        (line(place=""), "bene_geo_desc: empty"),
        (line(place="x" * 81), "bene_geo_desc: not a label"),
        (line(place="a\0b"), "bene_geo_desc: not a label"),
        (line(place='"New" York'), "its quotation marks"),
    ],
)
def test_keys_that_are_rejected(tmp_path: Path, record: str, reason: str) -> None:
    first, last = read(write(tmp_path / "one.csv", [record, line()]))
    assert isinstance(first, Rejected) and first.reason.startswith(reason)
    assert isinstance(last, Record) and last.line == 3, "the next one is whole again"


def test_keys(tmp_path: Path) -> None:
    records = [
        line(" 2030.0 ,overall", " new   york "),
        line("2031,3.0", "NATIONAL", "=85 and over"),
    ]
    first, last = read(write(tmp_path / "one.csv", records))
    assert isinstance(first, Record) and isinstance(last, Record)
    assert first.key == (2030, "Overall", "new york", *["All"] * 6)
    assert last.key[:3] == (2031, "3", "National")
    assert last.key[7] == "=85 and over", "text is text"


def test_lines_are_where_a_record_begins(tmp_path: Path) -> None:
    records = [f'"of\r\ntwo\nlines",{line()}', f",{line('2030,2')}", "", f",{line('2030,9')}"]
    path = write(tmp_path / "one.csv", records, "Note," + HEADINGS)
    assert [one.line for one in read(path)] == [2, 5, 7]


def test_empty_rows_and_headings_once_more_are_skipped(tmp_path: Path) -> None:
    told = read(write(tmp_path / "one.csv", [line(), ",,,,", HEADINGS, line("2030,2")]))
    assert [type(one) for one in told] == [Record, Skipped, Skipped, Record]


def test_any_order_case_and_more_columns(tmp_path: Path) -> None:
    names = HEADINGS.upper().split(",")
    path = tmp_path / "one.csv"
    cells = line(figures="100,120.5,20,0.2").split(",")
    path.write_text(f"more,{','.join(reversed(names))}\nx,{','.join(reversed(cells))}\n", "utf-8")
    (one,) = read(path)
    assert isinstance(one, Record) and one.figures == (100, 120.5, 20, 0.2)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_text_form(tmp_path: Path, delimiter: str, mark: str, end: str) -> None:
    text = end.join([HEADINGS, line(), line("2030,2")]).replace(",", delimiter)
    path = tmp_path / "one.csv"
    for head in ("", f"sep={delimiter}{end}") if end != "\r" else ("",):
        path.write_bytes((mark + head + text).encode())
        told = read(path)
        assert [type(one) for one in told] == [Record, Record]
        assert told[1].line == (4 if head else 3)


def test_a_comma_between_semicolons_is_no_guess(tmp_path: Path) -> None:
    rows = ['"257,333";9', '"1,257,333";9', '"257,5";9', '12;"0,5"', '12;"0,479"']
    base = line(figures="").rstrip(",").replace(",", ";")
    path = tmp_path / "one.csv"
    records = [f"{base};2,500;{cells.split(';')[0]};9;{cells.split(';')[1]}" for cells in rows]
    records[0] = f"{base};2,500;257,333;9;0.1"
    records[1] = f"{base};2,500;1,257,333;9;0.1"
    path.write_text("\n".join([HEADINGS.replace(",", ";"), *records]) + "\n", "utf-8")
    told = read(path)
    assert isinstance(told[0], Rejected) and "thousands or for decimals" in told[0].reason
    assert isinstance(told[1], Record) and told[1].figures == (2500, 1257333.0, 9, 0.1)
    assert all(isinstance(one, Rejected) for one in told[2:])


def test_a_whole_record_in_one_cell(tmp_path: Path) -> None:
    quoted = [f'"{text}"' for text in (HEADINGS, line(), line("2030,2", figures='""6,905"",,,'))]
    path = tmp_path / "one.csv"
    path.write_text("\ufeff" + "\r\n".join(quoted) + "\r\n", "utf-8")
    first, last = read(path)
    assert isinstance(first, Record) and isinstance(last, Record)
    assert last.figures == (6905, None, None, None)


def test_bytes_that_are_not_utf8_cost_their_own_record_alone(tmp_path: Path) -> None:
    path = write(
        tmp_path / "one.csv", [f"x,{line(place='Neverland')}", f"x,{line()}"], "Note," + HEADINGS
    )
    path.write_bytes(
        path.read_bytes().replace(b"Neverland", b"M\xe9xico").replace(b"x,20", b"\xe9,20")
    )
    first, last = read(path)
    assert isinstance(first, Rejected) and "not a label" in first.reason
    assert isinstance(last, Record), "a column that nobody reads may hold anything"


def test_files_that_break_off(tmp_path: Path) -> None:
    open_quote = write(tmp_path / "one.csv", [line(), f'"{line()}', line("2030,2")])
    with pytest.raises(Refused, match="quotation mark on line 3 that is never closed"):
        read(open_quote)
    long = write(tmp_path / "two.csv", [line(), "9" * 1_000_001])
    with pytest.raises(Refused, match="a line of more than"):
        read(long)
    twice = write(tmp_path / "three.csv", [line() + ",2"], HEADINGS + ",YEAR")
    with pytest.raises(Refused, match="has the column year twice"):
        read(twice)
