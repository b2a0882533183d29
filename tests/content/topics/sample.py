"""The posts of real health desks against which the matcher is measured.

The texts are not ours and stay outside the repository: only ids and hand-given topics are kept.
"""

import random
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[4] / "shared/samples/content/uci-health-tweets"
SEED = 20261124
SIZE = 300
_LINK = re.compile(r"https?://\S+")
_NOT_WORD = re.compile(r"\W+")


@dataclass(frozen=True)
class Post:
    """One post as the desk wrote it; `agency` is the name of its file."""

    id: str
    agency: str
    text: str


def read_agency(path: Path) -> list[Post]:
    """Posts of one file, `id|date|text` a line; a text may hold further bars.

    Most files are UTF-8; one is Windows-1252 with stray bytes, which are replaced.
    """
    raw = path.read_bytes()
    try:
        content = raw.decode("utf-8")
    except UnicodeDecodeError:
        content = raw.decode("cp1252", errors="replace")
    rows = (line.split("|", 2) for line in content.split("\n"))
    return [Post(row[0], path.stem, row[2].strip()) for row in rows if len(row) == 3]


def read_all(folder: Path = FOLDER) -> dict[str, list[Post]]:
    """Posts by agency, agencies in the order of their names."""
    return {path.stem: read_agency(path) for path in sorted(folder.glob("*.txt"))}


def draw(posts: dict[str, list[Post]]) -> list[tuple[Post, str]]:
    """`SIZE` posts spread evenly over the agencies, each with its half: "tuning" or "held".

    Desks repeat themselves: of posts that differ in their links alone one stays, so that no text
    is in both halves.
    """
    chance = random.Random(SEED)
    seen: set[str] = set()
    drawn: list[tuple[Post, str]] = []
    for place, agency in enumerate(posts):
        pool = list(posts[agency])
        chance.shuffle(pool)
        want = SIZE // len(posts) + (place < SIZE % len(posts))
        taken: list[Post] = []
        for post in pool:
            key = _NOT_WORD.sub("", _LINK.sub("", post.text)).casefold()
            if len(taken) < want and key not in seen:
                seen.add(key)
                taken.append(post)
        drawn += [(post, "") for post in taken]
    halves = ["tuning", "held"] * (SIZE // 2)
    return [(post, half) for (post, _), half in zip(drawn, halves, strict=True)]
