"""Sixty made identifiers, names, queries and narratives, and where one looks for them."""

import base64
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

IDS = tuple(f"MRN-canarix-{n:02d}-8271" for n in range(20))
NAMES = tuple(f"Xantippe{n:02d} Canarixson" for n in range(20))
QUERIES = tuple(f"https://ehr.invalid/Patient?identifier=canarix{n}q" for n in range(10))
NARRATIVES = tuple(f"narrative canarix {n} was seen for her thyroid" for n in range(10))
ALL = (*IDS, *NAMES, *QUERIES, *NARRATIVES)


#: What all of them share, as it stands in text, in UTF-16 and in base64 at each of three offsets:
#: a few searches find any of them in hundreds of megabytes.
STEM = "anarix"  # "anary" stands in every list of time zones


def _stems() -> Iterator[bytes]:
    yield STEM.encode()
    yield STEM.encode("utf-16-le")
    for offset in range(3):
        packed = base64.b64encode(b"\0" * offset + STEM.encode())
        # Only the characters (six bits each) that the stem alone decides.
        yield packed[-(-offset * 8 // 6) : (offset + len(STEM)) * 8 // 6]


STEMS = tuple(_stems())


def found_in(content: bytes) -> list[bytes]:
    """Where something of a canary stands, what stands around it."""
    places = ((content.find(stem), stem) for stem in STEMS)
    return [content[max(place - 20, 0) : place + 30] for place, _ in places if place != -1]


def found_below(folders: Iterable[Path]) -> list[tuple[str, bytes]]:
    """The same of every file below, as it is and unpacked where it is compressed."""
    hits = []
    for folder in folders:
        for path in (one for one in folder.rglob("*") if one.is_file()):
            content = path.read_bytes()
            hits += [(path.name, around) for around in found_in(content + _unpacked(content))]
    return hits


def _unpacked(content: bytes) -> bytes:
    """What any zlib stream within it begins with: raw replies are kept so."""
    out = []
    for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content):
        with suppress(zlib.error):
            part = memoryview(content)[found.start() : found.start() + 100_000]
            out.append(zlib.decompressobj().decompress(part, 1_000_000))
    return b"".join(out)


def memory_of(pid: int) -> bytes:
    """All that a process has in memory that can be written: what a core file would hold."""
    held: list[bytes] = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if "r" not in rights or "w" not in rights:
                continue
            begin, end = (int(edge, 16) for edge in span.split("-"))
            try:
                memory.seek(begin)
                held.append(memory.read(end - begin))
            except (OSError, ValueError, OverflowError):
                continue  # a page that cannot be read is in no core file either
    return b"".join(held)


def write_log(folder: Path, events: int = 600) -> list[Path]:
    """AuditEvent and Patient files whose every free field holds a canary."""
    folder.mkdir(parents=True, exist_ok=True)
    audit, people = folder / "AuditEvent.ndjson", folder / "Patient.ndjson"
    with audit.open("w") as file:
        for n in range(events):
            file.write(json.dumps(_event(n)) + "\n")
    with people.open("w") as file:
        for n, patient in enumerate(IDS):
            file.write(json.dumps(_patient(n, patient)) + "\n")
    return [audit, people]


def _event(n: int) -> dict[str, object]:
    return {
        "resourceType": "AuditEvent",
        "id": IDS[n % 20],
        "text": {"status": "generated", "div": f"<div>{NARRATIVES[n % 10]}</div>"},
        "type": {"code": "110114"},
        "subtype": [{"code": "110122", "display": NAMES[n % 20]}],
        "recorded": f"2026-03-{2 + n % 7:02d}T15:{n % 60:02d}:00Z",
        "outcome": "0",
        "outcomeDesc": NARRATIVES[n % 10],
        "agent": [{"who": {"reference": f"Patient/{IDS[n % 20]}", "display": NAMES[n % 20]},
                   "name": NAMES[n % 20], "altId": IDS[n % 20], "requestor": True}],
        "entity": [{"query": base64.b64encode(QUERIES[n % 10].encode()).decode(),
                    "name": NAMES[n % 20]}],
    }  # fmt: skip


def _patient(n: int, patient: str) -> dict[str, object]:
    return {
        "resourceType": "Patient",
        "id": patient,
        "text": {"status": "generated", "div": f"<div>{NARRATIVES[n % 10]}</div>"},
        "name": [{"text": NAMES[n]}],
        "identifier": [{"value": patient}],
        "birthDate": "1970-02-03",
        "address": [{"text": NAMES[n], "line": [NARRATIVES[n % 10]], "postalCode": "10011"}],
    }


def write_table(path: Path, rows: int) -> Path:
    """A CSV with columns of names and notes beside those that a mapping reads."""
    with path.open("w") as file:
        file.write("mrn,name,note,what,seen\n")
        for n in range(rows):
            seen = f"2026-03-{2 + n % 7:02d}T15:{n % 60:02d}:{n // 60 % 60:02d}Z"
            who = IDS[n % 20] if n % 3 else f"P{n % 5000}"
            file.write(f"{who},{NAMES[n % 20]},{NARRATIVES[n % 10]},LOGIN,{seen}\n")
    return path


MAPPING = {"patient": "mrn", "event": "what", "when": "seen", "events": {"LOGIN": "sign_in"}}


def can_look_into(pid: int) -> bool:
    """Whether this machine lets the test read that process."""
    return os.access(f"/proc/{pid}/mem", os.R_OK)
