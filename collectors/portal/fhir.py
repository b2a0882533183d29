"""Files of FHIR resources: NDJSON, one resource, a Bundle or an array, each gzipped or not.

NDJSON goes line by line, so that a log of any size fits; a document is held as a whole.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from collectors.portal.base import Record, Skipped
from collectors.portal.fhir_audit import read_audit_event
from collectors.portal.fhir_encounter import read_encounter
from collectors.portal.fhir_observation import read_observation
from collectors.portal.fhir_patient import read_patient
from collectors.portal.fhir_source import BOM, GZIP, MIB, Source, cut_off, parsed
from collectors.portal.fhir_values import NOT_FHIR
from data.errors import Refused

#: resourceType -> its reader. All other types are left out unread.
RESOURCES: Mapping[str, Callable[[dict[str, Any]], Record]] = {
    "AuditEvent": read_audit_event,
    "Encounter": read_encounter,
    "Observation": read_observation,
    "Patient": read_patient,
}
NOT_JSON = Skipped("not JSON")
NOT_READ = Skipped("a resource that is not read")
TOO_LONG = Skipped("a line that is too long")
NO_RESOURCE = Skipped("an entry without a resource")

STEP_RECORDS = 5_000
#: A Patient's photo may stand before its resourceType.
HEAD = MIB
_RESOURCE = re.compile(rb'"resourceType"\s*:\s*"[A-Z][a-z][A-Za-z]*"')


def looks_like_fhir(path: Path) -> bool:
    """Whether the file's beginning, unpacked, is JSON with a resourceType; never by its name."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        if head.startswith(GZIP):
            head = zlib.decompressobj(wbits=31).decompress(head, HEAD)
    except (OSError, zlib.error):
        return False
    begun = head.removeprefix(BOM).lstrip()
    return begun.startswith((b"{", b"[")) and _RESOURCE.search(begun) is not None


def read(path: Path, seen: Callable[[int], None] | None = None) -> Iterator[Record]:
    """The records of a file, in its order, one for each resource and each line that is none.

    `seen` is told from time to time how many bytes of the file have been read. Raises Refused
    where the file cannot be read to its end, is too large, or holds no FHIR resource.
    """
    source, some, records = Source(path, seen), False, 0
    with source.file:
        for value in _values(source):
            some = some or _kind(value) is not None
            for record in _records(value):
                yield record
                records += 1
                if records % STEP_RECORDS == 0:
                    source.tell()
        source.tell()
    if not some:
        raise Refused(f"{path.name} holds no FHIR resource.", "Export the log as FHIR NDJSON.")


def _values(source: Source) -> Iterator[object]:
    """What may be a resource, or why it is none; a first line that is incomplete opens a document.

    Of NDJSON each line is whole, so one ending in an opening bracket or a comma is of no NDJSON.
    """
    line = source.line().removeprefix(BOM)
    while line and not line.strip():
        line = source.line()
    begun = line.strip()
    open_line = cut_off(line) or begun.endswith((b"{", b"[", b",", b":"))
    if begun.startswith(b"[") or (begun.startswith(b"{") and open_line):
        whole = source.document(line)
        yield from whole if isinstance(whole, list) else [whole]
        return
    while line:
        if cut_off(line):
            source.pass_over()
            yield TOO_LONG
        elif line.strip():
            value = parsed(line)
            yield value if isinstance(value, dict) else NOT_JSON
        line = source.line()


def _records(value: object) -> Iterator[Record]:
    """The record of a resource; those of a Bundle's entries, and of a Bundle in a Bundle."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Skipped):
            yield one
        elif isinstance(one, dict) and _kind(one) == "Bundle":
            waiting.extend(reversed(_entries(one.get("entry"))))
        else:
            yield _record(one)


def _entries(entries: object) -> list[object]:
    if entries is None:
        return []
    if not isinstance(entries, list):
        return [Skipped(NOT_FHIR)]
    return [
        one.get("resource", NO_RESOURCE) if isinstance(one, dict) else Skipped(NOT_FHIR)
        for one in entries
    ]


def _record(value: object) -> Record:
    kind = _kind(value)
    if kind is None or not isinstance(value, dict):
        return Skipped(NOT_FHIR)
    return RESOURCES[kind](value) if kind in RESOURCES else NOT_READ


def _kind(value: object) -> str | None:
    kind = value.get("resourceType") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) and kind else None
