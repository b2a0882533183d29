"""Graph's field expansion: `id,reactions.summary(true).limit(0),insights.metric(a,b){values}`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from collectors.sandbox.replies import refuse


@dataclass(slots=True)
class Field:
    """One field asked for, its modifiers and the fields inside it."""

    name: str
    options: dict[str, str] = field(default_factory=dict)
    inner: list["Field"] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The name under which the reply holds it (`as(other)` changes it)."""
        return self.options.get("as", self.name)


def parse_fields(text: str) -> list[Field]:
    """The fields of a `fields` parameter; Graph's code 2500 where brackets do not match."""
    if text.startswith("["):
        text = _from_list(text)
    return [_parse_one(part) for part in _split(text, ",") if part]


def _from_list(text: str) -> str:
    """The SDK posts fields as a JSON list."""
    try:
        return ",".join(map(str, json.loads(text)))
    except ValueError as error:
        raise refuse(100, "(#100) Param fields must be a list of names") from error


def names(fields: Sequence[Field]) -> list[str]:
    """The bare names."""
    return [one.name for one in fields]


def _split(text: str, separator: str) -> list[str]:
    """Split outside of brackets."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char in "({") - (char in ")}")
        if depth < 0:
            raise refuse(2500, f"Syntax error: unexpected {char} in field expansion")
        if char == separator and depth == 0:
            parts.append(text[start:index].strip())
            start = index + 1
    if depth:
        raise refuse(2500, "Syntax error: unmatched brackets in field expansion")
    return [*parts, text[start:].strip()]


def _parse_one(text: str) -> Field:
    head, _, rest = text.partition("{")
    inner = parse_fields(rest[: rest.rindex("}")]) if rest else []
    first, *modifiers = _split(head.strip(), ".")
    found = Field(first, inner=inner)
    for modifier in modifiers:
        name, _, value = modifier.partition("(")
        found.options[name] = value.rstrip(")")
    return found
