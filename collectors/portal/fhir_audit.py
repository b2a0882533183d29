"""AuditEvent of FHIR R4 and R5: who asked, for what kind of thing, when, and did it succeed.

Names, network addresses, queries and what was read are never looked at.
"""

from collectors.portal.base import PortalEvent
from collectors.portal.fhir_parts import instant, kind_named, referred, target
from collectors.portal.fhir_values import (
    FAILED,
    NOBODY_ASKED,
    NOT_A_PATIENT,
    NOT_A_USE,
    NOT_FHIR,
    SIGN_OUT,
    Json,
    LeftOut,
    codes,
    codings,
    first_text,
    items,
    leaving_out,
    mapping,
    text,
)

LOGIN, LOGOUT = "110122", "110123"
#: FHIR's restful interactions that show something.
VIEWS = frozenset(
    (
        *("read", "vread", "history", "history-instance", "history-type", "search"),
        *("search-type", "search-system", "search-instance", "search-compartment"),
    )
)
WRITES = frozenset(("create", "update", "patch"))
#: Whatever `action` says: delete and capabilities, and DICOM's Application Activity, Audit Log
#: Used, Network Entry, Security Alert and User Authentication.
NEVER = frozenset(("delete", "capabilities", "110100", "110101", "110108", "110113", "110114"))
ACTIONS = {"R": "view", "C": "write", "U": "write"}
#: What is written tells which use it was.
WRITTEN = {
    "Communication": "message",
    "Appointment": "booking",
    "AppointmentResponse": "booking",
    "MedicationRequest": "refill",
}
SUCCESS = frozenset(("0", "success"))

#: Roles of people and programs other than the patient: v3 RoleClass, security roles, DICOM.
OTHERS = frozenset(
    (
        *("PROV", "EMP", "LIC", "QUAL", "ASSIGNED", "AGNT", "GUARD", "NOK", "CAREGIVER", "DEV"),
        *("PPRF", "SPRF", "ATND", "110150", "110151", "110152", "110153", "110154", "110155"),
    )
)
#: The same in words, for roles that a vendor has made up.
OTHERS_WORDS = (
    *("practitioner", "provider", "physician", "doctor", "nurse", "clinician", "staff"),
    *("employee", "pharmacist", "therapist", "dentist", "receptionist", "admin"),
    *("proxy", "guardian", "caregiver", "relatedperson"),
    *("device", "server", "datacollector", "dataprocessor"),
)


@leaving_out
def read_audit_event(found: Json) -> PortalEvent:
    """One AuditEvent as the use that a patient made of the portal; all else is Skipped."""
    event = _event(found)
    if not _succeeded(found.get("outcome")):
        raise LeftOut(FAILED)
    patient = _patient(_asking(items(found.get("agent"))))
    period = mapping(found.get("occurredPeriod"))
    said = first_text(found.get("occurredDateTime"), period.get("start"), found.get("recorded"))
    return PortalEvent(patient, event, instant(said))


def _event(found: Json) -> str:
    named = codes(*(found.get(name) for name in ("type", "subtype", "category", "code")))
    if LOGIN in named:
        return "sign_in"
    if LOGOUT in named:
        raise LeftOut(SIGN_OUT)
    way = _way(named, text(found.get("action")))
    if way == "view":
        return "record_view"
    event = WRITTEN.get(_written(found) or "") if way == "write" else None
    if event is None:
        raise LeftOut(NOT_A_USE)
    return event


def _way(named: set[str], action: str | None) -> str | None:
    """By the interaction where a known one is named, else by the letter."""
    if named & NEVER:
        return None
    if named & VIEWS:
        return "view"
    return "write" if named & WRITES else ACTIONS.get(action or "")


def _written(found: Json) -> str | None:
    """The type of what was written; whose it is, or the request's number, may come before it."""
    for entity in items(found.get("entity")):
        what = mapping(entity.get("what"))
        reference = text(what.get("reference"))
        kind = (target(reference).kind if reference else None) or kind_named(what)
        if kind not in (None, "Patient"):
            return kind
    return None


def _succeeded(outcome: object) -> bool:
    """R4 has a code there, R5 an object; a missing one is no failure."""
    if isinstance(outcome, dict):
        inner = outcome.get("code")
        said = codes(inner) if isinstance(inner, dict) else codes(outcome)
    else:
        code = text(outcome)
        said = set() if code is None else {code}
    return not said or bool(said & SUCCESS)


def _asking(agents: list[Json]) -> Json:
    """The agent who asked: who is said to, else the first of whom it is not denied."""
    if not all(isinstance(agent.get("requestor"), bool | None) for agent in agents):
        raise LeftOut(NOT_FHIR)
    for wanted in (True, None):
        for agent in agents:
            if agent.get("requestor") is wanted:
                return agent
    raise LeftOut(NOBODY_ASKED)


def _patient(agent: Json) -> str:
    """By reference, else by identifier, else by altId where no other role is stated."""
    who = mapping(agent.get("who"))
    patient = referred(who)
    if patient is not None:
        return patient
    if kind_named(who) not in (None, "Patient") or _has_other_role(agent):
        raise LeftOut(NOT_A_PATIENT)
    identifier = mapping(who.get("identifier"))
    patient = first_text(identifier.get("value"), agent.get("altId"))
    if patient is None:
        raise LeftOut(NOBODY_ASKED)
    return patient


def _has_other_role(agent: Json) -> bool:
    for value in (agent.get("type"), agent.get("role")):
        for one in codings(value):
            said = [text(one.get(name)) or "" for name in ("code", "display", "text")]
            words = " ".join(said).casefold()
            if said[0] in OTHERS or any(word in words for word in OTHERS_WORDS):
                return True
    return False
