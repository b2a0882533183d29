"""Observation of FHIR R4 and R5: that a device sent something, whose, and when: never what."""

from collectors.portal.base import PortalEvent
from collectors.portal.fhir_parts import instant, subject
from collectors.portal.fhir_values import (
    NO_DEVICE,
    WITHDRAWN,
    Json,
    LeftOut,
    first_text,
    leaving_out,
    mapping,
    text,
)

GONE = frozenset(("cancelled", "entered-in-error"))


@leaving_out
def read_observation(found: Json) -> PortalEvent:
    """One Observation that names its device as a wearable's sync; all else is Skipped."""
    device = mapping(found.get("device"))
    identifier = mapping(device.get("identifier"))
    if first_text(device.get("reference"), identifier.get("value"), device.get("display")) is None:
        raise LeftOut(NO_DEVICE)
    if text(found.get("status")) in GONE:
        raise LeftOut(WITHDRAWN)
    said = first_text(
        found.get("effectiveDateTime"),
        mapping(found.get("effectivePeriod")).get("start"),
        found.get("effectiveInstant"),
        found.get("issued"),
    )
    return PortalEvent(subject(found.get("subject")), "wearable_sync", instant(said))
