"""The privacy ledger in words: what is used, what a year costs, what one patient changes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import formats
from dashboard.guess import best_guess
from dashboard.portal_names import SHORT, TABLES, plural
from data.privacy.forecast import Fullest, Pace
from data.privacy.tables import (
    CAP_MICRO,
    MILLIONTHS,
    PLAN_MICRO,
    Table,
    epsilon,
    margin,
)
from data.privacy.tables import TABLES as FIXED

YEARS = (1, 2, 5)
NEVER_KEPT = (
    "No row of a log, not even for a moment in a file on the way",
    "No name, record number, address, telephone number, e-mail or network address",
    "No date of birth and no age above 89 as such; of a ZIP code only the first three digits, and "
    "none where 20,000 people or fewer live",
    "No true count: what is stored, shown and exported has its noise already",
    "Not the key by which a run tells patients apart: it ends with the run",
    "Not the names of the files once the run has ended, nor how many rows were refused",
)
NOT_PROMISED = (
    "While a run lasts, an administrator of the machine could read the log itself, as before",
    "A true fact about all patients together stays a fact: if most patients of 65 use the portal, "
    "that is told, and someone may guess it of one of them",
    "Years add up: the bound is for each 365 days of data, and every further year adds to it",
)


@dataclass(frozen=True)
class Standing:
    """How the ledger stands: rho in millionths; `of` is the fullest 365 days, None before any."""

    of: Fullest | None
    next_year: int

    @property
    def used(self) -> int:
        """In the fullest 365 days."""
        return self.of.micro if self.of else 0


def amount(micro: int, decimals: int = 2) -> str:
    """ "0.79"; more exactly where it would round to nothing."""
    if 0 < micro < 10_000:
        decimals = 4
    return f"{micro / MILLIONTHS:.{decimals}f}"


def headline(standing: Standing) -> str:
    """What is used, and what the next year costs."""
    if standing.of is None:
        return "Nothing is used yet: 0 of 1"
    return f"{amount(standing.used)} of 1 is used in the fullest 365 days of data"


def fullest_words(standing: Standing) -> str:
    """Which days those are, and the pace."""
    if standing.of is None:
        return "What is released costs a part of a fixed budget; the first release begins it."
    return (
        f"{formats.span(standing.of.first, standing.of.last)}. At this pace the next year costs "
        f"{amount(standing.next_year)}. No 365 days of data may ever carry more than 1: a release "
        "that would is refused."
    )


def forecast_title(paces: Sequence[Pace]) -> str:
    """Whether the present releases can go on."""
    if not paces:
        return "No release in the last 90 days of data"
    cost = sum(one.a_year_micro for one in paces)
    if cost <= PLAN_MICRO:
        return f"The next year costs {amount(cost)}: within the plan of {amount(PLAN_MICRO)}"
    return f"The next year would cost {amount(cost)}: more than the plan of {amount(PLAN_MICRO)}"


def forecast_note(paces: Sequence[Pace]) -> str:
    """What follows from it."""
    cost = sum(one.a_year_micro for one in paces)
    if cost > PLAN_MICRO:
        return (
            "Releases are granted in the order they are asked for; once the plan is used up, the "
            "rest is refused in words. Release fewer sources, or read them together in one run."
        )
    return (
        "Counted as if every day, week and month of the year were released. The reserve of "
        f"{amount(CAP_MICRO - PLAN_MICRO)} is for corrections alone."
    )


def forecast_rows(paces: Sequence[Pace]) -> list[dict[str, str]]:
    """A row a source and table."""
    return [
        {
            "Table": SHORT[one.table.name],
            "Source": one.source,
            "Each costs": f"{one.table.rho:g}",
            "A year costs": amount(one.a_year_micro, 3),
        }
        for one in paces
    ]


def table_rows() -> list[dict[str, str]]:
    """Each table's parameters as a person reads them."""
    return [
        {
            "Table": TABLES[one.name],
            "One patient changes it by": f"at most one, in each of at most {one.l} cells",
            "Noise, in 95 of 100": f"± {margin(one.sigma):,.0f} patients",
            "A guess of 50 % becomes at most": times_in_100(one.rho),
            "ε of a period": f"{epsilon(one.rho):.2f}",
            "ρ of a period": f"{one.rho:g}",
        }
        for one in FIXED
    ]


def times_in_100(rho: float) -> str:
    """The best guess with one decimal: "51.5 %"."""
    return f"{100 * best_guess(rho):.1f} %"


def dearest() -> Table:
    """The table whose one period tells most."""
    return max(FIXED, key=lambda one: one.rho_micro)


def guesses(standing: Standing) -> list[tuple[str, float]]:
    """What is seen, and the chance that the best possible guess is right."""
    cap = CAP_MICRO / MILLIONTHS
    found = [("One month of one table", best_guess(dearest().rho))]
    if standing.used:
        found.append(("Your fullest 365 days", best_guess(standing.used / MILLIONTHS)))
    return found + [(f"{plural(n, 'year')} at the cap", best_guess(n * cap)) for n in YEARS]
