"""Medicare's telehealth use in the United States, by quarter, to compare a practice with.

A year's "Overall" counts people of the year, not a sum of its quarters: it is never among them.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from data.models import PublicTelehealth
from data.session import Session

NATIONAL, ALL, OVERALL = "National", "All", "Overall"
_OTHER_DIMENSIONS = ("enrolment", "race", "sex", "entitlement", "rurality")


@dataclass(frozen=True)
class PublicQuarter:
    """One quarter of people with Medicare Part B; a figure that the source suppresses is None.

    `eligible` had a visit that could have been by telehealth, `users` had one that was;
    `enrolled` is the quarter's average; `share` is users of eligible, 0 to 1. `age` is "All" or
    a band of the source, `import_id` the import that the figures came with.
    """

    year: int
    quarter: int
    age: str
    eligible: int | None
    enrolled: float | None
    users: int | None
    share: float | None
    import_id: int

    @property
    def first_day(self) -> date:
        """Of the quarter."""
        return first_day(self.year, self.quarter)

    @property
    def last_day(self) -> date:
        """Of the quarter."""
        return last_day(self.year, self.quarter)


def first_day(year: int, quarter: int) -> date:
    """The first day of a calendar quarter, 1 to 4."""
    return date(year, quarter * 3 - 2, 1)


def last_day(year: int, quarter: int) -> date:
    """The last day of a calendar quarter, 1 to 4."""
    return date(year, quarter * 3, monthrange(year, quarter * 3)[1])


def national_share(session: Session, *, by_age: bool = False) -> list[PublicQuarter]:
    """The whole country's quarters, oldest first; `by_age`: its age bands in place of all ages.

    The bands are parts of all people: never list or add both together.
    """
    age = col(PublicTelehealth.age)
    query = (
        select(PublicTelehealth)
        .where(
            PublicTelehealth.geography == NATIONAL,
            col(PublicTelehealth.quarter) != OVERALL,
            *(col(getattr(PublicTelehealth, name)) == ALL for name in _OTHER_DIMENSIONS),
            age != ALL if by_age else age == ALL,
        )
        .order_by(col(PublicTelehealth.year), col(PublicTelehealth.quarter), age)
    )
    return [_quarter(row) for row in session.exec(query)]


def _quarter(row: PublicTelehealth) -> PublicQuarter:
    return PublicQuarter(
        year=row.year,
        quarter=int(row.quarter),
        age=row.age,
        eligible=row.eligible,
        enrolled=row.enrolled,
        users=row.users,
        share=row.share,
        import_id=row.import_id,
    )
