"""Discrete Gaussian noise by OpenDP: the one place where a true count becomes a public figure."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import opendp.prelude as dp

from data.privacy.tables import Table

#: So little above what the cost allows that no rounding of OpenDP's makes it dearer than told.
_UP = 1 + 1e-9


@lru_cache(maxsize=16)
def _mechanism(table: Table) -> Any:
    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l2_distance(T=float)
    made = dp.m.make_gaussian(*space, scale=table.sigma * _UP)
    cost: float = made.map(math.sqrt(table.l))  # type: ignore[no-untyped-call]
    if cost > table.rho:
        raise ValueError(f"the noise of {table.name} is dearer than its plan")
    return made


def noisy(table: Table, counts: Sequence[int]) -> list[int]:
    """Bounded counts of one period with fresh noise. Only whoever stores them may call this."""
    return [int(value) for value in _mechanism(table)([int(count) for count in counts])]
