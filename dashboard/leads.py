"""Which part of the patients leads, where noise lets that be said; who is too few. Pure."""

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

from dashboard.portal_names import lowered
from dashboard.usage import TOO_FEW
from data.privacy.keys import UNKNOWN
from data.privacy.tables import margin
from data.queries.portal_usage import Part


def in_order(parts: Sequence[Part], labels: Sequence[str]) -> list[Part]:
    """In the order of a public list."""
    return sorted(parts, key=lambda one: labels.index(one.label) if one.label in labels else 99)


def by_size(parts: Sequence[Part]) -> list[Part]:
    """The largest first."""
    return sorted(parts, key=lambda one: -one.value)


def is_sure(one: Part, among: int) -> bool:
    """Whether it stands out from the noise of so many labels: of a whole chart of labels that
    nobody used, one that passes appears in at most 5 of 200 charts (Bonferroni)."""
    bound = NormalDist().inv_cdf(1 - 0.025 / max(among, 1))
    return one.told is not None and one.value >= bound * one.sigma


def leader(parts: Sequence[Part], names: Mapping[str, str], kind: str) -> str:
    """The heading of a ranking: a part is named only where it clearly leads the other ones."""
    named = [one for one in parts if one.label != UNKNOWN]
    told = by_size([one for one in named if is_sure(one, len(named))])
    if not told:
        return f"No {kind} stands out from the noise"
    first = names[told[0].label]
    if len(told) == 1:
        return f"Only {lowered(first)} stands out from the noise"
    lead = told[0].value - told[1].value
    if lead <= margin(math.hypot(told[0].sigma, told[1].sigma)):
        return f"{first} and {lowered(names[told[1].label])} are close"
    return f"{first} clearly {'lead' if first.endswith('s') else 'leads'}"


def too_few(parts: Sequence[Part], names: Mapping[str, str], kind: str, most: int = 6) -> str:
    """Whom nothing can be said of, by name where they are few; empty where there is nobody."""
    small = [names[one.label] for one in parts if one.told is None]
    if not small:
        return ""
    if len(small) > most:
        return f"{TOO_FEW.capitalize()}: {len(small)} {kind}s."
    return f"{TOO_FEW.capitalize()}: {', '.join(lowered(one) for one in small)}."
