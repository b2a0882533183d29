"""AuditEvent: which use of the portal it tells of, by which patient, when; and what is left out.

Long because each case shows a whole resource.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.portal.base import PortalEvent, Record, Skipped
from collectors.portal.fhir_audit import read_audit_event as read
from tests.portal.fhir_made import AT, Json, asker, coding, concept, on, r4, r5

WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
NOT_A_USE = Skipped("not a use of the portal")
NOT_A_PATIENT = Skipped("someone who is not a patient")
NOBODY = Skipped("no patient is named as the one who asked")


def used(event: str, patient: str = "p-1") -> PortalEvent:
    return PortalEvent(patient, event, WHEN)


def login(**more: Any) -> Json:
    return r4("110114", "110122", **more)


def by(*agents: Json) -> Record:
    """What a sign-in by these agents is read as."""
    return read(login(agent=list(agents)))


# Which use


def test_a_login_is_a_sign_in_in_r4_and_in_r5() -> None:
    assert read(login()) == used("sign_in")
    assert read(r5("110114", "110122")) == used("sign_in")


def test_a_logout_is_left_out_even_where_the_action_is_a_read() -> None:
    assert read(r4("110114", "110123", action="R")) == Skipped("a sign-out")
    assert read(r5("110114", "110123")) == Skipped("a sign-out")


@pytest.mark.parametrize(
    "interaction",
    (
        *("read", "vread", "search", "search-type", "search-system", "search-instance"),
        *("history", "history-instance", "history-type"),
    ),
)
def test_what_shows_something_is_a_record_view(interaction: str) -> None:
    assert read(r4("rest", interaction, action="E")) == used("record_view")
    assert read(r5("rest", interaction)) == used("record_view")


def test_a_read_by_the_action_alone_is_a_record_view() -> None:
    assert read(r4("rest", action="R")) == used("record_view")
    assert read(r4("110110", "made-up", action="R")) == used("record_view")


def test_reading_a_document_is_a_record_view() -> None:
    assert read(r4("rest", "read", entity=on("DocumentReference/8"))) == used("record_view")


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("Communication", "message"),
        ("Appointment", "booking"),
        ("AppointmentResponse", "booking"),
        ("MedicationRequest", "refill"),
    ],
)
@pytest.mark.parametrize(
    "reference",
    [
        "{}/8",
        "{}/8/_history/2",
        "https://portal.example/fhir/{}/8",
        "{}",
        "https://portal.example/fhir/{}",
    ],
)
def test_what_is_written_tells_the_use(kind: str, event: str, reference: str) -> None:
    entity = on(reference.format(kind))
    assert read(r4("rest", "create", entity=entity)) == used(event)
    assert read(r4("rest", "update", entity=entity)) == used(event)
    assert read(r4("rest", action="C", entity=entity)) == used(event)
    assert read(r4("rest", action="U", entity=entity)) == used(event)
    assert read(r5("rest", "create", entity=entity)) == used(event)


def test_the_patient_may_be_named_before_what_is_written() -> None:
    entity = [{"what": {"identifier": {"value": "x"}}}, *on("Patient/p-1", "Appointment/8")]
    assert read(r4("rest", "create", entity=entity)) == used("booking")


def test_the_first_thing_written_decides() -> None:
    entity = on("Basic/1", "Appointment/8")
    assert read(r4("rest", "create", entity=entity)) == NOT_A_USE


@pytest.mark.parametrize(
    "found",
    [
        r4("rest", "create"),
        r4("rest", "create", entity=on("QuestionnaireResponse/8")),
        r4("rest", "create", entity=on("Patient/p-1")),
        r4("rest", "create", entity=on("urn:uuid:0b5e")),
        r4("rest", "delete", action="R"),
        r4("rest", "capabilities", action="R"),
        r4("rest", "operation", action="E"),
        r4("rest", action="D"),
        r4("rest"),
        r4("110114", action="R"),
        r4("110113", "110127", action="R"),
        r4("110101", action="R"),
        r5("made", "RID45814"),
        {"resourceType": "AuditEvent"},
    ],
)
def test_anything_else_is_no_use_of_the_portal(found: Json) -> None:
    assert read(found) == NOT_A_USE


# Whether it succeeded


@pytest.mark.parametrize(
    "outcome",
    [
        "0",
        None,
        "",
        {"code": coding("success")},
        {"code": coding("0")},
        {"code": concept("success")},
        {"coding": [coding("success")]},
        {},
        {"detail": [concept("x")]},
    ],
)
def test_a_success_counts_and_so_does_no_outcome(outcome: object) -> None:
    assert read(login(outcome=outcome)) == used("sign_in")


@pytest.mark.parametrize(
    "outcome",
    ["4", "8", "12", {"code": coding("error")}, {"code": concept("fatal")}, {"code": "error"}],
)
def test_a_failure_is_left_out(outcome: object) -> None:
    assert read(login(outcome=outcome)) == Skipped("it failed")


# Who asked


@pytest.mark.parametrize(
    ("reference", "patient"),
    [
        ("Patient/7", "7"),
        (" Patient/7 ", "7"),
        ("Patient/7/_history/3", "7"),
        ("https://ehr.example/api/FHIR/R4/Patient/7", "7"),
        ("https://ehr.example/fhir/Patient/7/_history/3", "7"),
        ("Patient/Bob", "Bob"),
        ("Patient?identifier=https://ehr.example/mrn|7-a", "7-a"),
        ("Patient?identifier=https%3A%2F%2Fehr.example%2Fmrn%7C7-a", "7-a"),
        ("Patient?identifier=urn:made#mrn|7-a&active=true", "7-a"),
        ("https://ehr.example/fhir/Patient?identifier=7-a", "7-a"),
    ],
)
def test_the_patient_is_whom_the_reference_leads_to(reference: str, patient: str) -> None:
    assert by(asker({"reference": reference})) == used("sign_in", patient)


@pytest.mark.parametrize(
    "reference",
    [
        "Practitioner/7",
        "https://ehr.example/fhir/PractitionerRole/7",
        "Organization/7",
        "Device/7",
        "RelatedPerson/7",
        "Group/7",
        "Practitioner?identifier=s|7",
        "7",
        "#p",
        "urn:uuid:0b5e",
        "patient/7",
        "///",
    ],
)
def test_a_reference_that_leads_elsewhere_or_nowhere_is_no_patient(reference: str) -> None:
    who = {"reference": reference, "identifier": {"value": "7"}}
    assert by(asker(who, altId="7")) == NOT_A_PATIENT


def test_a_reference_by_uuid_counts_where_its_type_says_patient() -> None:
    assert by(asker({"reference": "urn:uuid:0b5e", "type": "Patient"})) == used("sign_in", "0b5e")


def test_without_a_reference_the_identifier_counts_then_the_alt_id() -> None:
    both = {"identifier": {"value": " 7 "}}
    assert by(asker(both, altId="9")) == used("sign_in", "7")
    assert by(asker({"identifier": {"value": " "}}, altId="9 ")) == used("sign_in", "9")
    assert by(asker({"reference": ""}, altId="9")) == used("sign_in", "9")
    assert by({"altId": "9"}) == used("sign_in", "9")


@pytest.mark.parametrize("role", ["humanuser", "patient", "PAT", "IRCP", "portal-user"])
def test_an_identifier_counts_in_the_role_of_a_patient_or_of_a_user(role: str) -> None:
    who = {"identifier": {"value": "7"}}
    assert by(asker(who, type=concept(role), role=[concept(role)])) == used("sign_in", "7")


@pytest.mark.parametrize(
    "role",
    [
        concept("PROV"),
        concept("110153", "Source Role ID"),
        concept("x", "Healthcare Practitioner"),
        concept("DOCTOR"),
        concept("x", "Registered nurse"),
        concept("CLINIC_STAFF"),
        concept("x", "provider"),
        concept("authserver"),
        {"text": "Attending Physician"},
        {"coding": [coding("humanuser"), coding("x", "Clinician")]},
    ],
)
def test_an_identifier_does_not_count_in_anyone_elses_role(role: Json) -> None:
    who = {"identifier": {"value": "7"}}
    assert by(asker(who, type=role)) == NOT_A_PATIENT
    assert by(asker(who, role=[concept("humanuser"), role])) == NOT_A_PATIENT
    assert by(asker({}, altId="7", role=[role])) == NOT_A_PATIENT


def test_an_identifier_of_another_type_is_no_patients() -> None:
    who = {"identifier": {"value": "7"}}
    assert by(asker(who | {"type": "Practitioner"})) == NOT_A_PATIENT
    stated = "http://hl7.org/fhir/StructureDefinition/Patient"
    assert by(asker(who | {"type": stated})) == used("sign_in", "7")


def test_who_asked_is_the_one_said_to_have() -> None:
    program = {"who": {"reference": "Device/d"}, "requestor": False}
    assert by(program, asker()) == used("sign_in")
    doctor = asker({"reference": "Practitioner/7"})
    assert by({"who": {"reference": "Patient/p-1"}}, doctor) == NOT_A_PATIENT


def test_where_nobody_is_said_to_the_first_asked_unless_it_is_denied() -> None:
    patient: Json = {"who": {"reference": "Patient/p-1"}}
    doctor: Json = {"who": {"reference": "Practitioner/7"}}
    assert by(patient, doctor) == used("sign_in")
    assert by(doctor, patient) == NOT_A_PATIENT
    assert by(doctor | {"requestor": False}, patient) == used("sign_in")
    assert by(patient | {"requestor": False}) == NOBODY


def test_a_chart_read_by_staff_is_never_its_patients_use() -> None:
    staff = asker({"reference": "Practitioner/7"})
    found = r4("rest", "read", agent=[staff], entity=on("Patient/p-1"))
    assert read(found) == NOT_A_PATIENT
    assert read(found | {"agent": []}) == NOBODY
    assert read(found | {"agent": [{"requestor": True, "name": "Ann Example"}]}) == NOBODY
    assert read(found | {"patient": {"reference": "Patient/p-1"}, "agent": None}) == NOBODY


# When


@pytest.mark.parametrize(
    ("times", "hour"),
    [
        ({"occurredDateTime": "2026-03-04T01:00:00Z"}, 1),
        ({"occurredPeriod": {"start": "2026-03-04T02:00:00Z", "end": AT}}, 2),
        ({"occurredPeriod": {"end": AT}}, 5),
        ({}, 5),
    ],
)
def test_it_was_when_it_occurred_else_when_it_was_recorded(times: Json, hour: int) -> None:
    event = read(r5("110114", "110122", **times))
    assert isinstance(event, PortalEvent) and event.at.hour == hour


# Values of a wrong kind


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "110114"},
        {"type": [[]]},
        {"subtype": {"code": 110122}},
        {"subtype": ["110122"]},
        {"outcome": 0},
        {"outcome": []},
        {"recorded": 1772600767},
        {"agent": asker()},
        {"agent": [None, "x"]},
        {"agent": [asker("Patient/7")]},  # type: ignore[arg-type]
        {"agent": [asker({"reference": 7})]},
        {"agent": [asker({"identifier": {"value": 7}})]},
        {"agent": [asker({"identifier": "7"})]},
        {"agent": [asker({}, altId=7)]},
        {"agent": [asker({}, altId="7", role="patient")]},
        {"agent": [asker(requestor="true")]},
        {"occurredPeriod": AT},
    ],
)
def test_a_value_of_a_wrong_kind_leaves_the_event_out(wrong: Json) -> None:
    assert read(login(**wrong)) == Skipped("not as FHIR has it")
