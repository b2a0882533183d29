"""A summary as a workbook: numbers as numbers, native charts, every figure with its source.

Texts are written as texts whatever they begin with, so that none becomes a formula; a dash stands
where nothing is known, which sums leave out.
"""

import io
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from campaigns.figures import CampaignSummary, Number
from campaigns.reports import words
from campaigns.reports.xlsx_charts import add_charts
from campaigns.reports.xlsx_sheets import Column, Row, Sheet, front_rows, network_rows, sheets
from data.money import digits

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
}
_MOST_SIGNS = 2_000
_INK, _TEAL, _WASH = "#10303b", "#006d7c", "#eef3f4"


def render(summary: CampaignSummary) -> bytes:
    """The workbook's bytes: sheets Summary, Figures, Posts, Ads and Days."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        title = words.clean(summary.facts.name, 200)
        made = datetime.combine(summary.today, time())
        book.set_properties({"title": title, "author": "Reachwell", "created": made})
        writer = _Writer(book, summary.facts.zone)
        front = book.add_worksheet("Summary")
        for sheet in sheets(summary):
            writer.table(sheet)
        networks = writer.front(front, summary)
        add_charts(book, front, summary, networks)
    return buffer.getvalue()


class _Writer:
    """Writes cells by what they are; formats are made once each."""

    def __init__(self, book: Any, zone: str) -> None:
        self._book = book
        self._zone = ZoneInfo(zone)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def table(self, sheet: Sheet) -> None:
        """One sheet with a frozen head and filters."""
        page = self._book.add_worksheet(sheet.name)
        head = self._format(bold=True, bg_color=_WASH, bottom=1, font_color=_INK, text_wrap=True)
        for at, column in enumerate(sheet.columns):
            page.write_string(0, at, column.title, head)
            page.set_column(at, at, column.width)
        for at, row in enumerate(sheet.rows, start=1):
            for column_at, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
                self.cell(page, at, column_at, value, column)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)

    def cell(self, page: Any, row: int, at: int, value: object, column: Column) -> None:
        """A text as text, an instant in the practice's time, a number in its unit's format."""
        if value is None:
            page.write_string(row, at, words.MISSING, self._format(align="right"))
        elif isinstance(value, datetime):
            local = value.astimezone(self._zone).replace(tzinfo=None)
            page.write_datetime(row, at, local, self._format(num_format="yyyy-mm-dd hh:mm"))
        elif isinstance(value, tuple):
            self._number(page, row, at, *value)
        elif isinstance(value, str):
            wrap = self._format(text_wrap=column.wraps, valign="top")
            page.write_string(row, at, words.clean(value, _MOST_SIGNS), wrap)
        else:
            page.write_datetime(row, at, value, self._format(num_format="yyyy-mm-dd"))

    def front(self, page: Any, summary: CampaignSummary) -> tuple[int, int]:
        """The first sheet: what the campaign is, and the figures that an owner looks for first.

        Gives back the first and the last row (from 0) of its table of networks.
        """
        page.hide_gridlines(2)
        for at, width in enumerate((36, 18, 18, 52)):
            page.set_column(at, at, width)
        title = self._format(bold=True, font_size=18, font_color=_INK)
        page.write_string(0, 0, words.clean(summary.facts.name, 200), title)
        period = f"{words.period(summary)} · {words.state(summary.state)}"
        page.write_string(1, 0, f"{period} · as of {words.day(summary.today)}")
        page.write_string(2, 0, words.clean(summary.facts.goal or "", 400))
        after = self._block(page, 4, ("Campaign", "", "", ""), front_rows(summary))
        networks = network_rows(summary)
        head = ("Network", "Engagement", "Engagement rate", "")
        end = self._block(page, after + 1, head, networks)
        return after + 2, end - 1

    def _block(self, page: Any, row: int, head: Sequence[str], rows: Sequence[Row]) -> int:
        """A small table on the first sheet; gives back the row below it."""
        style = self._format(bold=True, font_color=_TEAL, bottom=1)
        for at, name in enumerate(head):
            page.write_string(row, at, name, style)
        for at_row, cells in enumerate(rows, start=row + 1):
            for at, value in enumerate(cells):
                self.cell(page, at_row, at, value, Column(""))
        return row + 1 + len(rows)

    def _number(self, page: Any, row: int, at: int, value: Number | None, unit: str) -> None:
        if value is None:
            page.write_string(row, at, words.MISSING, self._format(align="right"))
            return
        page.write_number(row, at, value, self._format(num_format=_pattern(value, unit)))

    def _format(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(wanted)
        return self._formats[key]


def _pattern(value: Number, unit: str) -> str:
    """A number format; money shows its currency and the currency's digits."""
    if unit == "ratio":
        return "0.00%" if abs(float(value)) < 0.1 else "0.0%"
    if unit == "count":
        return "#,##0"
    if unit == "":
        return "#,##0.####"
    places = digits(unit)
    point = "." + "0" * places if places else ""
    code = "".join(sign for sign in unit if sign.isalnum())
    return f'#,##0{point} "{code}"'
