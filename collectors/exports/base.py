"""What a reader of exports hands on, and what a format is: one module a format.

To add one: write a module with a `FORMAT`, list it in `collectors.exports.FORMATS`.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from data.session import Session

Cell = str | int | float | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its first physical line in the file (from 1), its key, its figures."""

    line: int
    key: Row
    figures: Row


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that is rightly left out; the reason says why and holds no value of the file."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that cannot be used; the reason says why and holds no value of the file."""

    line: int
    reason: str


Item = Record | Skipped | Rejected


class Stored(Protocol):
    """Records by what became of them, or would."""

    inserted: int
    updated: int
    unchanged: int


class Summary(Protocol):
    """Gathers what a person can check against the source's own page."""

    def add(self, row: Row) -> None:
        """A record: key, then figures."""

    def totals(self) -> dict[str, int]:
        """Metric -> number; one that is not known is not there."""

    def spend(self) -> dict[str, str]:
        """Currency -> decimal; empty where the format has no money."""

    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day that the records cover."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of export.

    `known_by` tells by the headings alone. `read` raises Refused where the file breaks off or
    lacks a column. `store`, `compare` and `undo` are of `data`: rows are key and figures, each
    key once; `undo` tells how many rows it removed and how many it restored.
    """

    name: str
    title: str
    known_by: Callable[[Sequence[str]], bool]
    read: Callable[[Path], Iterator[Item]]
    summary: Callable[[], Summary]
    store: Callable[[Session, Iterable[Row], int], Stored]
    compare: Callable[[Session, Iterable[Row]], Stored]
    undo: Callable[[Session, int], tuple[int, int]]


@dataclass
class Notes:
    """Lines with reasons, ten bytes each: a file may repeat a million records."""

    lines: "array[int]" = field(default_factory=lambda: array("Q"))
    codes: "array[int]" = field(default_factory=lambda: array("H"))
    reasons: dict[str, int] = field(default_factory=dict)

    def add(self, line: int, reason: str) -> None:
        """One more; reasons are few, for they hold no values."""
        self.lines.append(line)
        self.codes.append(self.reasons.setdefault(reason, len(self.reasons)))

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        texts = list(self.reasons)
        return ((line, texts[code]) for line, code in zip(self.lines, self.codes, strict=True))

    def by_reason(self) -> Counter[str]:
        """Reason -> how many."""
        texts, counted = list(self.reasons), Counter(self.codes)
        return Counter({texts[code]: number for code, number in counted.items()})

    def first_lines(self, reason: str, most: int) -> list[int]:
        """The first lines of a reason."""
        code, found = self.reasons[reason], []
        for line, other in zip(self.lines, self.codes, strict=True):
            if other == code:
                found.append(line)
                if len(found) == most:
                    break
        return found
