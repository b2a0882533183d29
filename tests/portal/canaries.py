"""Sixty made identifiers, names, queries and narratives, and where one looks for them."""

import base64
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

IDS = tuple(f"MRN-canary-{n:02d}-8271" for n in range(20))
NAMES = tuple(f"Xantippe{n:02d} Canaryson" for n in range(20))
QUERIES = tuple(f"https://ehr.invalid/Patient?identifier=canary{n}q" for n in range(10))
NARRATIVES = tuple(f"narrative canary {n} was seen for her thyroid" for n in range(10))
ALL = (*IDS, *NAMES, *QUERIES, *NARRATIVES)


def _forms(canary: str) -> Iterator[bytes]:
    """As text in two encodings, and as base64 at each of its three offsets."""
    yield canary.encode()
    yield canary.encode("utf-16-le")
    for offset in range(3):
        packed = base64.b64encode(b"\0" * offset + canary.encode())
        yield packed[offset + 1 : -4]


FORMS = tuple(form for canary in ALL for form in _forms(canary))


def found_in(content: bytes) -> list[bytes]:
    """Which forms of canaries stand in it."""
    return [form for form in FORMS if form in content]


def found_below(folders: Iterable[Path]) -> list[tuple[str, bytes]]:
    """The same of every file below, whole and where it is compressed."""
    hits = []
    for folder in folders:
        for path in (one for one in folder.rglob("*") if one.is_file()):
            content = path.read_bytes()
            hits += [(path.name, form) for form in found_in(content + _unpacked(content))]
    return hits


def _unpacked(content: bytes) -> bytes:
    """What any zlib stream within it holds: raw replies are kept so."""
    out, place = b"", content.find(b"\x78")
    while place != -1:
        if content[place + 1 : place + 2] in (b"\x01", b"\x5e", b"\x9c", b"\xda"):
            with suppress(zlib.error):
                out += zlib.decompressobj().decompress(content[place:], 1_000_000)
        place = content.find(b"\x78", place + 1)
    return out


def memory_of(pid: int) -> bytes:
    """All that a process has in memory that can be written: what a core file would hold."""
    held = b""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if "r" not in rights or "w" not in rights:
                continue
            begin, end = (int(edge, 16) for edge in span.split("-"))
            try:
                memory.seek(begin)
                held += memory.read(end - begin)
            except (OSError, ValueError, OverflowError):
                continue  # a page that cannot be read is in no core file either
    return held


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
