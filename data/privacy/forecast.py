"""What the ledger's fullest year holds, and what the next year of the same releases would cost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data.models import PrivacyLedger
from data.privacy.spending import Spent
from data.privacy.tables import BY_NAME, TABLES, WINDOW_DAYS, Table

RECENT_DAYS = 90


@dataclass(frozen=True)
class Fullest:
    """The 365 days of data that carry the most, in millionths of rho."""

    first: date
    last: date
    regular_micro: int
    correction_micro: int

    @property
    def micro(self) -> int:
        """Both together."""
        return self.regular_micro + self.correction_micro


@dataclass(frozen=True)
class Pace:
    """A table that a source releases at present, and what a whole year of it costs."""

    source: str
    table: Table

    @property
    def a_year_micro(self) -> int:
        """Of all periods that 365 days of data can touch."""
        return self.table.rho_micro * self.table.most_a_year


def fullest(entries: Iterable[Spent]) -> Fullest | None:
    """The first window with the most in it; None where nothing was released."""
    changes: dict[int, list[int]] = {}
    for one in entries:
        which = int(one.is_correction)
        begin = one.first.toordinal() - WINDOW_DAYS + 1
        changes.setdefault(begin, [0, 0])[which] += one.rho_micro
        changes.setdefault(one.last.toordinal() + 1, [0, 0])[which] -= one.rho_micro
    best: Fullest | None = None
    running = [0, 0]
    for day in sorted(changes):
        running = [running[0] + changes[day][0], running[1] + changes[day][1]]
        if sum(running) > (best.micro if best else 0):
            first = date.fromordinal(day)
            best = Fullest(first, first + timedelta(days=WINDOW_DAYS - 1), *running)
    return best


def paces(rows: Sequence[PrivacyLedger]) -> list[Pace]:
    """Sources and tables that were released for any of the last 90 days of data."""
    if not rows:
        return []
    since = max(row.last_day for row in rows) - timedelta(days=RECENT_DAYS)
    recent = {(row.source, row.table_name) for row in rows if row.last_day > since}
    known = [(source, name) for source, name in recent if name in BY_NAME]
    ordered = sorted(known, key=lambda one: (one[0], TABLES.index(BY_NAME[one[1]])))
    return [Pace(source, BY_NAME[name]) for source, name in ordered]
