"""A day's figures of Page and Instagram account, added up from what their posts did that day.

Meta's days are Pacific: a value's `end_time` is the midnight that ends its day there.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from collectors.sandbox.calls import Call
from collectors.sandbox.graph_common import instant_of, next_url
from collectors.sandbox.metric_rules import PAGE_DAY, check_page_metrics
from collectors.sandbox.model import Feed
from collectors.sandbox.replies import graph_time, refuse
from collectors.sandbox.world import World

PACIFIC = ZoneInfo("America/Los_Angeles")
STILL_GROWING = timedelta(days=40)


def pacific_midnight(day: date) -> datetime:
    """The start of a Pacific day."""
    return datetime(day.year, day.month, day.day, tzinfo=PACIFIC)


def gained(feed: Feed, names: Sequence[str], day: date) -> int:
    """What the account's posts gained in some counters on that Pacific day, never below 0."""
    gains = feed.gains.get(day)
    if gains is None:
        gains = feed.gains[day] = _gains(feed, day)
    return max(0, sum(gains[name] for name in names))


def _gains(feed: Feed, day: date) -> Counter[str]:
    """The gain of every counter; posts deleted later count, for that day they were there."""
    begin, end = pacific_midnight(day), pacific_midnight(day + timedelta(days=1))
    gains: Counter[str] = Counter()
    for post in feed.between(begin - STILL_GROWING, end):
        gains.update(post.metrics.at(end))
        gains.subtract(post.metrics.at(begin))
    return gains


def days_of(call: Call, world: World, most: int, default: int = 2) -> list[date]:
    """The complete days that `since` and `until` name; code 100 where they are too many."""
    today = call.now.astimezone(PACIFIC).date()
    since, until = call.get("since"), call.get("until")
    last = _day_before(instant_of(until)) if until else today - timedelta(days=1)
    first = _day_of(instant_of(since)) if since else last - timedelta(days=default - 1)
    if (last - first).days >= most:
        raise refuse(100, f"(#100) There cannot be more than {most} days between since and until")
    first = max(first, world.history_start.astimezone(PACIFIC).date())
    number = (min(last, today - timedelta(days=1)) - first).days + 1
    return [first + timedelta(days=offset) for offset in range(max(0, number))]


def _day_of(instant: datetime) -> date:
    return instant.astimezone(PACIFIC).date()


def _day_before(instant: datetime) -> date:
    return (instant - timedelta(microseconds=1)).astimezone(PACIFIC).date()


def day_rows(
    object_id: str, metric: str, days: Sequence[date], value: Callable[[date], object]
) -> dict[str, Any]:
    """One metric's row with a value for each day that has one."""
    values = []
    for day in days:
        figure = value(day)
        if figure is not None:
            end = graph_time(pacific_midnight(day + timedelta(days=1)))
            values.append({"value": figure, "end_time": end})
    return {
        "name": metric,
        "period": "day",
        "values": values,
        "title": metric.replace("_", " ").capitalize(),
        "description": "",
        "id": f"{object_id}/insights/{metric}/day",
    }


def page_insights(world: World, feed: Feed, call: Call, retired: Sequence[str]) -> dict[str, Any]:
    """The page's metrics by day; a served file has none, so its rows are left out."""
    asked = call.items("metric")
    check_page_metrics(asked, PAGE_DAY, retired)
    if call.get("period", "day") != "day":
        raise refuse(100, "(#100) period must be day for these metrics")
    days = days_of(call, world, most=93)
    rows = [] if world.served else [_page_row(feed, metric, days) for metric in asked]
    return {"data": rows, "paging": day_paging(call, days)}


def _page_row(feed: Feed, metric: str, days: Sequence[date]) -> dict[str, Any]:
    makers: dict[str, Callable[[date], object]] = {
        "page_media_view": lambda day: gained(feed, ["views"], day),
        "page_total_media_view_unique": lambda day: gained(feed, ["reach"], day),
        "page_post_engagements": lambda day: gained(
            feed, ["reactions", "comments", "shares", "clicks"], day
        ),
        "page_follows": lambda day: follower_stand(feed, day),
        "page_daily_follows": lambda day: new_followers(feed, day),
    }
    return day_rows(feed.remote_id, metric, days, makers[metric])


def follower_stand(feed: Feed, day: date) -> int | None:
    """Followers at noon of that Pacific day."""
    return feed.followers_at(pacific_midnight(day) + timedelta(hours=12))


def new_followers(feed: Feed, day: date) -> int | None:
    """Followers won on that day, losses left out."""
    now, before = follower_stand(feed, day), follower_stand(feed, day - timedelta(days=1))
    return None if now is None or before is None else max(0, now - before)


def day_paging(call: Call, days: Sequence[date]) -> dict[str, str]:
    """The addresses of the stretch before and after, as time paging gives them."""
    if not days:
        return {}
    span = timedelta(days=len(days))
    first, last = pacific_midnight(days[0]), pacific_midnight(days[-1] + timedelta(days=1))
    stamps = [str(int(one.timestamp())) for one in (first - span, first, last, last + span)]
    return {
        "previous": next_url(call, since=stamps[0], until=stamps[1]),
        "next": next_url(call, since=stamps[2], until=stamps[3]),
    }
