"""CSV, TSV and Parquet with a mapping: DuckDB reads the mapped columns and nothing else."""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from collectors.portal import quotation, tabular_checks, tabular_sql
from collectors.portal.mapping import Mapping
from collectors.portal.staging import Staging, Unreadable
from collectors.portal.tabular_checks import REJECTED, UNREADABLE, Source
from data.errors import Refused

PARQUET_MAGIC = b"PAR1"
_SHOWN_COLUMNS = 40
#: About how much of the work on a table is done once patients have keys, and once it is grouped.
_KEYED, _GROUPED = 0.2, 0.9
#: Lines that no reader can parse: left out, and on the read that counts also counted.
_DROP = "ignore_errors=true"
_KEEP = "store_rejects=true, rejects_table='{}', rejects_scan='{}'".format(*REJECTED)


def is_parquet(path: Path) -> bool:
    """By its first bytes."""
    with path.open("rb") as file:
        return file.read(4) == PARQUET_MAGIC


def columns_of(path: Path) -> list[str]:
    """The names of its columns. Refused where it is neither a table nor text."""
    try:
        if is_parquet(path):
            return list(pq.read_schema(path).names)
        with path.open(encoding="utf-8-sig", newline="") as file:
            line = next(csv.reader([file.readline(1_000_000)], delimiter=_delimiter(path)), [])
            return [name.strip() for name in line]
    except (UnicodeDecodeError, csv.Error, pa.ArrowInvalid):
        raise Refused(
            f"{path.name} is neither a table in UTF-8 nor Parquet.",
            "Export it as CSV in UTF-8, or as Parquet.",
        ) from None


def check_names(path: Path, columns: list[str]) -> None:
    """Refused, telling nothing of it, where the first line may be a patient's row."""
    with path.open("rb") as file:
        begin = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    if begin.startswith((b"{", b"[")):
        raise Refused(f"{path.name} is JSON, but no FHIR that is read.", "Export it as FHIR R4.")
    if any(sign in path.name for sign in "*?[]"):
        raise Refused(f"{path.name} cannot be read under this name.", "Rename it: no * ? [ or ].")
    named_ones = [one for one in columns if one]
    if len(set(named_ones)) < len(named_ones) or any(_like_a_value(one) for one in named_ones):
        raise Refused(
            f"The first line of {path.name} is no line of column names.",
            "Export it with its column names; nothing was read.",
        )


def _like_a_value(name: str) -> bool:
    return "@" in name or bool(re.search(r"\d{4}|^[\d.,/ :-]+$", name))


def fits(mapping: Mapping, columns: list[str]) -> bool:
    """Whether the file has all columns that the mapping names."""
    return set(mapping.columns) <= set(columns)


def fits_but_for_case(mapping: Mapping, columns: list[str]) -> bool:
    """Whether it would have them all if capital letters were small ones."""
    return {one.lower() for one in mapping.columns} <= {one.lower() for one in columns}


def check_columns(path: Path, columns: list[str], mapping: Mapping) -> None:
    """Refused, naming columns alone, where the file has not all that the mapping names.

    Nor may two of its columns differ by case alone, for DuckDB would read one as the other.
    """
    todo = "Change the mapping, or choose another one with --mapping."
    missing = [one for one in mapping.columns if one not in columns]
    others = {one.lower(): one for one in columns}
    said = [one for one in missing if one.lower() in others]
    if said:
        has, says = _ticked([others[one.lower()] for one in said]), _ticked(said)
        raise Refused(
            f"{path.name} has the column {has} where the mapping says {says}: case counts.", todo
        )
    if missing:
        raise Refused(
            f"{path.name} has no column {', '.join(missing)}; its columns are: {named(columns)}.",
            todo,
        )
    twins = [one for one in columns if one and others[one.lower()] != one]
    if twins:
        both = _ticked([twins[0], others[twins[0].lower()]])
        raise Refused(
            f"{path.name} has columns that differ by case alone: {both}.", "Rename one of them."
        )


def _ticked(columns: list[str]) -> str:
    return ", ".join(f"`{one[:40]}`" for one in columns)


def named(columns: list[str]) -> str:
    """Column names for a sentence, never values."""
    shown = [one[:40] or "(no name)" for one in columns[:_SHOWN_COLUMNS]]
    more = len(columns) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def stage(staging: Staging, path: Path, mapping: Mapping) -> None:
    """Add its events. Refused, naming columns alone, where a column is not what it should be."""
    columns = columns_of(path)
    check_columns(path, columns, mapping)
    name = staging.next_part()
    try:
        source = _read_whole(staging, path, columns, mapping, name)
        with staging.watched(_GROUPED, 1.0):
            tabular_checks.check(staging, path, mapping, name, source)
    except Unreadable as error:
        raise Refused(
            f"{path.name} cannot be read as a table ({error}).",
            "Export it again; it may be cut off or damaged.",
        ) from None
    staging.parts.append(name)


def _read_whole(
    staging: Staging, path: Path, columns: list[str], mapping: Mapping, name: str
) -> Source:
    """The table and every row of it, or what is lost of it counted; the source it was read from.

    DuckDB's several threads read no line break within a value: such a file is read by one.
    """
    source = _source(path, columns)
    if is_parquet(path) or not quotation.has_any(path):
        staging.left_out[UNREADABLE] += _read(staging, source, mapping, name)
        return source
    lines = quotation.lines_of(path) - 1
    with suppress(Unreadable):
        unreadable = _read(staging, source, mapping, name)
        if unreadable + tabular_checks.rows_of(staging, name) >= lines:
            staging.left_out[UNREADABLE] += unreadable
            return source
    mapped = {columns.index(one) for one in mapping.columns}
    lines -= quotation.inner_lines(path, _delimiter(path), mapped)
    for table in (name, *REJECTED):
        staging.run(f"DROP TABLE IF EXISTS {table}")
    source = source[0].replace(_DROP, f"parallel=false, {_DROP}"), source[1]
    unreadable = _read(staging, source, mapping, name)
    lost = lines - unreadable - tabular_checks.rows_of(staging, name)
    staging.left_out[UNREADABLE] += unreadable + max(lost, 0)
    return source


def _read(staging: Staging, table: Source, mapping: Mapping, name: str) -> int:
    """Each combination of the mapped values once, or the reason to leave it out.

    The lines that cannot be parsed are in no row: how many they are.
    """
    source, parameters = table
    typed = dict(_types(staging, source, parameters, mapping))
    filled = {"name": name, **tabular_sql.parts(staging, mapping, source, typed)}
    with (
        staging.copied("keys", _keys(staging, source, parameters, mapping)),
        staging.copied("event_codes", tabular_sql.event_codes(mapping)),
        staging.copied("topic_codes", tabular_sql.topic_codes(staging, mapping)),
        staging.copied("zip_codes", tabular_sql.zip_codes(staging)),
    ):
        counting = source.replace(_DROP, _KEEP)
        with staging.watched(_KEYED, _GROUPED):
            staging.run(tabular_sql.GROUPED.format(**{**filled, "source": counting}), parameters)
    return tabular_checks.unreadable(staging) if counting != source else 0


def _keys(staging: Staging, source: str, parameters: list[object], mapping: Mapping) -> pa.Table:
    """Each patient's key in this run: keyed once a patient, not once a row."""
    column = f"trim({tabular_sql.quoted(mapping.patient)}::VARCHAR)"
    people = f"SELECT DISTINCT {column} AS patient FROM {source}"  # noqa: S608 - quoted
    with staging.watched(0.0, _KEYED):
        patients = [one for (one,) in staging.rows(people, parameters) if one]
    keys = [staging.keyed(one.strip()) for one in patients]
    return pa.table({"patient": pa.array(patients, pa.string()), "key": pa.array(keys, pa.int64())})


def _source(path: Path, columns: list[str]) -> Source:
    if is_parquet(path):
        return "read_parquet(?)", [str(path)]
    columns = [one or f"unnamed {place}" for place, one in enumerate(columns)]
    types = ", ".join(f"{tabular_sql.literal(one)}: 'VARCHAR'" for one in columns)
    return (
        f"read_csv(?, header=true, delim=?, quote='\"', escape='\"', auto_detect=false, "
        f"columns={{{types}}}, null_padding=true, strict_mode=false, {_DROP})"
    ), [str(path), _delimiter(path)]


def _types(
    staging: Staging, source: str, parameters: list[object], mapping: Mapping
) -> Iterator[tuple[str, str]]:
    """The type of each mapped column, as DuckDB sees it."""
    chosen = ", ".join(tabular_sql.quoted(one) for one in mapping.columns)
    for row in staging.rows(f"DESCRIBE SELECT {chosen} FROM {source}", parameters):  # noqa: S608
        yield row[0], row[1]


def _delimiter(path: Path) -> str:
    """What stands most often in the header line: a tab, a semicolon or a comma."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = file.readline(1_000_000)
    return max(",;\t|", key=header.count)
