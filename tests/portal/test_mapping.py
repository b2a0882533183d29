"""A mapping that cannot be is refused by the mapping's own words, before any file is read."""

from typing import Any

import pytest

from collectors.portal.mapping import parse
from content.topics.vocabulary import topic_names
from data.errors import Refused


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"patient": "a", "event": "b", "when": "c", "events": {"X": "nap"}}, "names nap"),
        ({"patient": "a", "event": "b", "when": "c", "topic": "d", "topics": {"X": "no"}},
         "no topic is called no"),
        ({"patient": "a", "event": "b", "when": "a"}, "named for two things"),
        ({"patient": "a", "event": "b"}, "when"),
        ({"patient": "a", "event": "b", "when": "c", "ssn": "d"}, "ssn"),
        ({"patient": "a", "event": "b", "when": "c", "time_zone": "Mars"}, "time_zone"),
        ({"patient": "a", "event": "b", "when": "c", "age": "d", "birth_date": "e"}, "one of them"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_is_refused_by_name(
    mapping: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        parse(mapping, topic_names())

    assert sentence in refused.value.sentence()
