"""From a post's text to the words that are compared: one spelling for each."""

import re
import unicodedata
from collections.abc import Iterator

_CAMEL = re.compile(r"[A-ZÀ-Þ]?[a-zà-ÿ]+|[A-ZÀ-Þ]+(?![a-zà-ÿ])|\d+|[^\W\d_A-Za-zÀ-ÿ]+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}")
_LINK_STARTS = ("http://", "https://", "www.")
_LINK_ENDS = (".com", ".org", ".net", ".gov", ".edu", ".es", ".uk", ".info")


def tokens(text: str) -> list[str]:
    """Words of `text` in order: lower case, without accents, links, @mentions and punctuation.

    A hashtag is one item that begins with #; where capitals show its words, blanks part them
    ("#FluSeason" -> "#flu season"). Takes time in proportion to the text's length.
    """
    found: list[str] = []
    for chunk in text.split():
        found.extend(_chunk_tokens(chunk))
    return found


def stem(word: str) -> str:
    """`word` without the s of a plural, so that one entry stands for both numbers."""
    if len(word) < 5 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 5 else word[:-1]


def fold(text: str) -> str:
    """Lower case without accents; invisible format characters are dropped."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    text = unicodedata.normalize("NFKD", text)
    return "".join(char for char in text if unicodedata.category(char) not in ("Mn", "Cf"))


def _chunk_tokens(chunk: str) -> Iterator[str]:
    """Words of a piece of text without blanks."""
    if chunk.isascii() and chunk.isalpha():
        yield chunk.lower()
        return
    chunk = _without_links(chunk)
    head, *tags = chunk.split("#")
    yield from _plain_tokens(head)
    for tag in filter(None, tags):
        yield from _hashtag_tokens(tag)


def _without_links(chunk: str) -> str:
    """`chunk` up to where a link, an @mention or an e-mail address begins."""
    low = chunk.lower()
    for start in _LINK_STARTS:
        place = low.find(start)
        if place >= 0:
            chunk, low = chunk[:place], low[:place]
    if "@" in low:
        chunk = "" if _is_address(low) else chunk[: low.index("@")]
    if "." in low and _is_bare_link(low):
        return ""
    return chunk


def _is_address(low: str) -> bool:
    return low[0] not in "@.(\"'" and low[0].isalnum()


def _is_bare_link(low: str) -> bool:
    host = low.partition("/")[0].strip("().,;:!?\"'")
    has_path = "/" in low
    return bool(_HOST.fullmatch(host)) and (has_path or host.endswith(_LINK_ENDS))


def _plain_tokens(text: str) -> Iterator[str]:
    for word in _WORD.findall(fold(text)):
        yield _without_apostrophe(word)


def _without_apostrophe(word: str) -> str:
    """ "women's" -> "women", "don't" -> "dont"."""
    if "'" not in word:
        return str(word)
    return str(word.removesuffix("'s").replace("'", ""))


def _hashtag_tokens(tag: str) -> Iterator[str]:
    """The hashtag as one item; what follows the first sign that it cannot hold is plain text."""
    end = next((at for at, char in enumerate(tag) if not _in_hashtag(char)), len(tag))
    parts = (part for piece in tag[:end].split("_") for part in _CAMEL.findall(piece))
    words = [word for part in parts for word in _plain_tokens(part)]
    if words:
        yield "#" + " ".join(words)
    yield from _plain_tokens(tag[end:])


def _in_hashtag(char: str) -> bool:
    return char.isalnum() or char == "_"
