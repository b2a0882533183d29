"""One topic's weeks: what was posted and did, and what the portal saw of the same topic."""

import math
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import col

from data.models import PortalCell, PortalRelease, PrivacyLedger
from data.privacy.keys import UNKNOWN
from data.queries import engagement
from data.queries.portal_usage import Point
from data.session import Session

TABLE = "week_event_topic"
#: Reading about a topic, most telling first; the first that is released is taken.
READING = ("education_view", "record_view", "message")


def topics(session: Session) -> tuple[str | None, list[str]]:
    """(the event that tells of reading, topics by how much of it there was, most first)."""
    query = (
        columns(col(PortalCell.event), col(PortalCell.topic), func.sum(col(PortalCell.value)))
        .join(PortalRelease, col(PortalCell.release_id) == col(PortalRelease.id))
        .join(PrivacyLedger, col(PortalRelease.ledger_id) == col(PrivacyLedger.id))
        .where(col(PrivacyLedger.table_name) == TABLE, col(PortalRelease.is_current))
        .where(col(PortalCell.event).in_(READING), col(PortalCell.topic) != UNKNOWN)
        .group_by(col(PortalCell.event), col(PortalCell.topic))
    )
    found: dict[str, list[tuple[int, str]]] = {}
    for event, topic, value in session.execute(query):
        found.setdefault(str(event), []).append((int(value), str(topic)))
    event = next((one for one in READING if one in found), None)
    if event is None:
        return None, []
    return event, [topic for _, topic in sorted(found[event], reverse=True)]


def reading(session: Session, event: str, topic: str, first: date, last: date) -> list[Point]:
    """The portal's weeks within [first, last]: noisy patients of the topic, oldest first."""
    days = col(PrivacyLedger.first_day), col(PrivacyLedger.last_day)
    query = (
        columns(
            *days,
            func.sum(col(PortalCell.value)),
            func.sum(col(PrivacyLedger.sigma) * col(PrivacyLedger.sigma)),
            func.count(col(PrivacyLedger.source).distinct()),
        )
        .join(PortalRelease, col(PortalCell.release_id) == col(PortalRelease.id))
        .join(PrivacyLedger, col(PortalRelease.ledger_id) == col(PrivacyLedger.id))
        .where(col(PrivacyLedger.table_name) == TABLE, col(PortalRelease.is_current))
        .where(col(PortalCell.event) == event, col(PortalCell.topic) == topic)
        .where(days[0] >= first, days[1] <= last)
        .group_by(*days)
        .order_by(days[0])
    )
    return [
        Point(begin, end, int(value), math.sqrt(variance), int(sources))
        for begin, end, value, variance, sources in session.execute(query)
    ]


def posting(session: Session, topic: str, first: date, last: date) -> pd.DataFrame:
    """Posts on the topic by week of publication: week (its Monday), posts, engagement.

    Every week of [first, last] has a row; a week without a post has 0 posts and no engagement.
    """
    rows = engagement.daily(session, axis="published", first=first, last=last, topic=topic)
    rows["week"] = [day - timedelta(days=day.weekday()) for day in pd.to_datetime(rows["day"])]
    sums = rows.groupby("week")[["posts", "engagement"]].sum(min_count=1)
    begin = first - timedelta(days=first.weekday())
    weeks = pd.date_range(begin, last, freq="7D", name="week")
    made = sums.reindex(weeks)
    made["posts"] = made["posts"].fillna(0)
    return made.reset_index()
