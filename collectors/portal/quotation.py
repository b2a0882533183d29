"""Whether the quotation marks of a table are closed: one that is not swallows the rows behind it.

DuckDB then gives one bad row and says nothing. So the rows that it gave are compared with the
file's lines, and where some are missing the marks themselves are looked at. A file without any
mark costs one search, a sound one a count of its lines.
"""

import mmap
import re
from collections.abc import Iterator, Set
from pathlib import Path

import numpy as np

from data.errors import Refused

#: A value of more lines is none that somebody wrote: what stands in it are rows.
MOST_LINES = 1_000
_STEP = 1 << 20
_LINE_END, _MARK = ord("\n"), ord('"')


def has_any(path: Path) -> bool:
    """Whether a quotation mark stands in it at all."""
    return any(b'"' in chunk for chunk in _chunks(path))


def lines_of(path: Path) -> int:
    """How many lines hold something."""
    found, open_length = 0, 0
    for chunk in (one.replace(b"\r", b"") for one in _chunks(path)):
        ends = np.flatnonzero(np.frombuffer(chunk, np.uint8) == _LINE_END)
        lengths = np.diff(ends, prepend=-1 - open_length)
        found += int(np.count_nonzero(lengths > 1))
        open_length = len(chunk) - 1 - int(ends[-1]) if len(ends) else open_length + len(chunk)
    return found + (open_length > 0)


def inner_lines(path: Path, delimiter: str, mapped: Set[int]) -> int:
    """How many lines that hold something begin within a quoted value.

    Refused, naming the line alone, where a mark is opened and never closed: at the end of the
    file, before anything but a delimiter, after more lines than a value can have, or where the
    value of a column at one of the places in `mapped`, which is short, holds lines and delimiters.
    """
    marks, inner, at = _Marks(delimiter, mapped), 0, 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for begin in _odd_lines(path):
            if begin < at:
                continue  # within a row that was looked at
            try:
                at, more = marks.row(content, begin)
            except _Open:
                raise _never_closed(path, begin) from None
            inner += more
    return inner


class _Open(Exception):
    """A mark of this row is never closed."""


class _Marks:
    """What a table with this delimiter is made of, each as a pattern that never goes back."""

    def __init__(self, delimiter: str, mapped: Set[int]) -> None:
        self._delimiter, self._mapped = delimiter.encode(), mapped
        sign, end = re.escape(self._delimiter), rb"\r?+(?:\n|\Z)"
        field = rb'(?:"(?:[^"\n]++|"")*+"|[^"\n' + sign + rb"][^\n" + sign + rb"]*+)?+"
        self._field = re.compile(field + sign)
        self._fields = re.compile(rb"(?:" + field + sign + rb")*+")
        self._last = re.compile(field + end)
        self._lined = re.compile(rb'"(?:[^"]++|"")*+"(?:(' + sign + rb")|" + end + rb")")

    def row(self, content: mmap.mmap, at: int) -> tuple[int, int]:
        """Where the row that begins there ends, and how many lines begin within its values."""
        place, inner = 0, 0
        while True:
            if before := self._fields.match(content, at):
                at, place = before.end(), place + len(self._field.findall(before[0]))
            if last := self._last.match(content, at):
                return last.end(), inner
            value = self._lined.match(content, at)
            if value is None:
                raise _Open
            inner += self._inner(value[0].rstrip(b"\r\n" + self._delimiter), place)
            at, place = value.end(), place + 1
            if value[1] is None:
                return at, inner

    def _inner(self, value: bytes, place: int) -> int:
        lines = value.replace(b"\r", b"").split(b"\n")
        if len(lines) > MOST_LINES or (place in self._mapped and self._delimiter in value):
            raise _Open
        return sum(1 for line in lines[1:] if line)


def _odd_lines(path: Path) -> Iterator[int]:
    """Where a line begins that holds an odd number of marks, and so ends within a value."""
    offset, begin, is_odd = 0, 0, 0
    for chunk in _chunks(path):
        content = np.frombuffer(chunk, np.uint8)
        ends = np.flatnonzero(content == _LINE_END)
        marks = np.flatnonzero(content == _MARK)
        before = np.searchsorted(marks, ends)
        begins = np.concatenate(([begin], offset + ends + 1))
        counts = np.diff(before, prepend=-is_odd) % 2
        yield from begins[:-1][counts == 1].tolist()
        begin = int(begins[-1])
        is_odd = (len(marks) - int(before[-1]) if len(ends) else is_odd + len(marks)) % 2
        offset += len(chunk)
    if is_odd:
        yield begin


def _never_closed(path: Path, at: int) -> Refused:
    line = 1
    for chunk in _chunks(path):
        line += chunk[:at].count(b"\n")
        at -= min(at, len(chunk))
    return Refused(
        f"A quotation mark is opened in line {line:,} of {path.name} and never closed.",
        "Close it there, and double each mark that stands within a value; nothing was released.",
    )


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_STEP):
            yield chunk
