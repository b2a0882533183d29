"""The fixed tables: what a period of each costs, and how sure its figures are.

zCDP (Bun and Steinke 2016): adding Gaussian noise of standard deviation sigma to counts whose
L2 distance between neighbours is at most sqrt(L) costs rho = L / (2 sigma^2); costs add up.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from data.privacy.periods import Unit

MILLIONTHS = 1_000_000
CAP_MICRO = 1_000_000  # rho 1 in any 365 days of data, over all sources
WINDOW_DAYS = 365
DAILY_FROM_PATIENTS = 3000
LEAST_SHOWN = 11
CONFIDENCE = 1.96  # standard deviations on either side: 95 %


@dataclass(frozen=True)
class Table:
    """One table; `l`: the most cells of a period that one patient can touch, one each."""

    name: str
    unit: Unit
    dimensions: tuple[str, ...]
    rho_micro: int
    l: int  # noqa: E741 - the field's own letter

    @property
    def rho(self) -> float:
        """What one period costs (zCDP)."""
        return self.rho_micro / MILLIONTHS

    @property
    def sigma(self) -> float:
        """Standard deviation of the noise, in patients."""
        return math.sqrt(self.l / (2 * self.rho))

    @property
    def most_a_year(self) -> int:
        """Periods that 365 days of data can touch."""
        return {"day": 365, "week": 53, "month": 13}[self.unit]


TABLES = (
    Table("day_event", "day", ("event",), 800, 4),
    Table("week_event_age", "week", ("event", "age_band"), 2_800, 5),
    Table("week_event_zip3", "week", ("event", "zip3"), 2_800, 5),
    Table("week_event_topic", "week", ("event", "topic"), 2_800, 6),
    Table("month_topic_age", "month", ("topic", "age_band"), 4_000, 6),
)
BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}

#: What a year of regular releases costs; the rest of the cap is for corrections alone.
PLAN_MICRO = sum(table.rho_micro * table.most_a_year for table in TABLES)
RESERVE_MICRO = CAP_MICRO - PLAN_MICRO


def margin(sigma: float) -> float:
    """Half the width of the 95 % interval around a figure."""
    return CONFIDENCE * sigma


def least_shown(sigma: float) -> float:
    """From which noisy value on a figure is told; below it: too few to say."""
    return max(float(LEAST_SHOWN), margin(sigma))


def shown(value: int, sigma: float) -> int | None:
    """The noisy value, None where it is too small to say. The true count is never looked at."""
    return value if value >= least_shown(sigma) else None


def epsilon(rho: float, delta: float = 1e-6) -> float:
    """The epsilon of (epsilon, delta)-DP that rho-zCDP implies (Bun and Steinke, Prop. 1.3)."""
    return rho + 2 * math.sqrt(rho * math.log(1 / delta))
