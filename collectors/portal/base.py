"""What a reader hands on: nothing of a row but this. All else of it is dropped at the reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

#: It makes anyone too old to be true, so it is found where ages are.
NO_YEAR = 0


@dataclass(frozen=True, slots=True)
class PortalEvent:
    """One use of the portal: whose (an identifier, keyed at once), which, when (aware)."""

    patient: str
    event: str  # one of data.privacy.keys.EVENTS
    at: datetime


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What a Patient resource may tell: the year of birth and the first three ZIP digits."""

    patient: str
    birth_year: int | None  # None: not told; NO_YEAR: told, and nothing that a birth date can be
    zip3: str | None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that is left out, with a reason from a fixed list: never a value of it."""

    reason: str


Record = PortalEvent | PatientFacts | Skipped


class Reader(Protocol):
    """One format. Raises Refused, with no value of the file in it, where it cannot be read."""

    def __call__(self, path: Path) -> Iterator[Record]:
        """The records of a file, in its order."""
