"""What a practice may say of itself."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from data.errors import Refused
from data.privacy.keys import MOST_ZIP3S

LANGUAGES = ("en", "es")

DEFAULTS: Mapping[str, Any] = {
    "name": "My practice",
    "zone": "America/New_York",
    "currency": "USD",
    "language": "en",
}

_LISTS = ("zip3s", "phones", "emails", "addresses", "sites", "staff")
_PLAIN = ("is_demo", "collecting_since", "portal_folder")


def checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, tidied; Refused with a sentence on the first that cannot be."""
    done: dict[str, Any] = {}
    for name, value in fields.items():
        if name in _CHECKS:
            done[name] = _CHECKS[name](value)
        elif name in _LISTS:
            done[name] = [entry.strip() for entry in value if entry.strip()]
        elif name in _PLAIN:
            done[name] = value
        else:
            raise TypeError(f"a practice has no {name}")
    if "zip3s" in done:
        _check_zip3s(done["zip3s"])
    return done


def _name(value: str) -> str:
    if not value.strip():
        raise Refused("A practice needs a name.")
    return value.strip()


def _zone(value: str) -> str:
    wanted = value.strip()
    if wanted not in available_timezones():
        raise Refused(f"{value!r} is no time zone.", "Use an IANA name such as America/New_York.")
    return ZoneInfo(wanted).key


def _currency(value: str) -> str:
    wanted = value.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", wanted):
        raise Refused(f"{value!r} is no currency.", "Use its three letters, such as USD or EUR.")
    return wanted


def _language(value: str) -> str:
    wanted = value.strip().lower()
    if wanted not in LANGUAGES:
        raise Refused(f"{value!r} is no language of Reachwell.", "It speaks en and es.")
    return wanted


def _patients(value: int | None) -> int | None:
    if value is not None and value < 0:
        raise Refused("The number of active patients cannot be below 0.")
    return value


def _check_zip3s(values: list[str]) -> None:
    if len(values) > MOST_ZIP3S:
        raise Refused(
            f"A practice can name {MOST_ZIP3S} ZIP3 areas at most, for each more makes all of them "
            "less sure.",
            "Name those where most patients live.",
        )
    for value in values:
        if not re.fullmatch(r"[0-9]{3}", value):
            raise Refused(
                f"{value!r} is no ZIP3.", "Give the first three digits of the ZIP codes: 100,112."
            )


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "name": _name,
    "zone": _zone,
    "currency": _currency,
    "language": _language,
    "active_patients": _patients,
}
