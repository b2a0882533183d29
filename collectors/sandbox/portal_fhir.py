"""The made portal log as FHIR R4 NDJSON, with decoys that no reader may let through.

Articles and topics are no part of it: they live in the portal's own content system, and FHIR has
no common way to tell of them.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from collectors.sandbox.portal_made import MadeLog, iso_texts
from collectors.sandbox.portal_people import UNKNOWN, People
from collectors.sandbox.portal_plan import KINDS

Resource = dict[str, Any]

DECOY = "decoy"
"""Stands in every name, address, telephone line and narrative that is dropped at the reader."""
FILES = ("AuditEvent", "Encounter", "Observation", "Patient")

_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_AUDIT = "http://terminology.hl7.org/CodeSystem/audit-event-type"
_REST = "http://hl7.org/fhir/restful-interaction"
_ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_GIVEN = ("Ada", "Ben", "Carla", "Dov", "Elif", "Femi", "Grace", "Hugo", "Ines", "Jun")
_STAFF = 6
_VISIT = timedelta(minutes=15)

#: type, subtype, action and outcome of an AuditEvent, and of which type its entity is.
_AUDITED: Mapping[str, tuple[str, str, str, str, str | None]] = {
    "sign_in": ("110114", "110122", "E", "0", None),
    "failed_sign_in": ("110114", "110122", "E", "8", None),
    "sign_out": ("110114", "110123", "E", "0", None),
    "record_view": ("rest", "read", "R", "0", "DiagnosticReport"),
    "staff_view": ("rest", "read", "R", "0", "Patient"),
    "message": ("rest", "create", "C", "0", "Communication"),
    "booking": ("rest", "create", "C", "0", "Appointment"),
    "refill": ("rest", "create", "C", "0", "MedicationRequest"),
}


def write_fhir(folder: Path, log: MadeLog) -> dict[Path, int]:
    """Write a file for each type of resource and tell how many of them each holds.

    Made where there is none. A row's id is made of its kind, patient and second, so that rows
    that stand there twice have the same. Every patient is in Patient.ndjson.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.ndjson" for name in FILES}
    written = dict.fromkeys(FILES, 0)
    with ExitStack() as stack:
        files = {name: stack.enter_context(path.open("wb")) for name, path in paths.items()}
        for resource in _resources(log):
            kind = resource["resourceType"]
            files[kind].write(orjson.dumps(resource, option=orjson.OPT_APPEND_NEWLINE))
            written[kind] += 1
    return {paths[name]: number for name, number in written.items()}


class _Row(NamedTuple):
    kind: str
    patient: str
    second: int  # since 1970
    at: str  # the same as FHIR writes it

    @property
    def id(self) -> str:
        """As FHIR wants ids: letters, digits and hyphens, 64 at most."""
        return f"{self.kind.replace('_', '-')}-{self.patient}-{self.second}"


def _resources(log: MadeLog) -> Iterator[Resource]:
    for number, patient in enumerate(log.people.ids):
        yield _patient(log.people, number, patient)
    for _, rows in log:
        columns = (
            rows.patient.tolist(),
            rows.kind.tolist(),
            rows.at.tolist(),
            iso_texts(rows.at).to_pylist(),
        )
        for number, code, second, at in zip(*columns, strict=True):
            make = _MAKERS.get(KINDS[code])
            if make is not None:
                yield make(_Row(KINDS[code], log.people.ids[number], second, at))


def _audit_event(row: _Row) -> Resource:
    type_, subtype, action, outcome, entity = _AUDITED[row.kind]
    is_rest = type_ == "rest"
    return {
        "resourceType": "AuditEvent",
        "id": row.id,
        "type": {"system": _AUDIT if is_rest else _DICOM, "code": type_},
        "subtype": [{"system": _REST if is_rest else _DICOM, "code": subtype}],
        "action": action,
        "recorded": row.at,
        "outcome": outcome,
        "agent": [_agent(row)],
        "source": {"observer": {"display": "Harbor Family Medicine portal"}},
        **({"entity": [_entity(entity, row)]} if entity else {}),
    }


def _agent(row: _Row) -> Resource:
    kind, identity = "Patient", row.patient
    if row.kind == "staff_view":
        kind, identity = "Practitioner", f"S{row.second % _STAFF + 1:03d}"
    return {
        "who": {"reference": f"{kind}/{identity}"},
        "altId": f"{DECOY}-{identity}",
        "name": _name(row.patient),
        "requestor": True,
        "network": {"address": f"{identity.lower()}.{DECOY}.example", "type": "1"},
    }


def _entity(type_: str, row: _Row) -> Resource:
    identity = row.patient if type_ == "Patient" else row.id
    return {"what": {"reference": f"{type_}/{identity}"}, "name": f"{DECOY} entry"}


def _encounter(row: _Row) -> Resource:
    end = datetime.fromtimestamp(row.second, UTC) + _VISIT
    code = "VR" if row.kind == "telehealth_visit" else "AMB"
    return {
        "resourceType": "Encounter",
        "id": row.id,
        "status": "finished",
        "class": {"system": _ACT, "code": code},
        "subject": {"reference": f"Patient/{row.patient}", "display": _name(row.patient)},
        "period": {"start": row.at, "end": end.strftime("%Y-%m-%dT%H:%M:%SZ")},
    }


def _observation(row: _Row) -> Resource:
    return {
        "resourceType": "Observation",
        "id": row.id,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "41950-7"}]},
        "subject": {"reference": f"Patient/{row.patient}", "display": _name(row.patient)},
        "effectiveDateTime": row.at,
        "valueQuantity": {"value": row.second % 9000 + 500, "unit": "steps"},
        "device": {"reference": f"Device/{DECOY}-{row.patient}"},
    }


def _patient(people: People, number: int, patient: str) -> Resource:
    name, place = _name(patient), int(people.zips[number])
    made: Resource = {
        "resourceType": "Patient",
        "id": patient,
        "text": {"status": "generated", "div": f"<div>{name}, {DECOY} narrative</div>"},
        "name": [{"family": "Decoyson", "given": [name.split()[0]], "text": name}],
        "telecom": [{"system": "email", "value": f"{patient.lower()}@{DECOY}.example"}],
        "address": [{"line": [f"{number + 1} {DECOY.title()} Street"]}],
    }
    if people.knows_age[number]:
        born = date(1970, 1, 1) + timedelta(days=int(people.births[number]))
        made["birthDate"] = born.isoformat()
    if place != UNKNOWN:
        made["address"][0]["postalCode"] = people.zip_codes[place]
    return made


def _name(patient: str) -> str:
    return f"{_GIVEN[int(patient[1:]) % len(_GIVEN)]} Decoyson"


#: Which resource a kind of row becomes; what is missing is left out.
_MAKERS: Mapping[str, Callable[[_Row], Resource]] = {
    **dict.fromkeys(_AUDITED, _audit_event),
    **dict.fromkeys(("telehealth_visit", "office_visit"), _encounter),
    "wearable_sync": _observation,
}
