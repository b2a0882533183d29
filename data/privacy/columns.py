"""How the columns of a practice's own export are to be read: only the named ones are.

A mapping is JSON; its name in our tables is also the source's name in the ledger.
"""

from collections.abc import Mapping as Dictionary
from typing import Any
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from data.errors import Refused
from data.privacy.keys import EVENT_ALIASES, EVENTS

_OPTIONAL = ("age", "birth_date", "zip", "topic")


class Mapping(BaseModel):
    """Columns by name (compared exactly, blanks around them apart), and what values mean.

    `events`: value in the file -> event; without it the file's values must be events already.
    `topics`: the same for topics. `time_zone`: of instants that carry none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    patient: str = Field(min_length=1)
    event: str = Field(min_length=1)
    when: str = Field(min_length=1)
    time_zone: str | None = None
    age: str | None = Field(default=None, min_length=1)
    birth_date: str | None = Field(default=None, min_length=1)
    zip: str | None = Field(default=None, min_length=1)
    topic: str | None = Field(default=None, min_length=1)
    events: dict[str, str] | None = None
    topics: dict[str, str] | None = None

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        if value is not None and value not in available_timezones():
            raise ValueError("is no IANA time zone, such as America/New_York")
        return value

    @field_validator("events")
    @classmethod
    def _events(cls, value: dict[str, str] | None) -> dict[str, str] | None:
        if value is None:
            return None
        meant = {key: EVENT_ALIASES.get(event, event) for key, event in value.items()}
        unknown = sorted({event for event in meant.values() if event not in EVENTS})
        if unknown:
            known = ", ".join(EVENTS)
            raise ValueError(f"names {', '.join(unknown)}; the events are {known}")
        if not meant:
            raise ValueError("names no value")
        return meant

    @model_validator(mode="after")
    def _columns_differ(self) -> "Mapping":
        if self.age and self.birth_date:
            raise ValueError("age and birth_date: give one of them")
        named = self.columns
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice:
            raise ValueError(f"the column {', '.join(twice)} is named for two things")
        if self.topics is not None and self.topic is None:
            raise ValueError("topics without a topic column")
        return self

    @property
    def columns(self) -> list[str]:
        """The columns that are read, none else."""
        optional = (getattr(self, name) for name in _OPTIONAL)
        return [self.patient, self.event, self.when, *(one for one in optional if one)]

    @property
    def carried(self) -> tuple[str, ...]:
        """The events that a file of this shape can hold, in the public list's order."""
        held = EVENTS if self.events is None else set(self.events.values())
        return tuple(one for one in EVENTS if one in held)


def parse(said: Dictionary[str, Any], topics: tuple[str, ...]) -> Mapping:
    """The mapping; Refused with the first thing that is wrong, by the mapping's own words.

    `topics` is the vocabulary: a value that is mapped to anything else is refused by name.
    """
    try:
        made = Mapping.model_validate(said)
    except ValidationError as error:
        raise Refused(f"The mapping cannot be used: {_first(error)}.", _TODO) from None
    unknown = sorted({name for name in (made.topics or {}).values() if name not in topics})
    if unknown:
        raise Refused(
            f"The mapping cannot be used: no topic is called {', '.join(unknown)}.",
            f"The topics are {', '.join(topics)}.",
        )
    return made


_TODO = 'Write {"patient": COLUMN, "event": COLUMN, "when": COLUMN, …}; docs/privacy.md has it all.'


def _first(error: ValidationError) -> str:
    one = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in one["loc"][:1])
    said = str(one["msg"]).removeprefix("Value error, ")
    return f"{place}: {said}" if place else said
