"""Precision and recall of the matcher against topics given by hand.

`python -m tests.content.topics.accuracy` prints both halves; with `--misses` also which topics the
tuning half has too many or too few of. The held-back half's misses are never shown: a vocabulary
that is tuned on them could no longer be measured by them.
"""

import csv
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from content.topics import match
from tests.content.topics.sample import FOLDER, read_all

LABELS = Path(__file__).parent / "labels.csv"


@dataclass(frozen=True)
class Label:
    """Topics of one post as a person gave them."""

    id: str
    half: str
    topics: frozenset[str]


@dataclass(frozen=True)
class Score:
    """Micro-averaged over all pairs of post and topic."""

    posts: int
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of the topics given, the share that is right."""
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of the topics that are there, the share that is found."""
        return self.right / (self.right + self.missed)


def read_labels() -> list[Label]:
    """All labels, in the file's order."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return [
            Label(row["id"], row["half"], frozenset(filter(None, row["topics"].split(";"))))
            for row in csv.DictReader(file)
        ]


def found_topics(text: str) -> frozenset[str]:
    """Names of the topics that the matcher gives `text`."""
    return frozenset(found.topic for found in match(text))


def score(pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> Score:
    """Of pairs (topics by hand, topics found)."""
    held = list(pairs)
    return Score(
        posts=len(held),
        right=sum(len(truth & found) for truth, found in held),
        wrong=sum(len(found - truth) for truth, found in held),
        missed=sum(len(truth - found) for truth, found in held),
    )


def score_half(half: str) -> Score:
    """Of the "tuning" or the "held" half; needs the posts' texts in `FOLDER`."""
    texts = {post.id: post.text for posts in read_all().values() for post in posts}
    labels = (label for label in read_labels() if label.half == half)
    return score((label.topics, found_topics(texts[label.id])) for label in labels)


def _print_misses() -> None:
    texts = {post.id: post.text for posts in read_all().values() for post in posts}
    for label in read_labels():
        found = {hit.topic: hit.words for hit in match(texts[label.id])}
        if label.half == "tuning" and found.keys() != label.topics:
            wrong = {topic: found[topic] for topic in found.keys() - label.topics}
            missed = sorted(label.topics - found.keys())
            sys.stdout.write(f"{label.id} wrong {wrong} missed {missed}\n")


def main() -> None:
    """Print one line a half."""
    if not FOLDER.is_dir():
        sys.exit("The sample posts are not here; nothing to measure.")
    for half in ("tuning", "held"):
        reached = score_half(half)
        sys.stdout.write(
            f"{half}: {reached.posts} posts, precision {reached.precision:.3f}, "
            f"recall {reached.recall:.3f} ({reached.right} right, {reached.wrong} wrong, "
            f"{reached.missed} missed)\n"
        )
    if "--misses" in sys.argv:
        _print_misses()


if __name__ == "__main__":
    main()
