"""CMS: Medicare Telehealth Trends, one row a quarter, place and group of people.

`Overall` stands beside a year's quarters and `All` beside a dimension's parts: they are rows of
their own here and are never added to the parts. Later releases restate earlier figures.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

from collectors.exports import numbers, texts
from collectors.exports.base import Cell, Format, Item, Record, Rejected, Row, Skipped
from collectors.exports.numbers import Wrong
from data import public_telehealth
from data.queries.telehealth import ALL, NATIONAL, OVERALL, first_day, last_day

#: headings, compared without case; the key's in the order of `public_telehealth.KEY`
DIMENSIONS = (
    "bene_geo_desc",
    "bene_mdcd_mdcr_enrl_stus",
    "bene_race_desc",
    "bene_sex_desc",
    "bene_mdcr_entlmt_stus",
    "bene_age_desc",
    "bene_ruca_desc",
)
ELIGIBLE, ENROLLED, USERS, SHARE = (
    "total_bene_th_elig",
    "total_partb_enrl",
    "total_bene_telehealth",
    "pct_telehealth",
)
COLUMNS = ("year", "quarter", *DIMENSIONS, ELIGIBLE, ENROLLED, USERS, SHARE)

Reader = Callable[[str], Cell]
_QUARTERS = ("1", "2", "3", "4")
_YEARS = range(2000, 2101)
_LONGEST_LABEL = 80
_KEY_CELLS = len(DIMENSIONS) + 2


class NationalSummary:
    """The newest quarter of the whole country, which anybody finds on CMS's own page.

    totals: `quarters` covered; `newest_quarter_users` and `newest_quarter_eligible`, people of
    all groups in the newest quarter. Nothing is added up: every figure stands so in the file.
    """

    def __init__(self) -> None:
        self.quarters: set[tuple[int, int]] = set()
        self.years: set[int] = set()
        self.national: dict[tuple[int, int], Row] = {}

    def add(self, row: Row) -> None:
        """A record: key, then figures."""
        year, quarter = int(row[0] or 0), row[1]
        if quarter == OVERALL:
            self.years.add(year)
            return
        self.quarters.add((year, int(quarter or 0)))
        if row[2] == NATIONAL and all(cell == ALL for cell in row[3:_KEY_CELLS]):
            self.national[year, int(quarter or 0)] = row[_KEY_CELLS:]

    def totals(self) -> dict[str, int]:
        """See the class."""
        found = {"quarters": len(self.quarters)}
        if self.national:
            eligible, _, users, _ = self.national[max(self.national)]
            figures = {"newest_quarter_users": users, "newest_quarter_eligible": eligible}
            found |= {name: cell for name, cell in figures.items() if isinstance(cell, int)}
        return found

    def spend(self) -> dict[str, str]:
        """None: the file has no money."""
        return {}

    def days(self) -> tuple[date | None, date | None]:
        """Of the quarters; of the years where there are no quarters."""
        if self.quarters:
            return first_day(*min(self.quarters)), last_day(*max(self.quarters))
        if self.years:
            return first_day(min(self.years), 1), last_day(max(self.years), 4)
        return None, None


def known_by(columns: Sequence[str]) -> bool:
    """All thirteen headings are there."""
    return set(COLUMNS) <= {texts.plain(column) for column in columns}


def read(path: Path) -> Iterator[Item]:
    """Key: year, quarter ("1" to "4" or "Overall") and seven labels.

    Figures: people eligible, average enrolled, people with a visit, share 0 to 1; None where
    suppressed.
    """
    with texts.opened(path) as table:
        readers = _readers(table.delimiter)
        for one in table.records(COLUMNS):
            if isinstance(one, (Skipped, Rejected)):
                yield one
            else:
                line, cells = one
                yield _record(line, cells, readers)


def _record(line: int, cells: list[str], readers: Sequence[Reader]) -> Record | Rejected:
    values: list[Cell] = []
    try:
        for reader, text in zip(readers, cells, strict=True):
            values.append(reader(text))
    except Wrong as wrong:
        return Rejected(line, f"{COLUMNS[len(values)]}: {wrong}")
    eligible, _, users, _ = figures = tuple(values[_KEY_CELLS:])
    if isinstance(eligible, int) and isinstance(users, int) and users > eligible:
        return Rejected(line, f"{USERS}: more people than {ELIGIBLE}")
    return Record(line, tuple(values[:_KEY_CELLS]), figures)


def _readers(delimiter: str) -> tuple[Reader, ...]:
    """How each of COLUMNS is read."""
    enrolled = partial(numbers.decimal, delimiter=delimiter)
    labels = (_label,) * len(DIMENSIONS)
    return (_year, _quarter, *labels, numbers.whole, enrolled, numbers.whole, numbers.share)


@lru_cache(maxsize=4096)
def _label(text: str) -> str:
    label = " ".join(text.split())
    if not label:
        raise Wrong("empty")
    if len(label) > _LONGEST_LABEL or not label.isprintable():  # or bytes that are not UTF-8
        raise Wrong("not a label")
    known = {one.casefold(): one for one in (ALL, NATIONAL)}
    return known.get(label.casefold(), label)


@lru_cache(maxsize=256)
def _year(text: str) -> int:
    year = numbers.whole(text)
    if year not in _YEARS or "," in text:
        raise Wrong("not a year")
    return int(year or 0)


@lru_cache(maxsize=256)
def _quarter(text: str) -> str:
    plain = text.strip().removesuffix(".0")  # how pandas writes one beside blanks
    if plain.casefold() == OVERALL.casefold():
        return OVERALL
    if plain not in _QUARTERS:
        raise Wrong("neither 1 to 4 nor Overall")
    return plain


FORMAT = Format(
    name="medicare_telehealth",
    title="CMS Medicare telehealth trends",
    known_by=known_by,
    read=read,
    summary=NationalSummary,
    store=public_telehealth.store,
    compare=public_telehealth.compare,
    undo=public_telehealth.undo,
)
