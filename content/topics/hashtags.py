"""Takes a hashtag apart into its words, also where it is written in one case ("#fluseason")."""

from collections.abc import Iterable
from functools import lru_cache

from content.topics.words import stem

_LONGEST = 60
_SMALL_WORDS = """
a and awareness be campaign care day days de el en for free get health healthy in is it know la
las los life live living mes month my no of on prevention safety salud season semana shot shots
stop story stories support talk test the this tip tips to tu vida week with world year your
"""
_FILLERS = frozenset(_SMALL_WORDS.split())


class Splitter:
    """Splits hashtags into words of the vocabulary and the small words that go between them."""

    def __init__(self, known: frozenset[str]) -> None:
        """`known`: stems of all words of the vocabulary."""
        self._known = known | _FILLERS
        self._parts = lru_cache(maxsize=2048)(self._take_apart)

    def split_all(self, words: Iterable[str]) -> list[str]:
        """`words`, each hashtag as a whole and followed by its parts.

        Known words come first ("#fluseason"), else the parts that capitals show.
        """
        found: list[str] = []
        for word in words:
            if not word.startswith("#"):
                found.append(word)
                continue
            shown = word[1:].split(" ")
            body = "".join(shown)
            found.append("#" + body)
            found.extend(self._parts(body) or shown)
        return found

    def _take_apart(self, body: str) -> list[str]:
        """The fewest known words that make up `body`; empty where it cannot be made up."""
        if len(body) > _LONGEST:
            return []
        best: list[list[str] | None] = [[]] + [None] * len(body)
        for end in range(1, len(body) + 1):
            for start in range(end):
                before = best[start]
                part = body[start:end]
                if before is None or not self._is_known(part):
                    continue
                held = best[end]
                if held is None or len(before) + 1 < len(held):
                    best[end] = [*before, part]
        return best[len(body)] or []

    def _is_known(self, part: str) -> bool:
        return stem(part) in self._known and (len(part) > 2 or part in _FILLERS)
