"""What has been spent, and whether a release may still be made. Pure; fails closed.

A release counts in every window of 365 consecutive days that its period touches, for each such
window holds events of it. Regular releases have the plan, corrections the reserve: neither may
use what is the other's, so that corrections never take the place of next month's figures.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

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


#: Windows that a pot knows of start within these; data of other times are refused.
_FIRST = date(1900, 1, 1).toordinal() - WINDOW_DAYS
_LAST = date(2200, 1, 1).toordinal()
_Pot = npt.NDArray[np.int64]


def _empty() -> _Pot:
    return np.zeros(_LAST - _FIRST + 1, dtype=np.int64)


@dataclass
class Budget:
    """The two pots by a window's start, filled by the ledger and by each release granted."""

    regular: _Pot = field(default_factory=_empty)
    corrections: _Pot = field(default_factory=_empty)

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
        if one.rho_micro <= 0 or begin < _FIRST or end > _LAST:
            return False
        if int(pot[begin - _FIRST : end - _FIRST + 1].max()) + one.rho_micro > limit:
            return False
        self._spend(one)
        return True

    def _spend(self, one: Spent) -> None:
        pot, _ = self._pot(one)
        begin, end = _windows(one)
        pot[max(begin - _FIRST, 0) : max(end - _FIRST + 1, 0)] += one.rho_micro

    def _pot(self, one: Spent) -> tuple[_Pot, int]:
        if one.is_correction:
            return self.corrections, RESERVE_MICRO
        return self.regular, PLAN_MICRO


def _windows(one: Spent) -> tuple[int, int]:
    """First and last start (as ordinals) of a window that holds a day of it."""
    return one.first.toordinal() - WINDOW_DAYS + 1, one.last.toordinal()
