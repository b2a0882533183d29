"""Finds the topics of a text, and the words that decided. Pure; none is better than a wrong one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from content.topics.hashtags import Splitter
from content.topics.vocabulary import Topic, topic_names, topics
from content.topics.words import stem, tokens

MOST_TOPICS = 3
_MOST_WORDS = 8
_STRONG, _WEAK, _COMPANY, _EXCLUDED = range(4)
_POINTS = {_STRONG: 3, _WEAK: 1, _COMPANY: 0}


@dataclass(frozen=True)
class TopicMatch:
    """A topic of a text and the words that decided, as they stand in the normalised text."""

    topic: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Phrase:
    stems: tuple[str, ...]
    topic: int
    kind: int


@dataclass
class _Evidence:
    """What a text holds of one topic: places of words by kind, and places ruled out."""

    hits: list[tuple[int, int, int]] = field(default_factory=list)
    excluded: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class _Index:
    """All phrases by their first word: by its stem, as it stands, or by how it begins.

    `openings` holds the first letters of all those beginnings: few words need a closer look.
    """

    words: dict[str, list[_Phrase]]
    exact: dict[str, list[_Phrase]]
    beginnings: dict[str, list[_Phrase]]
    openings: frozenset[str]
    lengths: tuple[int, ...]
    names: tuple[str, ...]
    splitter: Splitter


def match(text: str) -> tuple[TopicMatch, ...]:
    """Topics of `text`, at most three, best first; empty where nothing speaks clearly of one.

    Any text will do, in any script and of any length: it takes time in proportion to that length.
    """
    index = _index()
    words = _words(index, text)
    found = _collect(index, words, [stem(word) for word in words])
    judged = (_judge(number, evidence, words) for number, evidence in found.items())
    ranked = sorted(judgement for judgement in judged if judgement is not None)
    return tuple(TopicMatch(index.names[number], said) for *_, number, said in ranked[:MOST_TOPICS])


def normalise(text: str) -> str:
    """`text` in the form in which words are compared, apart by one blank.

    Lower case, without accents, links, @mentions and punctuation; each hashtag as a whole and
    followed by its words ("#FluSeason" -> "#fluseason flu season").
    """
    return " ".join(_words(_index(), text))


def _words(index: _Index, text: str) -> list[str]:
    return index.splitter.split_all(tokens(text))


def _collect(index: _Index, words: list[str], stems: list[str]) -> dict[int, _Evidence]:
    found: dict[int, _Evidence] = {}
    for at in range(len(words)):
        for phrase in _candidates(index, words[at], stems[at]):
            size = len(phrase.stems)
            if size > 1 and tuple(stems[at : at + size]) != phrase.stems:
                continue
            evidence = found.setdefault(phrase.topic, _Evidence())
            if phrase.kind == _EXCLUDED:
                evidence.excluded.append((at, at + size))
            else:
                evidence.hits.append((phrase.kind, at, at + size))
    return found


def _candidates(index: _Index, word: str, stemmed: str) -> Iterator[_Phrase]:
    yield from index.words.get(stemmed, ())
    yield from index.exact.get(word, ())
    if word[: index.lengths[0]] in index.openings:
        for length in index.lengths:
            if length <= len(word):
                yield from index.beginnings.get(word[:length], ())


def _judge(
    number: int, evidence: _Evidence, words: list[str]
) -> tuple[int, int, int, tuple[str, ...]] | None:
    """(-points, first place, topic, deciding words), or None where the topic is not borne out."""
    hits = _standing(evidence)
    said: dict[str, tuple[int, int]] = {}
    for kind, start, end in hits:
        said.setdefault(" ".join(words[start:end]), (kind, start))
    kinds = [kind for kind, _ in said.values()]
    strong, weak = kinds.count(_STRONG), kinds.count(_WEAK)
    if not strong and not (weak and weak + kinds.count(_COMPANY) > 1):
        return None
    points = sum(_POINTS[kind] for kind in kinds)
    deciding = tuple(word for word, (kind, _) in said.items() if kind == _STRONG or not strong)
    return -points, min(start for _, start, _ in hits), number, deciding[:_MOST_WORDS]


def _standing(evidence: _Evidence) -> list[tuple[int, int, int]]:
    """Hits that no excluded phrase touches, without those inside a longer hit; in reading order."""
    ruled_out = {at for start, end in evidence.excluded for at in range(start, end)}
    by_size = sorted(evidence.hits, key=lambda hit: (hit[1], hit[1] - hit[2], hit[0]))
    standing: list[tuple[int, int, int]] = []
    reach = 0
    for kind, start, end in by_size:
        if end > reach and not ruled_out.intersection(range(start, end)):
            standing.append((kind, start, end))
            reach = end
    return standing


@cache
def _index() -> _Index:
    shelves: dict[str, dict[str, list[_Phrase]]] = {"": {}, "=": {}, "*": {}}
    known: set[str] = set()
    for number, topic in enumerate(topics()):
        for shelf, phrase in _phrases(number, topic):
            shelves[shelf].setdefault(phrase.stems[0], []).append(phrase)
            known.update(stem(word) for word in phrase.stems)
    lengths = tuple(sorted({len(beginning) for beginning in shelves["*"]}))
    openings = frozenset(beginning[: lengths[0]] for beginning in shelves["*"])
    splitter = Splitter(frozenset(known))
    by_sign = (shelves[""], shelves["="], shelves["*"])
    return _Index(*by_sign, openings, lengths, topic_names(), splitter)


def _phrases(number: int, topic: Topic) -> Iterator[tuple[str, _Phrase]]:
    """All entries of a topic, each with its shelf."""
    kinds = (
        (_STRONG, topic.strong),
        (_WEAK, topic.weak),
        (_COMPANY, topic.company),
        (_EXCLUDED, topic.excluded),
    )
    for kind, entries in kinds:
        for entry in entries:
            shelf, words = _spelling(entry)
            yield shelf, _Phrase(words, number, kind)
    for tag in topic.hashtags:
        yield "", _Phrase((stem("#" + tag),), number, _STRONG)


def _spelling(entry: str) -> tuple[str, tuple[str, ...]]:
    """Shelf and words of one entry; its sign (= or *) may mark a single word only."""
    sign = "=" if entry.startswith("=") else "*" if entry.endswith("*") else ""
    words = tuple(tokens(entry.strip("=*")))
    if (sign and len(words) != 1) or not words:
        raise ValueError(f"not an entry of the vocabulary: {entry!r}")
    return sign, words if sign else tuple(stem(word) for word in words)
