"""FHIR files into the staging: each record is keyed and coded at once, and forgotten."""

import re
import zlib
from pathlib import Path

import pyarrow as pa

from collectors.portal import fhir
from collectors.portal.base import PatientFacts, PortalEvent
from collectors.portal.staging import Staging, event_code, zip_code
from data.privacy.keys import EVENTS

_BATCH = 200_000
_HEAD = 1 << 20
_TYPE = re.compile(rb'"resourceType"\s*:\s*"(AuditEvent|Encounter|Observation|Patient)"')

#: What FHIR can tell of, whether or not these files do: keys never come from the data.
CARRIED = tuple(event for event in EVENTS if event != "education_view")
TELLING = frozenset({"AuditEvent", "Encounter", "Observation"})


def kinds_of(path: Path) -> set[str]:
    """Which of the resources that are read its first MiB names: taken as public, as coverage is."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, _HEAD)
        except zlib.error:
            return set()  # the reader will say what is wrong with it
    return {found.decode() for found in _TYPE.findall(head)}


def stage(staging: Staging, path: Path) -> None:
    """Add a file's events, or what it tells of patients."""
    part = staging.next_part()
    staging.run(
        f"CREATE TABLE {part} (key BIGINT, event TINYINT, day DATE, age TINYINT, zip TINYINT, "
        "topic SMALLINT, reason TINYINT, bad_age BOOLEAN, rows BIGINT)"
    )
    staging.parts.append(part)
    staging.fhir_parts.append(part)
    events, facts = _Events(staging, part), _Facts(staging)
    size = path.stat().st_size or 1
    for record in fhir.read(path, lambda seen: staging.progress.reach(seen / size)):
        if isinstance(record, PortalEvent):
            events.add(record)
        elif isinstance(record, PatientFacts):
            facts.add(record)
        else:
            staging.left_out[record.reason] += 1
    events.flush()
    facts.flush()


class _Events:
    """Events on their way into a part, a batch at a time."""

    def __init__(self, staging: Staging, part: str) -> None:
        self._staging, self._part = staging, part
        self._rows: list[tuple[int, int, object]] = []

    def add(self, one: PortalEvent) -> None:
        self._rows.append((self._staging.keyed(one.patient), event_code(one.event), one.at))
        if len(self._rows) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        if not self._rows:
            return
        keys, codes, instants = zip(*self._rows, strict=True)
        batch = pa.table(
            {
                "key": pa.array(keys, pa.int64()),
                "event": pa.array(codes, pa.int8()),
                "instant": pa.array(instants, pa.timestamp("us", "UTC")),
            }
        )
        self._rows.clear()
        with self._staging.table("batch", batch):
            self._staging.run(
                f"INSERT INTO {self._part} SELECT key, event, "  # noqa: S608 - ours
                "CAST(timezone(?, instant) AS DATE), NULL, NULL, NULL, 0, FALSE, count(*) "
                "FROM batch GROUP BY ALL",
                [self._staging.lists.zone],
            )


class _Facts:
    """The same of Patient resources."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging
        self._rows: list[tuple[int, int | None, int | None]] = []

    def add(self, one: PatientFacts) -> None:
        code = zip_code(self._staging.lists, one.zip3)
        self._rows.append((self._staging.keyed(one.patient), one.birth_year, code))
        if len(self._rows) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        if not self._rows:
            return
        keys, years, codes = zip(*self._rows, strict=True)
        batch = pa.table(
            {
                "key": pa.array(keys, pa.int64()),
                "birth_year": pa.array(years, pa.int16()),
                "zip": pa.array(codes, pa.int8()),
            }
        )
        self._rows.clear()
        self._staging.has_facts = True
        with self._staging.table("batch", batch):
            self._staging.run("INSERT INTO facts SELECT key, birth_year, zip FROM batch")
