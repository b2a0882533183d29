"""What bounding costs: patients who touch more cells than counted make figures too low.

Read off the data, the loss would itself tell of patients and cost budget. So it is estimated
from an assumption that is public: a patient who uses the portal in a period touches
1 + Poisson(m) cells, with m below. docs/privacy.md says how they were chosen.
"""

import math

from data.privacy.tables import Table

#: Mean number of cells beyond the first, per active patient and period.
BEYOND_THE_FIRST = {
    "day_event": 0.9,
    "week_event_age": 1.3,
    "week_event_zip3": 1.3,
    "week_event_topic": 2.0,
    "month_topic_age": 1.5,
}


def loss(table: Table) -> float:
    """The share of patients' cells that is left out, under the assumption; 0 to 1."""
    mean = BEYOND_THE_FIRST[table.name]
    kept, below = 0.0, 0.0  # E[min(N, L)] = sum over k < L of P(N > k)
    for k in range(table.l):
        kept += 1 - below
        below += math.exp(-mean) * mean**k / math.factorial(k)  # P(N = k + 1)
    return 1 - kept / (1 + mean)
