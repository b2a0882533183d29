"""Whether the columns of a mapped file are what the mapping says: found after reading it.

A patient id that is mapped as a ZIP code, or a column of names as topics, must not be counted.
The numbers of rows that were left out are for whoever runs it; nothing of them is kept.
"""

from pathlib import Path

from collectors.portal.mapping import Mapping
from collectors.portal.staging import Staging
from collectors.portal.tabular_sql import quoted
from data.errors import Refused

NO_PATIENT = "no patient"
NOT_COUNTED = "an event that is not counted"
NO_TIME = "no time that can be read"
NO_ZONE = "a time without its zone"
GAP = "a time that the clock change left out"
UNREADABLE = "a line that cannot be read (is the file in UTF-8?)"
BAD_AGE = "an age that cannot be (counted as unknown)"
BAD_ZIP = "a ZIP code that is not one (counted as other)"
BAD_TOPIC = "a topic that is not in the list (counted as unknown)"
REASONS = {1: NO_PATIENT, 2: NOT_COUNTED, 3: NO_TIME, 4: NO_ZONE, 5: GAP}

#: Where DuckDB keeps the lines that it cannot parse, and which file they are of.
REJECTED = ("rejected", "rejecting")
_MOSTLY = 0.5
#: So many rows, or values, before a share of them says anything.
ENOUGH = 50
_MANY_ZIPS = 100

Source = tuple[str, list[object]]


def check(staging: Staging, path: Path, mapping: Mapping, part: str, source: Source) -> None:
    """Count what is left out; Refused where a column cannot be what it is mapped as."""
    by_reason: dict[int, int] = dict(
        staging.rows(f"SELECT reason, sum(rows) FROM {part} GROUP BY 1")  # noqa: S608
    )
    for number, reason in REASONS.items():
        staging.left_out[reason] += int(by_reason.get(number, 0))
    rows, counted = sum(by_reason.values()), int(by_reason.get(0, 0))
    if by_reason.get(4, 0) == rows > 0:
        raise Refused(
            f"The times in {path.name} carry no zone.",
            'Name it in the mapping: "time_zone": "America/New_York".',
        )
    if rows and not counted:
        told = "; ".join(f"{by_reason[n]:,} × {REASONS[n]}" for n in sorted(by_reason) if n)
        raise Refused(f"No row of {path.name} counts ({told}).", "Correct the mapping.")
    (bad,) = staging.rows(
        f"""SELECT coalesce(sum(rows) FILTER (bad_age), 0), coalesce(sum(rows) FILTER (bad_zip), 0),
        coalesce(sum(rows) FILTER (bad_topic), 0), count(DISTINCT key) FROM {part}"""  # noqa: S608
    )
    bad_ages, bad_zips, bad_topics, patients = (int(one) for one in bad)
    if patients == 1 and counted >= ENOUGH:
        raise _not_so(path, "patient", mapping.patient, "it names the same patient in every row")
    _check_ages(path, mapping, bad_ages, counted)
    _check_zips(staging, path, mapping, bad_zips, counted, patients, source)
    _check_topics(staging, path, mapping, bad_topics, source)
    staging.left_out[BAD_AGE] += bad_ages
    staging.left_out[BAD_ZIP] += bad_zips
    staging.left_out[BAD_TOPIC] += bad_topics


def unreadable(staging: Staging) -> int:
    """How many lines could not be parsed; what was kept of them goes at once."""
    found = staging.number("SELECT count(DISTINCT line) FROM rejected")
    for table in REJECTED:
        staging.run(f"DROP TABLE {table}")
    return found


def rows_of(staging: Staging, part: str) -> int:
    """How many rows a part was made of."""
    return staging.number(f"SELECT coalesce(sum(rows), 0) FROM {part}")  # noqa: S608 - ours


def _check_ages(path: Path, mapping: Mapping, bad: int, counted: int) -> None:
    column = mapping.age or mapping.birth_date
    if column and counted >= ENOUGH and bad > _MOSTLY * counted:
        raise _not_so(path, "age" if mapping.age else "birth_date", column, "few are ages")


def _check_zips(
    staging: Staging,
    path: Path,
    mapping: Mapping,
    bad: int,
    counted: int,
    patients: int,
    source: Source,
) -> None:
    if mapping.zip is None:
        return
    if counted >= ENOUGH and bad > _MOSTLY * counted:
        raise _not_so(path, "zip", mapping.zip, "few of its values are ZIP codes")
    if _different(staging, mapping.zip, source) > max(_MANY_ZIPS, _MOSTLY * patients):
        raise _not_so(path, "zip", mapping.zip, "it has about as many values as there are patients")


def _check_topics(staging: Staging, path: Path, mapping: Mapping, bad: int, source: Source) -> None:
    if mapping.topic is None or not bad:
        return
    if _different(staging, mapping.topic, source) > len(staging.lists.topics):
        raise _not_so(path, "topic", mapping.topic, "it has more values than there are topics")


def _different(staging: Staging, column: str, source: Source) -> int:
    """How many different values a column has."""
    table, parameters = source
    value = f"lower(trim({quoted(column)}::VARCHAR))"
    return staging.number(
        f"SELECT count(DISTINCT {value}) FROM {table}",  # noqa: S608 - quoted
        parameters,
    )


def _not_so(path: Path, what: str, column: str, why: str) -> Refused:
    return Refused(
        f"The column {column} of {path.name} is mapped as {what}, but {why}; nothing was released.",
        "Correct the mapping.",
    )
