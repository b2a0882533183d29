"""Tables in text files: UTF-8 with or without a mark, cells apart by comma, semicolon or tab.

They stream, a line at a time. A byte that is not UTF-8 becomes a lone surrogate, which no
reader of a cell accepts: only its own record is lost.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TextIO

from collectors.exports.base import Rejected, Skipped
from data.errors import Refused

DELIMITERS = (",", ";", "\t")
HEAD_CHARACTERS = 256 * 1024
LINE_CHARACTERS = 1_000_000
_SEPARATOR = re.compile(r"sep=[,;\t]?\s*", re.IGNORECASE)
_TODO = "Export it anew, and do not change it in another program."


@dataclass(frozen=True)
class Table:
    """An open file with its headings. `is_wrapped`: each record stands in one quoted cell."""

    file: TextIO
    name: str
    columns: tuple[str, ...]
    delimiter: str
    is_wrapped: bool = False

    def records(
        self, wanted: Sequence[str]
    ) -> Iterator[tuple[int, list[str]] | Skipped | Rejected]:
        """First line and wanted cells, in their order, of each record; headings as `plain`.

        Refused where a wanted column is missing or there twice.
        """
        places = self._places(wanted)
        needed, width = max(places) + 1, len(self.columns)
        rows = self._rows()
        next(rows, None)
        for line, row in rows:
            if row is None:
                yield Rejected(line, "its quotation marks do not match")
            elif not any(cell.strip() for cell in row):
                yield Skipped(line, "an empty row")
            elif tuple(row) == self.columns:
                yield Skipped(line, "the headings once more")
            elif len(row) < needed:
                yield Rejected(line, "it has fewer cells than there are headings")
            elif any(cell.strip() for cell in row[width:]):
                yield Rejected(line, "it has more cells than there are headings")
            else:
                yield line, [row[place] for place in places]

    def _places(self, wanted: Sequence[str]) -> list[int]:
        headings = [plain(column) for column in self.columns]
        for name in wanted:
            if headings.count(name) != 1:
                fault = "twice" if name in headings else "not"
                raise Refused(f"{self.name} has the column {name} {fault}.", _TODO)
        return [headings.index(name) for name in wanted]

    def _rows(self) -> Iterator[tuple[int, list[str] | None]]:
        """From the headings on; None: a record whose quotation marks do not match."""
        self.file.seek(0)
        lines = _lines(self.file, self.name)
        for line, row in _parsed(lines, self.delimiter, self.name):
            if self.is_wrapped and row is not None and len(row) == 1:
                row = _unwrapped(row, self.delimiter)
            if line > 1 or row is None or not _is_separator(row, self.delimiter):
                yield line, row


def plain(heading: str) -> str:
    """A heading to compare: no case, no space around, spaces inside as underlines."""
    return "_".join(heading.casefold().split())


@contextmanager
def opened(path: Path) -> Iterator[Table]:
    """The table of a file. Refused where it cannot be read, is empty or is no such text."""
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            yield _table(file, path.name)
    except OSError as error:
        raise Refused(
            f"{path.name} cannot be read: {error.strerror}.",
            "Look at its name and folder, and whether the user that runs Reachwell may read it.",
        ) from None


def _table(file: TextIO, name: str) -> Table:
    head = file.read(HEAD_CHARACTERS)
    if not head.strip():
        raise Refused(f"{name} is empty.", "Export it anew; nothing was imported.")
    first, _, after = head.partition("\n")
    if _SEPARATOR.fullmatch(first):
        head = after
    found = max((_headings(head, one) for one in DELIMITERS), key=lambda one: len(one[0]))
    columns, delimiter = found
    is_wrapped = len(columns) == 1
    if is_wrapped:
        inner = (_headings(columns[0], one) for one in DELIMITERS)
        columns, delimiter = max(inner, key=lambda one: len(one[0]))
    if not "".join(" ".join(columns).split()).isprintable():
        raise Refused(
            f"{name} is not a file we know: its headings are not text in UTF-8.",
            "Export it anew as CSV, in UTF-8; nothing was imported.",
        )
    return Table(file, name, tuple(columns), delimiter, is_wrapped and len(columns) > 1)


def _headings(head: str, delimiter: str) -> tuple[list[str], str]:
    try:
        rows = csv.reader(StringIO(head, newline=""), delimiter=delimiter)
        return next((row for row in rows if row), [""]), delimiter
    except csv.Error:
        return [""], delimiter


def _unwrapped(row: list[str], delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader(row, delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _is_separator(row: list[str], delimiter: str) -> bool:
    """Excel's own first line, `sep=;`: parsed by that delimiter, it is two cells."""
    return _SEPARATOR.fullmatch(delimiter.join(row)) is not None


def _lines(file: TextIO, name: str) -> Iterator[str]:
    for line in iter(lambda: file.readline(LINE_CHARACTERS), ""):
        if len(line) == LINE_CHARACTERS and not line.endswith("\n"):
            raise Refused(f"{name} has a line of more than {LINE_CHARACTERS:,} characters.", _TODO)
        yield line


def _parsed(
    lines: Iterator[str], delimiter: str, name: str
) -> Iterator[tuple[int, list[str] | None]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        first = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            if reader.line_num > first:  # it has swallowed whole records: nothing after is sure
                raise Refused(
                    f"{name} has a quotation mark on line {first} that is never closed.", _TODO
                ) from None
            yield first, None
            continue
        if row:
            yield first, row
