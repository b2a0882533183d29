"""Whatever a file holds: no exception, no reason but the listed ones, no value in any text."""

import base64
import dataclasses
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.portal.base import PatientFacts, PortalEvent, Record, Skipped
from collectors.portal.fhir import RESOURCES, read
from collectors.portal.fhir_values import REASONS
from data.errors import Refused
from data.privacy.keys import EVENTS
from tests.portal.fhir_made import (
    AT,
    Json,
    asker,
    coding,
    concept,
    encounter,
    observation,
    on,
    patient,
    r4,
    r5,
)

NAMES = (
    *("type", "subtype", "category", "code", "coding", "display", "text", "action", "outcome"),
    *("agent", "who", "reference", "identifier", "value", "altId", "requestor", "role"),
    *("recorded", "occurredDateTime", "occurredPeriod", "start", "entity", "what", "class"),
    *("status", "subject", "period", "device", "effectiveDateTime", "issued", "id", "birthDate"),
    *("address", "postalCode", "use", "resourceType"),
)
TELLING = (
    *("110122", "110123", "rest", "read", "create", "R", "C", "0", "success", "VR", AT, "old"),
    *("Patient/7", "Communication/7", "Patient?identifier=%", "urn:uuid:7", "/", "90210"),
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(TELLING)
    | st.text(max_size=9)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=20,
)
WHOLE: tuple[Json, ...] = (
    r4("110114", "110122", action="E"),
    r4("rest", "create", entity=on("Communication/7")),
    r4("rest", "read", agent=[asker({"identifier": {"value": "7"}}, type=concept("humanuser"))]),
    r5("rest", "read", occurredPeriod={"start": AT}),
    encounter(),
    observation(),
    patient(),
)


def is_as_promised(record: Record) -> bool:
    match record:
        case Skipped():
            return record.reason in REASONS
        case PortalEvent():
            whole = record.event in EVENTS and record.at.tzinfo is not None
            return whole and bool(record.patient.strip())
        case PatientFacts():
            return bool(record.patient.strip())


@given(st.sampled_from(sorted(RESOURCES)), st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_any_json_gives_a_record(kind: str, found: Json) -> None:
    assert is_as_promised(RESOURCES[kind](found | {"resourceType": kind}))


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for step, one in inner:
        yield (*way, step)
        if isinstance(one, (dict, list)):
            yield from places(one, (*way, step))


@given(st.data())
def test_a_good_resource_with_anything_in_one_place_gives_a_record(data: st.DataObject) -> None:
    found = json.loads(json.dumps(data.draw(st.sampled_from(WHOLE))))
    *way, last = data.draw(st.sampled_from(list(places(found))))
    inside = found
    for step in way:
        inside = inside[step]
    inside[last] = data.draw(VALUES)
    kind = data.draw(st.sampled_from(sorted(RESOURCES)))
    assert is_as_promised(RESOURCES[kind](found))


CANARY = "Zanzibarquist"
SECRETS = (CANARY, base64.b64encode(CANARY.encode()).decode(), "203-00-7777", "198.51.100.77")
NARRATIVE = {"status": "generated", "div": f"<div>{CANARY} 203-00-7777</div>"}
ENTITY = {
    "what": {"reference": f"DocumentReference/{CANARY}", "display": CANARY},
    "name": CANARY,
    "description": CANARY,
    "query": SECRETS[1],
    "detail": [{"type": CANARY, "valueString": CANARY}],
}
WITH_NAMES: Json = {
    "id": CANARY,
    "text": NARRATIVE,
    "contained": [{"resourceType": "Patient", "id": CANARY, "name": [{"family": CANARY}]}],
    "extension": [{"url": CANARY, "valueString": CANARY}],
    "identifier": [{"system": "urn:ssn", "value": "203-00-7777"}],
    "note": [{"text": CANARY}],
}


def agent(**more: Any) -> Json:
    network = {"address": "198.51.100.77", "type": "2"}
    return {"name": CANARY, "network": network, "policy": [CANARY], "requestor": True} | more


def with_names() -> Iterator[Json]:
    """Resources of every kind and fate, with canaries wherever they can stand."""
    patient_id = {"reference": f"Patient/{CANARY}", "display": CANARY}
    for who in (
        patient_id,
        {"identifier": {"value": CANARY}},
        {"reference": f"Practitioner/{CANARY}"},
        {"reference": f"Patient?identifier={CANARY}|{CANARY}"},
        {"reference": CANARY},
        {"display": CANARY},
        CANARY,
    ):
        yield WITH_NAMES | r4("rest", "search", agent=[agent(who=who)], entity=[ENTITY])
    yield WITH_NAMES | r4("110114", "110122", agent=[agent(altId=CANARY)], outcomeDesc=CANARY)
    for wrong in (
        {"recorded": CANARY},
        {"outcome": CANARY},
        {"action": CANARY},
        {"type": coding(CANARY, CANARY), "subtype": []},
        {"agent": CANARY},
        {"type": CANARY},
    ):
        yield WITH_NAMES | r4("rest", "read", agent=[agent(who=patient_id)]) | wrong
    for make in (encounter, observation):
        yield WITH_NAMES | make(subject=patient_id)
        yield WITH_NAMES | make(subject=patient_id, status=CANARY, effectiveDateTime=CANARY)
        yield WITH_NAMES | make(subject={"reference": f"Group/{CANARY}"}, period=CANARY)
    named = {"name": [{"family": CANARY}], "telecom": [{"value": CANARY}], "photo": [CANARY]}
    address = {"line": [CANARY], "city": CANARY, "postalCode": CANARY}
    yield WITH_NAMES | patient(id=CANARY, address=[address], birthDate=CANARY) | named
    yield WITH_NAMES | patient(id=CANARY, address=CANARY) | named
    yield {"resourceType": CANARY, "name": CANARY}
    yield {CANARY: CANARY}


def texts(record: Record) -> Iterator[str]:
    """All that a record says, but for whose it is."""
    for field in dataclasses.fields(record):
        if field.name != "patient":
            yield str(getattr(record, field.name))


def holds_a_secret(said: str) -> bool:
    return any(secret in said for secret in SECRETS)


def test_no_value_of_a_file_gets_into_a_record(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    resources = list(with_names())
    lines = [json.dumps(one) for one in resources]
    lines += [f'{{"resourceType": "Patient", "id": "{CANARY}', CANARY, f'["{CANARY}"]']
    path = tmp_path / "log.ndjson"
    path.write_text("\n".join(lines))
    records = list(read(path))
    assert len(records) == len(lines)
    assert {type(one) for one in records} == {PortalEvent, PatientFacts, Skipped}
    assert not [said for one in records for said in texts(one) if holds_a_secret(said)]
    assert not holds_a_secret(caplog.text + "".join(capfd.readouterr()))


@pytest.mark.parametrize(
    "content",
    [
        f"{CANARY},203-00-7777\n",
        f'{{"{CANARY}": "{CANARY}"}}',
        f'{{"resourceType": "Bundle",\n "entry": [{{"resource": {{"id": "{CANARY}',
        f'[{{"resourceType": "{CANARY}"}}, {CANARY}]',
        f'{{"resourceType": "Patient", "id": "{CANARY}",\n "x": NaN}}',
    ],
)
def test_no_value_of_a_file_gets_into_a_refusal(tmp_path: Path, content: str) -> None:
    path = tmp_path / "log.json"
    path.write_text(content)
    with pytest.raises(Refused) as refusal:
        list(read(path))
    error = refusal.value
    assert not holds_a_secret(error.sentence() + repr(error))
    assert error.__context__ is None and error.__cause__ is None
