"""The vocabulary of health topics, read from `vocabulary.toml`, which says what its keys mean."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_KEYS = frozenset({"spanish", "strong", "weak", "company", "not", "hashtags"})


@dataclass(frozen=True)
class Topic:
    """A topic; `name` is its English name, `spanish` the one shown in Spanish."""

    name: str
    spanish: str
    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()


@cache
def topics() -> tuple[Topic, ...]:
    """All topics in the vocabulary's order.

    Raises ValueError where the file has a key that it should not have, so that a slip of the pen
    cannot silently drop words.
    """
    text = files("content.topics").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    return tuple(_topic(name, entry) for name, entry in tomllib.loads(text).items())


def topic_names() -> tuple[str, ...]:
    """Names of all topics, as used in commands and JSON."""
    return tuple(topic.name for topic in topics())


def _topic(name: str, entry: dict[str, str | list[str]]) -> Topic:
    unknown = entry.keys() - _KEYS
    if unknown:
        raise ValueError(f"topic {name!r} has unknown keys: {', '.join(sorted(unknown))}")
    return Topic(
        name=name,
        spanish=str(entry["spanish"]),
        strong=_distinct(entry["strong"]),
        weak=_distinct(entry.get("weak", ())),
        company=_distinct(entry.get("company", ())),
        excluded=_distinct(entry.get("not", ())),
        hashtags=_distinct(entry.get("hashtags", ())),
    )


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
