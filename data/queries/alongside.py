"""One topic's weeks: what was posted and did, and what the portal saw of the same topic."""

from datetime import date, timedelta

import pandas as pd

from data.privacy.keys import UNKNOWN
from data.queries import engagement, portal_usage
from data.queries.portal_usage import Point
from data.session import Session

TABLE = "week_event_topic"
#: Reading about a topic, most telling first; the first that is released is taken.
READING = ("education_view", "record_view", "message")


def topics(session: Session) -> tuple[str | None, list[str]]:
    """(the event that tells of reading, topics by how much of it there was, most first)."""
    for event in READING:
        parts = portal_usage.parts(session, TABLE, "topic", event=event)
        named = [(one.value, one.label) for one in parts if one.label != UNKNOWN]
        if named:
            return event, [topic for _, topic in sorted(named, reverse=True)]
    return None, []


def reading(session: Session, event: str, topic: str, first: date, last: date) -> list[Point]:
    """The portal's weeks that touch [first, last]: noisy patients of the topic, oldest first."""
    return portal_usage.series(session, TABLE, event, first, last, topic=topic)


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
