"""What the page Engagement reads: the daily rollups, and posts by their hour of the week."""

from dataclasses import dataclass

from sqlmodel import col, select

from data.models import Account, Post, PostTopic, Topic
from data.session import Session


@dataclass(frozen=True)
class Choices:
    """What can be filtered by: networks and kinds that have posts, topics that have any."""

    networks: tuple[str, ...]
    kinds: tuple[str, ...]
    topics: tuple[str, ...]


def choices(session: Session) -> Choices:
    """Every network, kind and topic that at least one post has, sorted."""
    networks = session.exec(
        select(Account.network)
        .where(col(Account.id).in_(select(Post.account_id)))
        .distinct()
        .order_by(Account.network)
    ).all()
    kinds = session.exec(select(Post.kind).distinct().order_by(Post.kind)).all()
    topics = session.exec(
        select(Topic.name).where(col(Topic.id).in_(select(PostTopic.topic_id))).order_by(Topic.name)
    ).all()
    return Choices(tuple(networks), tuple(kinds), tuple(topics))
