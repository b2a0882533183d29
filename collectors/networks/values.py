"""Single values of replies, read strictly: what cannot be used is left out, with a note."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

LARGEST_COUNT = 2**63 - 1
LONGEST_ID = 200
MOST_NOTES = 5
AHEAD = timedelta(days=1)
Json = Mapping[str, Any]
ADDRESS = re.compile(r"https?://[^\s<>\"]+")


@dataclass
class Notes:
    """What a person should see about one page, in sentences; the first few and a count."""

    sentences: dict[str, None] = field(default_factory=dict)

    def add(self, sentence: str) -> None:
        """Note it once."""
        self.sentences[sentence] = None

    def text(self) -> str | None:
        """All of it in one line, or None where there is nothing to say."""
        if not self.sentences:
            return None
        shown = list(self.sentences)[:MOST_NOTES]
        if more := len(self.sentences) - len(shown):
            shown.append(f"And {more} more.")
        return " ".join(shown)


def load_object(body: bytes) -> dict[str, Any] | None:
    """A reply's body as a JSON object; None where it is anything else (HTML, cut, a list)."""
    try:
        loaded = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def objects(value: object) -> list[Json]:
    """The objects in a list; [] where it is no list."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return []
    return [one for one in value if isinstance(one, Mapping)]


def mapping(value: object) -> Json:
    """An object, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def remote_id(value: object) -> str | None:
    """An id as text, of any length a network may choose; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = clean_text(value if isinstance(value, str) else str(value)).strip()
    return text if 0 < len(text) <= LONGEST_ID else None


def clean_text(value: object) -> str:
    """A text that every database stores: without NUL, half surrogates shown as U+FFFD."""
    if not isinstance(value, str):
        return ""
    text = value.replace("\x00", "") if "\x00" in value else value
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def optional_text(value: object) -> str | None:
    """A cleaned text, or None where it is missing or empty."""
    return clean_text(value) or None


def addresses_in(text: str) -> list[str]:
    """The web addresses that a text names, without the punctuation that ends a sentence."""
    return [one.rstrip(".,;:!?)…'") for one in ADDRESS.findall(text)]


def count(value: object, what: str, notes: Notes) -> int | None:
    """A counter from 0 to 2**63 - 1; numbers in strings are read. None (never 0) else."""
    if value is None:
        return None
    number = _whole(value)
    if number is None or not 0 <= number <= LARGEST_COUNT:
        notes.add(f"An impossible figure for {what} was left out.")
        return None
    return number


def total(value: object, what: str, notes: Notes) -> int | None:
    """A counter, or the sum of a counter by part ({paid: 3, organic: 4}); {} is no figure."""
    if not isinstance(value, Mapping):
        return count(value, what, notes)
    parts = [count(part, what, notes) for part in value.values()]
    known = [part for part in parts if part is not None]
    return count(sum(known), what, notes) if known and len(known) == len(parts) else None


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    # int() would also read "1_000" and digits of any script, at any length.
    if isinstance(value, str) and len(value) <= 20 and value.isascii() and value.isdigit():
        return int(value)
    return None


def instant(value: object) -> datetime | None:
    """An ISO time with a zone, in UTC; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.astimezone(UTC) if parsed.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def published(value: object, now: datetime, what: str, notes: Notes) -> datetime | None:
    """When something was published, or None with a note: no time, or one that is to come."""
    moment = instant(value)
    if moment is None:
        notes.add(f"{what} was left out: it has no readable time.")
        return None
    if moment > now + AHEAD:
        notes.add(f"{what} was left out: its time lies in the future ({moment:%Y-%m-%d}).")
        return None
    return moment
