"""What became of one file."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from collectors.exports.base import Format, Notes, Stored, Summary
from data.models import ImportedFile


@dataclass
class Report:
    """What became of a file: the five add up to its records.

    `known`: the same content was imported before, and nothing was done. `is_refused`: records
    are rejected and the good ones were not wanted alone, or there are none.
    """

    file: str
    format: Format
    sha256: str
    records: int
    skipped: Notes
    rejected: Notes
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    totals: dict[str, int] = field(default_factory=dict)
    spend: dict[str, str] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    known: ImportedFile | None = None
    known_before: str | None = None
    is_refused: bool = False

    def set(self, stored: Stored) -> None:
        """Take the three counts over."""
        self.inserted, self.updated = stored.inserted, stored.updated
        self.unchanged = stored.unchanged

    def describe(self, summary: Summary) -> None:
        """Take over what is to be checked."""
        self.totals, self.spend = summary.totals(), summary.spend()
        self.first_day, self.last_day = summary.days()

    def kept(self) -> dict[str, Any]:
        """What the database keeps of it."""
        names = ("records", "inserted", "updated", "unchanged", "totals", "spend")
        days = {"first_day": self.first_day, "last_day": self.last_day}
        return {
            **{name: getattr(self, name) for name in names},
            "skipped": len(self.skipped),
            "rejected": len(self.rejected),
            **{name: day.isoformat() if day else None for name, day in days.items()},
        }
