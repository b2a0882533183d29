"""Where a run's events stand until they are counted: DuckDB in this process's memory alone.

A table a part (patient's key, event, day, age band, ZIP3, topic; all but the day as numbers of
the public lists; `reason` 0, or why it is left out) and one of what Patient resources told.
Nothing spills: a run that outgrows its memory ends with a sentence.
"""

import hashlib
import hmac
import os
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from collectors.portal.base import NO_YEAR
from collectors.portal.watching import Progress, polled
from data.errors import Refused
from data.privacy.keys import AGE_BANDS, EVENTS, FIRST_AGES, HIDDEN_ZIP3, OLDEST, SMALL_ZIP3S

FACTS = "CREATE TABLE facts (key BIGINT, birth_year SMALLINT, zip TINYINT)"
#: Each patient once: of two years the earlier, and one that can be before one that cannot.
PEOPLE = f"""SELECT key, min(zip) AS zip,
    coalesce(min(nullif(birth_year, {NO_YEAR})), min(birth_year)) AS birth_year
    FROM facts GROUP BY key"""  # noqa: S608 - a number of ours


@dataclass(frozen=True)
class Lists:
    """The public lists of one run: a code is a place in them."""

    zone: str
    topics: tuple[str, ...]  # the vocabulary; "unknown" is the code after the last
    zip3s: tuple[str, ...]  # keys of the practice, hidden and other last; () where none

    @property
    def zip_places(self) -> dict[str, int]:
        """ZIP3 -> code, for those that have a key of their own."""
        return {zip3: code for code, zip3 in enumerate(self.zip3s[:-2])}


@dataclass
class Staging:
    """The open database of one run, its key, and the counts of what was left out."""

    connection: duckdb.DuckDBPyConnection
    lists: Lists
    memory_mb: int
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    left_out: Counter[str] = field(default_factory=Counter)
    parts: list[str] = field(default_factory=list)
    fhir_parts: list[str] = field(default_factory=list)
    has_facts: bool = False
    progress: Progress = field(default_factory=Progress)
    is_watched: bool = False

    def next_part(self) -> str:
        """The name of the table of the next part."""
        return f"part_{len(self.parts)}"

    def keyed(self, patient: str) -> int:
        """The patient's key in this run: 64 bits of an HMAC whose key dies with the process."""
        digest = hmac.digest(self.key, patient.encode(), hashlib.sha256)
        return int.from_bytes(digest[:8], "big", signed=True)

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """One statement of which nothing is fetched."""
        with self._guarded():
            self.connection.execute(sql, list(parameters))

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, which for the greater part happens while they are fetched."""
        with self._guarded():
            return self.connection.execute(sql, list(parameters)).fetchall()

    def number(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """The one number that a query gives."""
        ((found,),) = self.rows(sql, parameters)
        return int(found)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """DuckDB's own errors quote values and never get out."""
        polling = polled(self.connection, self.progress.reach) if self.is_watched else nullcontext()
        try:
            with polling:
                yield
        except duckdb.OutOfMemoryException:
            raise too_little_memory(self.memory_mb) from None
        except duckdb.Error as error:
            raise Unreadable(type(error).__name__) from None

    @contextmanager
    def watched(self, begin: float, end: float) -> Iterator[None]:
        """What statements do within is this part of the progress, and told while they run."""
        with self.progress.part(begin, end):
            self.is_watched = True
            try:
                yield
            finally:
                self.is_watched = False

    @contextmanager
    def table(self, name: str, content: pa.Table) -> Iterator[None]:
        """An Arrow table under a name, for the statements within."""
        self.connection.register(name, content)
        try:
            yield
        finally:
            self.connection.unregister(name)

    @contextmanager
    def copied(self, name: str, content: pa.Table) -> Iterator[None]:
        """The same as a table of DuckDB's, which else does not know how far a statement is."""
        with self.table(f"{name}_given", content):
            self.run(f"CREATE TABLE {name} AS FROM {name}_given")
        try:
            yield
        finally:
            self.run(f"DROP TABLE {name}")


class Unreadable(Exception):
    """DuckDB could not read it: the kind of its error, never its text."""


def open_staging(lists: Lists, memory_mb: int) -> Staging:
    """An empty database in memory that never writes to a disk and loads nothing from outside."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": f"{memory_mb}MB",
            "temp_directory": "",
            "threads": os.cpu_count() or 1,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = true")  # else it keeps no progress
    connection.execute("SET enable_progress_bar_print = false")
    staging = Staging(connection, lists, memory_mb)
    staging.run(FACTS)
    return staging


def too_little_memory(memory_mb: int) -> Refused:
    """Refused, with the memory that it needs."""
    return Refused(
        f"This run needs more than the {memory_mb:,} MB of memory that it may use; nothing is "
        "written to a disk in between, so it was ended and nothing was released.",
        f"Set REACHWELL_PORTAL_MEMORY_MB to {2 * memory_mb:,} or more, or release fewer days at "
        "a time (files by month).",
    )


def band_sql(age: str) -> str:
    """SQL for the code of an age band; NULL where the age cannot be."""
    whens = " ".join(
        f"WHEN {age} >= {first} THEN {code}"
        for code, first in reversed(list(enumerate(FIRST_AGES)))
    )
    return f"CASE WHEN {age} < 0 OR {age} > {OLDEST} THEN NULL {whens} END"


def zip_code(lists: Lists, zip3: str | None) -> int | None:
    """The code of three digits: the area's own, hidden, or other; None where there are none."""
    if zip3 is None or not lists.zip3s:
        return None
    hidden, other = len(lists.zip3s) - 2, len(lists.zip3s) - 1
    if zip3 in SMALL_ZIP3S or zip3 == HIDDEN_ZIP3:
        return hidden
    return lists.zip_places.get(zip3, other)


def finish(staging: Staging) -> None:
    """Make `events` of all parts: ages and areas filled in from Patient files."""
    unknown_age, unknown_topic = len(AGE_BANDS) - 1, len(staging.lists.topics)
    other_zip = max(len(staging.lists.zip3s) - 1, 0)
    age, zip3, joined = "s.age", "s.zip", ""
    if staging.has_facts:
        by_year = band_sql("(year(s.day) - f.birth_year)")
        age, zip3 = f"coalesce(s.age, {by_year})", "coalesce(s.zip, f.zip)"
        joined = f"LEFT JOIN ({PEOPLE}) f ON f.key = s.key"
    parts = " UNION ALL ".join(
        f"SELECT key, event, day, age, zip, topic FROM {part} WHERE reason = 0"  # noqa: S608
        for part in staging.parts
    )
    staging.run(
        f"""CREATE VIEW events AS SELECT s.key, s.event, s.day,
        coalesce({age}, {unknown_age})::TINYINT AS age,
        coalesce({zip3}, {other_zip})::TINYINT AS zip,
        coalesce(s.topic, {unknown_topic})::SMALLINT AS topic
        FROM ({parts}) s {joined}"""  # noqa: S608 - numbers of ours
    )


def event_code(event: str) -> int:
    """The place of an event in the public list."""
    return EVENTS.index(event)
