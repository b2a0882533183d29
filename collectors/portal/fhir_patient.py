"""Patient of FHIR R4 and R5: the year of birth and three digits of the ZIP code, nothing else."""

import re
from datetime import date

from collectors.portal.base import NO_YEAR, PatientFacts
from collectors.portal.fhir_parts import FIRST_YEAR, LAST_YEAR
from collectors.portal.fhir_values import NO_PATIENT, Json, LeftOut, items, leaving_out, text

_BIRTH = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_ZIP = re.compile(r"(\d{3})\d\d(?:-?\d{4})?", re.ASCII)


@leaving_out
def read_patient(found: Json) -> PatientFacts:
    """The facts of one Patient, None for what is missing; Skipped without an id."""
    patient = text(found.get("id"))
    if patient is None:
        raise LeftOut(NO_PATIENT)
    born = text(found.get("birthDate"))
    return PatientFacts(
        patient, None if born is None else _year(born), _zip3(items(found.get("address")))
    )


def _year(said: str) -> int:
    match = _BIRTH.fullmatch(said)
    if match is None:
        return NO_YEAR
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        date(year, month, day)
    except ValueError:
        return NO_YEAR
    return year if FIRST_YEAR <= year <= LAST_YEAR else NO_YEAR


def _zip3(addresses: list[Json]) -> str | None:
    """Of the first address that is not an old one and has a ZIP code."""
    for address in addresses:
        if text(address.get("use")) == "old":
            continue
        match = _ZIP.fullmatch(text(address.get("postalCode")) or "")
        if match is not None:
            return match[1]
    return None
