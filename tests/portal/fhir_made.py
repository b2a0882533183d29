"""Made FHIR resources for tests: no identifier, name or address in them is anyone's."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "portal"
AT = "2026-03-04T05:06:07Z"

Json = dict[str, Any]


def coding(code: str, display: str | None = None) -> Json:
    return {"system": "urn:made:codes", "code": code} | ({"display": display} if display else {})


def concept(code: str, display: str | None = None) -> Json:
    return {"coding": [coding(code, display)]}


def asker(who: Json | None = None, **more: Any) -> Json:
    """An agent who asked: the patient p-1 unless told."""
    return {"who": {"reference": "Patient/p-1"} if who is None else who, "requestor": True} | more


def r4(kind: str, *subtypes: str, **more: Any) -> Json:
    """An AuditEvent of R4."""
    return {
        "resourceType": "AuditEvent",
        "type": coding(kind),
        "subtype": [coding(one) for one in subtypes],
        "recorded": AT,
        "outcome": "0",
        "agent": [asker()],
    } | more


def r5(category: str, code: str, **more: Any) -> Json:
    """An AuditEvent of R5."""
    return {
        "resourceType": "AuditEvent",
        "category": [concept(category)],
        "code": concept(code),
        "recorded": AT,
        "outcome": {"code": coding("success")},
        "agent": [asker()],
    } | more


def on(*references: str) -> list[Json]:
    """The entities of an AuditEvent."""
    return [{"what": {"reference": one}} for one in references]


def encounter(**more: Any) -> Json:
    return {
        "resourceType": "Encounter",
        "status": "finished",
        "class": coding("VR"),
        "subject": {"reference": "Patient/p-1"},
        "period": {"start": AT, "end": "2026-03-04T05:36:07Z"},
    } | more


def observation(**more: Any) -> Json:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": concept("steps"),
        "subject": {"reference": "Patient/p-1"},
        "effectiveDateTime": AT,
        "device": {"reference": "Device/d-1"},
    } | more


def patient(**more: Any) -> Json:
    return {
        "resourceType": "Patient",
        "id": "p-1",
        "birthDate": "1971-08-09",
        "address": [{"postalCode": "90210"}],
    } | more


def ndjson(path: Path, resources: Iterable[Json], packed: bool = False) -> Path:
    """A file of them, a line each."""
    lines = b"".join(json.dumps(one).encode() + b"\n" for one in resources)
    path.write_bytes(gzip.compress(lines) if packed else lines)
    return path
