"""The SQL by which a mapped file becomes keys, codes and days. Its parts are ours or quoted.

A row that cannot be counted keeps its reason and nothing else.
"""

import pyarrow as pa

from collectors.portal.mapping import Mapping
from collectors.portal.staging import Staging, band_sql, event_code, zip_code
from data.privacy.keys import EVENT_ALIASES, EVENTS, SMALL_ZIP3S

_ZONED = r"(?i)(z|[+-]\d{2}(:?\d{2})?)$"
_FORMATS = (
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y",
)  # fmt: skip

GROUPED = """
CREATE TABLE {name} AS
WITH raw AS (
    SELECT keys.key, event_codes.code AS event, {at} AS instant, {is_naive} AS is_naive,
        {is_gap} AS is_gap, {age} AS age, {has_age} AS has_age, {zip} AS zip, {has_zip} AS has_zip,
        {topic} AS topic, {has_topic} AS has_topic
    FROM {source} AS t
    LEFT JOIN keys ON keys.patient = trim(t.{patient}::VARCHAR)
    LEFT JOIN event_codes ON event_codes.value = lower(trim(t.{event}::VARCHAR))
    {joins}
), judged AS (
    SELECT *, CASE
        WHEN key IS NULL THEN 1 WHEN event IS NULL THEN 2 WHEN is_naive THEN 4
        WHEN is_gap THEN 5 WHEN instant IS NULL THEN 3 ELSE 0 END::TINYINT AS reason
    FROM raw
)
SELECT CASE WHEN reason = 0 THEN key END AS key, CASE WHEN reason = 0 THEN event END AS event,
    CASE WHEN reason = 0 THEN CAST(timezone('{zone}', instant) AS DATE) END AS day,
    CASE WHEN reason = 0 THEN age END AS age, CASE WHEN reason = 0 THEN zip END AS zip,
    CASE WHEN reason = 0 THEN topic END AS topic, reason,
    has_age AND age IS NULL AND reason = 0 AS bad_age,
    has_zip AND zip IS NULL AND reason = 0 AS bad_zip,
    has_topic AND topic IS NULL AND reason = 0 AS bad_topic, count(*) AS rows
FROM judged GROUP BY ALL
"""


def parts(staging: Staging, mapping: Mapping, source: str, typed: dict[str, str]) -> dict[str, str]:
    """What GROUPED is filled in with; `typed`: DuckDB's type of each mapped column."""
    made = {
        "source": source,
        "patient": quoted(mapping.patient),
        "event": quoted(mapping.event),
        "zone": staging.lists.zone,
        "joins": "",
        **_instant(f"t.{quoted(mapping.when)}", typed[mapping.when], mapping.time_zone),
        **_absent("age", "zip", "topic"),
    }
    if mapping.age:
        column = f"t.{quoted(mapping.age)}"
        number = f"try_cast(trim({column}::VARCHAR) AS DOUBLE)"
        made |= {"age": band_sql(f"floor({number})"), "has_age": _has(column)}
    if mapping.birth_date:
        column = f"t.{quoted(mapping.birth_date)}"
        made |= {"age": _by_birth(column, made["at"]), "has_age": _has(column)}
    if mapping.zip and staging.lists.zip3s:
        column = f"t.{quoted(mapping.zip)}"
        shaped = f"regexp_full_match(trim({column}::VARCHAR), '[0-9]{{5}}(-?[0-9]{{4}})?')"
        other = len(staging.lists.zip3s) - 1
        made["joins"] += (
            f" LEFT JOIN zip_codes ON zip_codes.value = left(trim({column}::VARCHAR), 3)"
        )
        made |= {
            "zip": f"CASE WHEN {shaped} THEN coalesce(zip_codes.code, {other}) END",
            "has_zip": _has(column),
        }
    if mapping.topic:
        column = f"t.{quoted(mapping.topic)}"
        made["joins"] += (
            f" LEFT JOIN topic_codes ON topic_codes.value = lower(trim({column}::VARCHAR))"
        )
        made |= {"topic": "topic_codes.code", "has_topic": _has(column)}
    return made


def _instant(column: str, kind: str, zone: str | None) -> dict[str, str]:
    """The instant of a column, whether its zone is missing, and whether no clock showed it."""
    if kind == "TIMESTAMP WITH TIME ZONE":
        return {"at": column, "is_naive": "FALSE", "is_gap": "FALSE"}
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        zoned, local = "NULL::TIMESTAMPTZ", f"{column}::TIMESTAMP"
    else:
        text = f"trim({column}::VARCHAR)"
        has_zone = f"(regexp_matches({text}, '{_ZONED}') AND length({text}) > 10)"
        formats = ", ".join(literal(one) for one in _FORMATS)
        zoned = f"CASE WHEN {has_zone} THEN try_cast({text} AS TIMESTAMPTZ) END"
        local = (
            f"CASE WHEN NOT {has_zone} THEN coalesce(try_cast({text} AS TIMESTAMP), "
            f"try_strptime({text}, [{formats}])) END"
        )
    if zone is None:
        return {"at": zoned, "is_naive": f"({local}) IS NOT NULL", "is_gap": "FALSE"}
    there = f"timezone({literal(zone)}, {local})"
    return {
        "at": f"coalesce({zoned}, {there})",
        "is_naive": "FALSE",
        "is_gap": f"coalesce(timezone({literal(zone)}, {there}) <> ({local}), FALSE)",
    }


def _by_birth(column: str, at: str) -> str:
    text = f"trim({column}::VARCHAR)"
    formats = "'%m/%d/%Y', '%m/%d/%y'"
    year = (
        f"coalesce(year(try_cast({text} AS DATE)), year(try_strptime({text}, [{formats}])), "
        f"CASE WHEN regexp_full_match({text}, '[0-9]{{4}}') THEN try_cast({text} AS INTEGER) END)"
    )
    return band_sql(f"(year({at}) - {year})")


def _absent(*dimensions: str) -> dict[str, str]:
    nothing = dict.fromkeys(dimensions, "NULL::SMALLINT")
    return nothing | {f"has_{name}": "FALSE" for name in dimensions}


def _has(column: str) -> str:
    return f"coalesce(trim({column}::VARCHAR) <> '', FALSE)"


def event_codes(mapping: Mapping) -> pa.Table:
    """(value in small letters, code) of what the mapping names."""
    meant = mapping.events or {**{one: one for one in EVENTS}, **EVENT_ALIASES}
    folded = {value.strip().lower(): event_code(event) for value, event in meant.items()}
    return _codes(folded, pa.int8())


def topic_codes(staging: Staging, mapping: Mapping) -> pa.Table:
    """The same of topics: the vocabulary's names, and what the mapping maps to them."""
    places = {name: code for code, name in enumerate(staging.lists.topics)}
    folded = {name.lower(): code for name, code in places.items()}
    for value, name in (mapping.topics or {}).items():
        folded[value.strip().lower()] = places[name]
    return _codes(folded, pa.int16())


def zip_codes(staging: Staging) -> pa.Table:
    """The same of ZIP3s that have a key of their own, and of those to hide."""
    lists = staging.lists
    wanted = {*lists.zip_places, *SMALL_ZIP3S, "000"} if lists.zip3s else set[str]()
    found = {one: zip_code(lists, one) for one in sorted(wanted)}
    return _codes({one: code for one, code in found.items() if code is not None}, pa.int8())


def _codes(codes: dict[str, int], kind: pa.DataType) -> pa.Table:
    return pa.table(
        {
            "value": pa.array(list(codes), pa.string()),
            "code": pa.array(list(codes.values()), kind),
        }
    )


def quoted(column: str) -> str:
    """A column's name for SQL."""
    return '"' + column.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text for SQL."""
    return "'" + value.replace("'", "''") + "'"
