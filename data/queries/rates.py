"""Engagement beside the followers of the same accounts on the same days."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Select, and_, func
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from data.models import (
    Account,
    AccountDaily,
    EngagementDaily,
    EngagementTopicDaily,
    PostTopic,
    Topic,
)
from data.queries.engagement import framed, framed_by_kind, of_topics
from data.session import Session

_Followers: Any = aliased(AccountDaily, name="followers")


def followed(
    session: Session, *, axis: str, first: date, last: date, topic: str | None = None
) -> pd.DataFrame:
    """Engagement by day, of the accounts whose followers of that day are known.

    Columns: day, network, kind ("" with a topic), rated_engagement. Days of the practice;
    Meta counts followers on Pacific days.
    """
    table: Any = EngagementDaily if topic is None else EngagementTopicDaily
    kind = [col(EngagementDaily.kind)] if topic is None else []
    by = [table.day, Account.network, *kind]
    query = _engagement(table, by, axis, first, last).order_by(table.day)
    return framed_by_kind(session, query, topic)


def followed_by_topic(session: Session, *, axis: str, first: date, last: date) -> pd.DataFrame:
    """The same over a period: topic, network, rated_engagement. Never sum over topics."""
    by: list[Any] = [col(Topic.name).label("topic"), Account.network]
    return framed(session, of_topics(_engagement(EngagementTopicDaily, by, axis, first, last)))


def _engagement(table: Any, by: list[Any], axis: str, first: date, last: date) -> Select[Any]:
    same_day = and_(
        _Followers.account_id == table.account_id,
        _Followers.day == table.day,
        _Followers.metric == "followers",
    )
    return (
        columns(*by, func.sum(table.value).label("rated_engagement"))
        .select_from(table)
        .join(Account, col(Account.id) == table.account_id)
        .join(_Followers, same_day)
        .where(table.axis == axis, table.day >= first, table.day <= last)
        .where(table.metric == "engagement")
        .group_by(*by)
    )


def followers(session: Session, *, first: date, last: date) -> pd.DataFrame:
    """Columns day, network, account_id, rated_over: each account's followers of each day."""
    wanted: list[Any] = [
        AccountDaily.day,
        Account.network,
        AccountDaily.account_id,
        col(AccountDaily.value).label("rated_over"),
    ]
    query = (
        columns(*wanted)
        .select_from(AccountDaily)
        .join(Account, col(Account.id) == AccountDaily.account_id)
        .where(
            col(AccountDaily.metric) == "followers",
            col(AccountDaily.day) >= first,
            col(AccountDaily.day) <= last,
        )
        .order_by(wanted[0], wanted[2])
    )
    return framed(session, query)


def topics_of_posts(session: Session) -> pd.DataFrame:
    """Columns post_id, topic: one row for each topic of a post."""
    wanted: list[Any] = [PostTopic.post_id, col(Topic.name).label("topic")]
    query = columns(*wanted).join(Topic, col(Topic.id) == PostTopic.topic_id)
    return framed(session, query)
