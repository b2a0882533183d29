"""What has been spent, and whether a release may still be made. Pure; fails closed.

A release counts in every window of 365 consecutive days that its period touches, for each such
window holds events of it. Regular releases have the plan, corrections the reserve: neither may
use what is the other's, so that corrections never take the place of next month's figures.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from data.privacy.tables import PLAN_MICRO, RESERVE_MICRO, WINDOW_DAYS


@dataclass(frozen=True)
class Spent:
    """What the ledger says of one release: the practice's days, both included."""

    first: date
    last: date
    rho_micro: int
    is_correction: bool = False


def most_in_a_window(entries: Iterable[Spent]) -> int:
    """The most (in millionths of rho) that any 365 days of data carry."""
    changes: dict[int, int] = {}
    for one in entries:
        begin, end = _windows(one)
        changes[begin] = changes.get(begin, 0) + one.rho_micro
        changes[end + 1] = changes.get(end + 1, 0) - one.rho_micro
    most = running = 0
    for day in sorted(changes):
        running += changes[day]
        most = max(most, running)
    return most


@dataclass
class Budget:
    """The two pots, filled by what the ledger holds and by each release that is granted."""

    regular: dict[int, int] = field(default_factory=dict)
    corrections: dict[int, int] = field(default_factory=dict)

    @classmethod
    def after(cls, entries: Sequence[Spent]) -> "Budget":
        """What these have left."""
        budget = cls()
        for one in entries:
            budget._spend(one)
        return budget

    def grant(self, one: Spent) -> bool:
        """Spend it, or say no and spend nothing."""
        pot, limit = self._pot(one)
        begin, end = _windows(one)
        most = max((pot.get(start, 0) for start in range(begin, end + 1)), default=0)
        if one.rho_micro <= 0 or most + one.rho_micro > limit:
            return False
        self._spend(one)
        return True

    def _spend(self, one: Spent) -> None:
        pot, _ = self._pot(one)
        begin, end = _windows(one)
        for start in range(begin, end + 1):
            pot[start] = pot.get(start, 0) + one.rho_micro

    def _pot(self, one: Spent) -> tuple[dict[int, int], int]:
        if one.is_correction:
            return self.corrections, RESERVE_MICRO
        return self.regular, PLAN_MICRO


def _windows(one: Spent) -> tuple[int, int]:
    """First and last start (as ordinals) of a window that holds a day of it."""
    return one.first.toordinal() - WINDOW_DAYS + 1, one.last.toordinal()
