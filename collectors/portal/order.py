"""What a run is asked for. Apart from the run, so that whoever asks need not load its engine."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

#: Called with what is being done, and the share of it that is done (0 to 1) where that is known.
Tell = Callable[[str, float | None], None]


@dataclass(frozen=True)
class Order:
    """What is asked for; days are the practice's, None: as the data have it."""

    files: tuple[Path, ...]
    mapping: str | None
    first: date | None
    last: date | None
    correct: bool
    memory_mb: int
    asked_at: datetime | None = (
        None  # a correction asked for then is made once, however often tried
    )
