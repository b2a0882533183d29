"""Values of a resource, of the kind that FHIR has there, and the reasons to leave one out.

A reader leaves a resource out by raising LeftOut with one of REASONS; no other text exists, so no
value of a file can get into one.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from collectors.portal.base import Record, Skipped

Json = dict[str, Any]

NOT_FHIR = "not as FHIR has it"
NO_PATIENT = "no patient is named"
NOBODY_ASKED = "no patient is named as the one who asked"
NOT_A_PATIENT = "someone who is not a patient"
NOT_A_USE = "not a use of the portal"
SIGN_OUT = "a sign-out"
FAILED = "it failed"
NOT_TELEHEALTH = "not a telehealth visit"
NO_VISIT = "it did not take place"
NO_DEVICE = "not from a device"
WITHDRAWN = "it was withdrawn"
NO_TIME = "no time"
NO_ZONE = "a time without its zone"
NO_SUCH_TIME = "a time that cannot be"
REASONS = frozenset(
    (
        *(NOT_FHIR, NO_PATIENT, NOBODY_ASKED, NOT_A_PATIENT, NOT_A_USE, SIGN_OUT, FAILED),
        *(NOT_TELEHEALTH, NO_VISIT, NO_DEVICE, WITHDRAWN, NO_TIME, NO_ZONE, NO_SUCH_TIME),
    )
)


class LeftOut(Exception):
    """A resource that is not handed on, and which of REASONS it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def leaving_out(reader: Callable[[Json], Record]) -> Callable[[Json], Record]:
    """The reader, with LeftOut turned into Skipped."""

    @wraps(reader)
    def guarded(found: Json) -> Record:
        try:
            return reader(found)
        except LeftOut as left:
            return Skipped(left.reason)

    return guarded


def mapping(value: object) -> Json:
    """An object, empty where it is missing; LeftOut for any other kind of value."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise LeftOut(NOT_FHIR)
    return value


def items(value: object) -> list[Json]:
    """A list of objects, empty where it is missing; LeftOut for any other kind of value."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise LeftOut(NOT_FHIR)
    return [mapping(one) for one in value]


def text(value: object) -> str | None:
    """A text without the blanks around it, None where nothing is left; LeftOut for no text."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise LeftOut(NOT_FHIR)
    return value.strip() or None


def first_text(*values: object) -> str | None:
    """The first that says something."""
    return next((found for value in values if (found := text(value)) is not None), None)


def codings(value: object) -> Iterator[Json]:
    """Of a Coding, a CodeableConcept or a list of either: all that may hold code or display."""
    for one in [value] if isinstance(value, dict) else items(value):
        yield mapping(one)
        yield from items(mapping(one).get("coding"))


def codes(*values: object) -> set[str]:
    """The codes of Codings and CodeableConcepts, whatever system they are of."""
    found = (text(one.get("code")) for value in values for one in codings(value))
    return {code for code in found if code is not None}
