"""The same figures in every format, to the cent, whatever a campaign is called."""

import csv as plain_csv
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from campaigns.figures import CampaignSummary, Figure
from campaigns.reports import csv, pdf, words, xlsx
from campaigns.summary import summarise
from tests.campaigns.made import ad, facts, full, post

HOSTILE = [
    '#eval("1")#panic() *bold* _x_ $1/0$ @label <x> \\ `raw` #include "/etc/hosts"',
    '=HYPERLINK("http://evil.example","x")',
    "+1+1|cmd",
    "@SUM(A1)",
    "-2+3",
    "قسم اللقاحات \u202e evil",
    "🎉 Party 👩🏽‍⚕️ 日本 ก",
    "</script><b>\"'&amp;",
    "a\0b\x1b[31mc\ud800d",
    "x" * 5_000,
]


def sheet_rows(content: bytes, sheet: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [tuple(row) for row in book[sheet].iter_rows(values_only=True)]


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(plain_csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def pdf_text(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture(scope="module")
def summary() -> CampaignSummary:
    return full()


@pytest.fixture(scope="module")
def paper(summary: CampaignSummary) -> bytes:
    return pdf.render(summary)


def test_the_csv_holds_every_figure_exactly(summary: CampaignSummary) -> None:
    written = csv_rows(csv.render(summary))
    rows = {(row["metric"], row["scope"]): row for row in written}
    assert len(rows) == len(written)
    for figure in summary.figures:
        row = rows[figure.metric, figure.scope]
        assert row["unit"] == figure.unit
        assert row["source"] == figure.source
        assert row["sources"] == "; ".join(figure.sources)
        assert row["note"] == (figure.note or "")
        assert row["value"] == ("" if figure.value is None else str(figure.value))


def test_the_sheet_holds_every_figure_as_a_number(summary: CampaignSummary) -> None:
    rows = sheet_rows(xlsx.render(summary), "Figures")[1:]
    assert len(rows) == len(summary.figures)
    for figure, (metric, scope, value, unit, source, *_) in zip(summary.figures, rows, strict=True):
        assert (metric, scope, unit, source or "") == (
            figure.metric,
            figure.scope,
            figure.unit,
            figure.source,
        )
        if figure.value is None:
            assert value == words.MISSING
        else:
            assert isinstance(value, int | float)
            assert Decimal(str(value)) == pytest.approx(
                Decimal(str(figure.value)), abs=Decimal("1e-12")
            )


def test_the_pdf_shows_every_figure(summary: CampaignSummary, paper: bytes) -> None:
    text = pdf_text(paper)
    for figure in summary.figures:
        shown = f"{words.metric(figure.metric)} {words.figure(figure)}"
        assert shown in text, shown


def test_all_three_agree_on_money_to_the_cent(summary: CampaignSummary, paper: bytes) -> None:
    spend = summary.get("spend", "paid USD")
    assert spend is not None and spend.value == Decimal("283.53")
    assert "283.53 USD" in pdf_text(paper)
    (row,) = (
        r
        for r in csv_rows(csv.render(summary))
        if (r["metric"], r["scope"]) == ("spend", "paid USD")
    )
    assert row["value"] == "283.53"
    cells = [r for r in sheet_rows(xlsx.render(summary), "Ads")[1:] if r[3] == "USD"]
    assert sum(Decimal(str(cell[4])) for cell in cells) == Decimal("283.53")


def test_numbers_in_the_workbook_show_their_unit(summary: CampaignSummary) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(summary)))
    formats = {
        (row[0].value, row[1].value): row[2].number_format
        for row in book["Figures"].iter_rows(min_row=2)
    }
    assert formats["spend", "paid CAD"] == '#,##0.00 "CAD"'
    assert formats["engagement", "organic"] == "#,##0"
    assert formats["engagement_rate", "organic x"] == "0.00%"


def test_the_workbook_has_native_charts_over_its_own_cells(summary: CampaignSummary) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(summary)))
    page = book["Summary"]
    references = [
        (series.cat.strRef.f if series.cat.strRef else series.cat.numRef.f, series.val.numRef.f)
        for chart in page._charts
        for series in chart.series
    ]
    assert len(references) == 2
    names, values = (book[sheet][cells] for sheet, cells in map(split, references[0]))
    assert [row[0].value for row in names] == ["X", "Facebook", "Instagram"]
    engagement = [summary.get("engagement", scope) for scope in summary.scopes("organic")[1:]]
    assert [row[0].value for row in values] == [figure and figure.value for figure in engagement]


def split(reference: str) -> tuple[str, str]:
    sheet, _, cells = reference.partition("!")
    return sheet.strip("'"), cells.replace("$", "")


def missing_everywhere() -> CampaignSummary:
    """One campaign in which nothing is reported and another figure is truly 0."""
    posts = [post(1, "x", {"likes": None, "impressions": 0})]
    return summarise(facts(), posts, [ad(1, None, None, 0, None)], today=date(2026, 10, 5))


def test_missing_is_not_nought_in_any_format() -> None:
    summary = missing_everywhere()
    rows = {(row["metric"], row["scope"]): row["value"] for row in csv_rows(csv.render(summary))}
    assert (rows["engagement", "organic"], rows["impressions", "organic x"]) == ("", "0")
    cells = {row[:2]: row[2] for row in sheet_rows(xlsx.render(summary), "Figures")}
    assert (cells["engagement", "organic"], cells["impressions", "organic x"]) == (words.MISSING, 0)
    text = pdf_text(pdf.render(summary))
    assert "Engagement — " in text
    assert "Impressions 0 " in text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_a_name(name: str) -> None:
    summary = hostile(name)
    text = pdf_text(pdf.render(summary))
    assert "283" not in text and "123.45 USD" in text
    if name.isascii() and name.isprintable() and len(name) < 200:
        assert "".join(name.split()) in "".join(text.split())
    for row in csv_rows(csv.render(summary)):
        assert not re.match(r"\s*[=+\-@]", row["scope"] + row["note"] + row["source"])
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(summary)))
    assert all(cell.data_type != "f" for cell in cells_of(book))


def test_a_name_is_written_as_it_is_where_it_can_be() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(hostile(HOSTILE[1]))))
    assert book["Summary"]["A1"].value == HOSTILE[1]
    assert book["Ads"]["A2"].value == HOSTILE[1]
    scopes = {row["scope"] for row in csv_rows(csv.render(hostile(HOSTILE[1])))}
    assert f"paid {HOSTILE[1]}" in scopes


def hostile(name: str) -> CampaignSummary:
    posts = [post(1, "x", {"likes": 1, "impressions": 9}, text=name, source=name)]
    ads = [ad(1, name=name)]
    return summarise(facts(name=name, goal=name), posts, ads, today=date(2026, 10, 5))


def cells_of(book: Any) -> Iterator[Any]:
    for sheet in book:
        for row in sheet.iter_rows():
            yield from row


def test_a_formula_is_disarmed_in_csv() -> None:
    assert csv.guarded("=1+1") == "'=1+1"
    assert csv.guarded("  @x") == "'  @x"
    assert csv.guarded("\t=x") == "'\t=x"
    assert csv.guarded("a=b") == "a=b"


def test_the_pdf_can_be_read_aloud(paper: bytes) -> None:
    reader = PdfReader(io.BytesIO(paper))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None and reader.metadata.title == "Flu shots 2026"
    assert (
        b"pdfuaid:part" in reader.xmp_metadata.stream.get_data() if reader.xmp_metadata else False
    )


def test_the_same_summary_gives_the_same_files(summary: CampaignSummary, paper: bytes) -> None:
    assert pdf.render(summary) == paper
    assert csv.render(summary) == csv.render(summary)
    assert xlsx.render(summary) == xlsx.render(summary)


def test_a_campaign_without_anything_is_a_report_too() -> None:
    empty = summarise(
        facts(budget_minor=None, currency=None, goal=None), [], [], today=date(2026, 9, 1)
    )
    assert "Planned" in pdf_text(pdf.render(empty))
    assert sheet_rows(xlsx.render(empty), "Posts")
    assert csv_rows(csv.render(empty))[0]["value"] == "0"


def test_figures_are_told_with_their_scope() -> None:
    assert words.scope("paid USD") == "All ads in USD"
    assert words.scope("organic x") == "X"
    assert words.figure(Figure("spend", "paid JPY", Decimal("1200"), "JPY")) == "1,200 JPY"
    assert words.number(Decimal("0.5"), "KWD") == "0.5 KWD"
