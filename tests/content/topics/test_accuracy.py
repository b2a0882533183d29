"""How often the matcher is right: on real desks' posts where at hand, on our own always."""

import pytest

from tests.content.topics import accuracy, sample
from tests.content.topics.sentences import SENTENCES

needs_samples = pytest.mark.skipif(
    not sample.FOLDER.is_dir(), reason="the sample posts are not beside this checkout"
)


@needs_samples
def test_the_labels_belong_to_the_posts_that_the_seed_draws() -> None:
    drawn = [(post.id, half) for post, half in sample.draw(sample.read_all())]
    assert [(label.id, label.half) for label in accuracy.read_labels()] == drawn


def test_there_are_300_labels_in_two_halves_with_known_topics() -> None:
    from content.topics import topic_names

    labels = accuracy.read_labels()
    halves = [label.half for label in labels]
    assert (halves.count("tuning"), halves.count("held")) == (150, 150)
    assert all(label.topics <= set(topic_names()) and len(label.topics) <= 3 for label in labels)


@needs_samples
@pytest.mark.parametrize(
    ("half", "precision", "recall"), [("tuning", 0.95, 0.9), ("held", 0.93, 0.74)]
)
def test_topics_of_real_posts_are_mostly_right_and_mostly_found(
    half: str, precision: float, recall: float
) -> None:
    reached = accuracy.score_half(half)
    assert reached.posts == 150
    assert reached.precision >= precision
    assert reached.recall >= recall


def test_topics_of_our_own_sentences_are_right_and_found() -> None:
    reached = accuracy.score(
        (frozenset(topics), accuracy.found_topics(text)) for text, topics in SENTENCES
    )
    assert reached.recall >= 0.95
    assert reached.precision >= 0.95


def test_a_score_counts_what_is_right_wrong_and_missed() -> None:
    reached = accuracy.score(
        [(frozenset({"flu", "sleep"}), frozenset({"flu", "heat"})), (frozenset(), frozenset())]
    )
    assert (reached.right, reached.wrong, reached.missed) == (1, 1, 1)
    assert (reached.precision, reached.recall) == (0.5, 0.5)
