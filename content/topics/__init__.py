"""Which health topics a post speaks of, by a vocabulary kept as data."""

from content.topics.matcher import TopicMatch, match, normalise
from content.topics.vocabulary import Topic, topic_names, topics

__all__ = ["Topic", "TopicMatch", "match", "normalise", "topic_names", "topics"]
