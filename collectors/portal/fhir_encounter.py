"""Encounter of FHIR R4 and R5: that a visit was held at a distance, whose, and when it began."""

from collectors.portal.base import PortalEvent
from collectors.portal.fhir_parts import instant, subject
from collectors.portal.fhir_values import (
    NO_VISIT,
    NOT_TELEHEALTH,
    Json,
    LeftOut,
    codes,
    leaving_out,
    mapping,
    text,
)

VIRTUAL = "VR"
#: A visit that was begun and broken off did take place; so did one of unknown status.
NOT_HELD = frozenset(
    (
        *("planned", "proposed", "pending", "booked", "waitlist"),
        *("noshow", "no-show", "cancelled", "entered-in-error"),
    )
)


@leaving_out
def read_encounter(found: Json) -> PortalEvent:
    """One Encounter of class VR as a telehealth visit at its beginning; all else is Skipped."""
    if VIRTUAL not in codes(found.get("class")):
        raise LeftOut(NOT_TELEHEALTH)
    if text(found.get("status")) in NOT_HELD:
        raise LeftOut(NO_VISIT)
    began = mapping(found.get("period")).get("start")
    return PortalEvent(subject(found.get("subject")), "telehealth_visit", instant(began))
