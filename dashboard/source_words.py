"""Which sources are not added up, and why, in words. Pure."""

from collections.abc import Sequence

from dashboard.portal_names import plural
from data.privacy.periods import Unit
from data.privacy.tables import BY_NAME
from data.queries.portal_sources import LeftOut

UNITS: tuple[Unit, ...] = ("week", "month", "day")


def sentences(left: Sequence[LeftOut]) -> str:
    """One sentence for each source and the one shown in its place; "" where all are added."""
    pairs: dict[tuple[str, str], list[LeftOut]] = {}
    for one in left:
        pairs.setdefault((one.release.source, one.shown), []).append(one)
    return " ".join(_sentence(pairs[pair]) for pair in sorted(pairs))


def _sentence(same: Sequence[LeftOut]) -> str:
    one = same[0]
    begin = f"For {_periods(same)} the source “{one.release.source}” "
    if one.is_contained:
        return begin + f"is contained in “{one.shown}” and is not added again."
    common = " and ".join(f"“{part}”" for part in sorted(one.common))
    return (
        begin + f"shares {common} with “{one.shown}” and is left out: patients would count twice."
    )


def _periods(same: Sequence[LeftOut]) -> str:
    """How many different periods, whatever their tables: "3 weeks and 21 days"."""
    counts = {
        unit: len({o.release.period for o in same if BY_NAME[o.release.table].unit == unit})
        for unit in UNITS
    }
    return " and ".join(plural(count, unit) for unit, count in counts.items() if count)
