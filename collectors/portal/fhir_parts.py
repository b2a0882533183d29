"""References and instants of FHIR resources, read as strictly as FHIR writes them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from collectors.portal.fhir_values import (
    NO_PATIENT,
    NO_SUCH_TIME,
    NO_TIME,
    NO_ZONE,
    NOT_A_PATIENT,
    Json,
    LeftOut,
    mapping,
    text,
)

FIRST_YEAR, LAST_YEAR = 1900, 2200
_TIME = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)"
    r"(?:T([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d+))?"
    r"(Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?)?)?)?",
    re.ASCII,
)
_TYPE = re.compile(r"[A-Z][a-z][A-Za-z]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reference leads, as far as its text says."""

    kind: str | None
    identity: str | None


def target(reference: str) -> Target:
    """`Patient/7`, the same behind an address or before `/_history`, `Patient?identifier=s|7`."""
    path, _, query = reference.partition("?")
    steps = path.partition("#")[0].partition("/_history")[0].rstrip("/").split("/")
    kind, identity = steps[-2] if len(steps) > 1 else "", steps[-1].strip()
    last_is_kind = _TYPE.fullmatch(identity) is not None
    if last_is_kind and (query or not _TYPE.fullmatch(kind)):
        return Target(identity, _sought(query))
    return Target(kind, identity or None) if _TYPE.fullmatch(kind) else Target(None, None)


def _sought(query: str) -> str | None:
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name == "identifier":
            return unquote(value).rpartition("|")[2].strip() or None
    return None


def kind_named(reference: Json) -> str | None:
    """The type that a Reference states in its element of that name, short or as an address."""
    stated = text(reference.get("type"))
    return None if stated is None else stated.rpartition("/")[2]


def referred(who: Json) -> str | None:
    """The id of the Patient whom `reference` leads to; None where there is no reference.

    Raises LeftOut where it leads to anyone else, or does not say to what.
    """
    reference = text(who.get("reference"))
    if reference is None:
        return None
    found = target(reference)
    kind = found.kind or kind_named(who)
    if kind != "Patient":
        raise LeftOut(NOT_A_PATIENT)
    if found.kind is None and reference.startswith("urn:uuid:"):
        return text(reference.removeprefix("urn:uuid:"))
    return found.identity


def subject(value: object) -> str:
    """The id of the Patient whom a resource is about; raises LeftOut for anyone else."""
    patient = referred(mapping(value))
    if patient is None:
        raise LeftOut(NO_PATIENT)
    return patient


def instant(value: object) -> datetime:
    """An aware time in UTC, to the microsecond; raises LeftOut where a part of it is missing.

    A leap second counts as the one before it: Python has none.
    """
    said = text(value)
    if said is None:
        raise LeftOut(NO_TIME)
    match = _TIME.fullmatch(said)
    if match is None:
        raise LeftOut(NO_SUCH_TIME)
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    if zone is None:
        raise LeftOut(NO_ZONE)
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        local = datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=UTC)
        at = local.replace(second=min(int(second), 59), microsecond=micro) - _offset(zone)
    except (ValueError, OverflowError):
        raise LeftOut(NO_SUCH_TIME) from None
    if not (FIRST_YEAR <= local.year <= LAST_YEAR and FIRST_YEAR <= at.year <= LAST_YEAR):
        raise LeftOut(NO_SUCH_TIME)
    return at


def _offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta()
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
    return -ahead if zone[0] == "-" else ahead
