"""The made portal log as a whole: read day by day, never held."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from collectors.sandbox.portal_days import Rows, day_rows
from collectors.sandbox.portal_dirt import with_dirt
from collectors.sandbox.portal_people import Ints, People


@dataclass(frozen=True, slots=True)
class MadeLog:
    """A log from `begin` to `end`, the practice's days, both included.

    Looping over it makes its days anew, oldest first, as often as one likes. `after`: the days
    on which posts act, by topic. `dirt`: with rows that are no use of the portal among them.
    """

    seed: int
    people: People
    begin: date
    end: date
    after: Mapping[str, frozenset[date]]
    dirt: bool

    def __iter__(self) -> Iterator[tuple[date, Rows]]:
        """Each day with its rows, by time."""
        day = self.begin
        while day <= self.end:
            rows = day_rows(self.seed, self.people, day, self.after)
            yield day, with_dirt(self.seed, self.people, day, rows) if self.dirt else rows
            day += timedelta(days=1)


def iso_texts(seconds: Ints) -> pa.Array:
    """Instants in seconds since 1970 as texts such as 2026-03-01T17:05:09Z.

    By Arrow's own text, with a T put in: thirty times as fast as NumPy's or strftime.
    """
    texts = pa.array(seconds).cast(pa.timestamp("s")).cast(pa.string())
    return pc.binary_join_element_wise(pc.replace_substring(texts, " ", "T"), "Z", "")
