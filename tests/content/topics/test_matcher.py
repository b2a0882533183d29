"""What holds of the topics of any text."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.topics import Topic, match, normalise, topic_names, topics
from content.topics.words import stem, tokens

_ENTRIES = sorted(
    {entry for topic in topics() for entry in (*topic.strong, *topic.weak, *topic.company) if entry}
)
_VOCABULARY_TEXTS = st.lists(
    st.sampled_from(
        [entry.strip("=*") for entry in _ENTRIES] + ["the", "of", "y", "para", "today"]
    ),
    max_size=12,
).map(" ".join)
_TEXTS = st.one_of(st.text(max_size=300), _VOCABULARY_TEXTS)
_LINKS = ["https://t.co/flu", "http://sleep.example/diabetes?x=1", "www.cancer.org", "bit.ly/heart"]


@given(_TEXTS)
def test_a_text_has_at_most_three_topics_each_once_and_known(text: str) -> None:
    found = [hit.topic for hit in match(text)]
    assert len(found) <= 3
    assert len(set(found)) == len(found)
    assert set(found) <= set(topic_names())


@given(_TEXTS)
def test_every_deciding_word_stands_in_the_normalised_text(text: str) -> None:
    normal = f" {normalise(text)} "
    for hit in match(text):
        assert hit.words
        assert all(f" {word} " in normal for word in hit.words)


@given(_TEXTS, st.sampled_from([*_LINKS, "@heart_doctor", "@CancerCenter", "flu@cancer.org"]))
def test_a_link_or_mention_changes_nothing(text: str, addition: str) -> None:
    assert match(f"{text} {addition}") == match(text)
    assert match(f"{addition} {text}") == match(text)


@given(_VOCABULARY_TEXTS)
def test_case_does_not_matter(text: str) -> None:
    assert match(text.upper()) == match(text.title()) == match(text)


@given(_VOCABULARY_TEXTS)
def test_accents_do_not_matter(text: str) -> None:
    accented = text.translate(str.maketrans("aeiou", "áéíóú"))
    assert match(accented) == match(text)
    assert match(unicodedata.normalize("NFD", accented)) == match(text)


@given(st.lists(st.sampled_from(list("#@'\0 \u200f\u202eaAfluا.:/é")), max_size=200).map("".join))
@settings(max_examples=300)
def test_no_text_is_too_odd(text: str) -> None:
    match(text)


@pytest.mark.parametrize(
    ("text", "topic", "word"),
    [
        ("#FluSeason", "flu", "flu"),
        ("#fluseason", "flu", "flu"),
        ("#FLUSEASON", "flu", "flu"),
        ("#stop_smoking_now", "smoking", "stop smoking"),
        ("#presionarterial", "blood pressure", "presion arterial"),
        ("Women’s health week", "women's health", "women health"),
        ("Vaccinations for all", "vaccines", "vaccinations"),
        ("\u202bمرحبا flu مرحبا\u202c", "flu", "flu"),
        ("f\u00adlu and ﬂu", "flu", "flu"),
        ("flu\0shot", "flu", "flu"),
    ],
)
def test_a_word_is_found_however_it_is_written(text: str, topic: str, word: str) -> None:
    found = {hit.topic: hit.words for hit in match(text)}
    assert word in found[topic]


def test_the_topic_with_most_words_comes_first() -> None:
    found = [hit.topic for hit in match("Flu and insulin, glucose, blood sugar")]
    assert found == ["diabetes", "flu"]


def test_a_weak_word_needs_company() -> None:
    assert not match("My heart belongs to daddy")
    assert [hit.topic for hit in match("Protect your little heart with more fish and less risk")]


def test_a_phrase_that_means_something_else_rules_its_words_out_there_only() -> None:
    assert not match("A stroke of genius")
    assert [hit.topic for hit in match("A stroke of genius: know the signs of a stroke")] == [
        "stroke"
    ]


@pytest.mark.parametrize(
    "piece", ["flu heart doctor ", "#", "#flu", "a'", "a.b", "@x", "\0", "http://", "aA", "é", "ﷺ "]
)
def test_a_megabyte_takes_seconds_and_not_minutes(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.perf_counter()
    assert len(match(text)) <= 3
    assert time.perf_counter() - began < 40


def test_the_vocabulary_has_what_people_expect_of_it() -> None:
    expected = {"flu", "diabetes", "sleep", "blood pressure", "vaccines", "mental health"}
    assert expected <= set(topic_names())
    assert len(topics()) >= 40
    assert len(set(topic_names())) == len(topics())
    assert all(
        topic.spanish and topic.strong and topic.name == topic.name.lower() for topic in topics()
    )


@pytest.mark.parametrize("topic", topics(), ids=topic_names())
def test_no_topic_rules_out_a_word_of_its_own(topic: Topic) -> None:
    def spelt(entries: tuple[str, ...]) -> set[tuple[str, ...]]:
        return {tuple(stem(word) for word in tokens(entry.strip("=*"))) for entry in entries}

    assert not spelt(topic.excluded) & spelt((*topic.strong, *topic.weak))
