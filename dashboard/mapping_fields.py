"""A mapping of columns as the fields of a form, and back. Pure."""

from collections.abc import Mapping
from typing import Any

from data.errors import Refused

#: key -> label, example, what it means
COLUMNS: Mapping[str, tuple[str, str, str]] = {
    "patient": ("Patient", "PatID", "The number or code of the patient; it is forgotten at once"),
    "event": ("What was done", "Action", "The column that tells a sign-in from a message"),
    "when": ("When", "Timestamp", "The instant of the event"),
    "zip": ("ZIP code", "Zip", "Only the first three digits are read"),
    "topic": ("Topic", "Page", "What was looked at"),
}
REQUIRED = ("patient", "event", "when")
NO_AGE, AGE, BIRTH = "No ages", "Age in years", "Date of birth"
AGE_KEYS = {AGE: "age", BIRTH: "birth_date"}


def pairs(text: str | None, what: str) -> dict[str, str] | None:
    """Lines `value in the file = its meaning` as a dictionary; None where there are none.

    A value may hold an equals sign: the last one of the line parts it from its meaning.
    """
    found: dict[str, str] = {}
    for number, line in enumerate((text or "").splitlines(), 1):
        if not line.strip():
            continue
        value, sign, meaning = line.rpartition("=")
        if not sign or not value.strip() or not meaning.strip():
            raise Refused(
                f"Line {number} of {what} is not “value = meaning”.",
                "Write one a line, such as LOGIN = sign_in.",
            )
        if value.strip() in found:
            raise Refused(f"{what.capitalize()} name {value.strip()} twice.", "Keep one of them.")
        found[value.strip()] = meaning.strip()
    return found or None


def lines(said: Mapping[str, str] | None) -> str:
    """The other way round."""
    return "\n".join(f"{value} = {meaning}" for value, meaning in (said or {}).items())


def age_kind(said: Mapping[str, Any]) -> str:
    """Which column tells the age."""
    return next((kind for kind, key in AGE_KEYS.items() if said.get(key)), NO_AGE)


def assembled(
    columns: Mapping[str, str | None],
    zone: str | None,
    age: tuple[str, str | None],
    events: str | None,
    topics: str | None,
) -> dict[str, Any]:
    """The mapping that the fields say; empty ones are left out."""
    said: dict[str, Any] = {name: (value or "").strip() for name, value in columns.items()}
    said["time_zone"] = (zone or "").strip()
    kind, column = age
    if kind in AGE_KEYS:
        if not (column or "").strip():
            raise Refused("The column of ages has no name.", f"Name it, or choose “{NO_AGE}”.")
        said[AGE_KEYS[kind]] = (column or "").strip()
    said["events"] = pairs(events, "what was done")
    said["topics"] = pairs(topics, "the topics")
    missing = [COLUMNS[name][0] for name in REQUIRED if not said[name]]
    if missing:
        raise Refused(f"No column is named for: {', '.join(missing)}.", "These three are needed.")
    return {name: value for name, value in said.items() if value}
