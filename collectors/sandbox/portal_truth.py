"""What is planted in a made portal log, as one JSON document to score later work against."""

from datetime import date, timedelta
from typing import Any

from collectors.sandbox import plan, portal_plan
from collectors.sandbox.portal_made import MadeLog


def truth(log: MadeLog) -> dict[str, Any]:
    """The factors on numbers of rows, and the days on which they hold, within the log.

    A topic's factor is on its rows for each signing in (of education_view, record_view and
    message alike); the number of those who sign in goes by weekday and season, never by posts.
    Days are the practice's; topics go by their names in the vocabulary.
    """
    moved = {*portal_plan.RISES_AFTER_POSTS, *portal_plan.SEASONS}
    return {
        "seed": log.seed,
        "patients": len(log.people.ids),
        "time_zone": plan.ZONE.key,
        "first_day": log.begin.isoformat(),
        "last_day": log.end.isoformat(),
        "zip3s": list(portal_plan.ZIP3S),
        "rises_after_posts": {topic: _rise(log, topic) for topic in portal_plan.RISES_AFTER_POSTS},
        "days_after_a_post": portal_plan.DAYS_AFTER_A_POST,
        "rises_for_another_reason": {topic: _season(log, topic) for topic in portal_plan.SEASONS},
        "unmoved_topics": [topic for topic in portal_plan.TOPICS if topic not in moved],
        "topic_shares": dict(portal_plan.TOPIC_SHARES),
        "telehealth_visits": {
            "factor": portal_plan.TELEHEALTH_LIFT,
            "campaigns": _telehealth_campaigns(log),
        },
        "use_by_weekday": list(portal_plan.WEEK),
    }


def _days(log: MadeLog) -> list[date]:
    return [log.begin + timedelta(days=n) for n in range((log.end - log.begin).days + 1)]


def _rise(log: MadeLog, topic: str) -> dict[str, Any]:
    """The factor and the days of the log on which it holds."""
    acting = log.after.get(topic, frozenset())
    return {
        "factor": portal_plan.RISES_AFTER_POSTS[topic],
        "days": [day.isoformat() for day in _days(log) if day in acting],
    }


def _season(log: MadeLog, topic: str) -> dict[str, Any]:
    season = portal_plan.SEASONS[topic]
    marks = (season.begins, season.full_from, season.full_until, season.over_by)
    names = ("begins", "full_from", "full_until", "over_by")
    acting = log.after.get(topic, frozenset())
    return {
        "why": season.why,
        "factor": season.factor,
        "each_year": {
            name: f"{month:02}-{day:02}" for name, (month, day) in zip(names, marks, strict=True)
        },
        "days_after_posts": [day.isoformat() for day in _days(log) if day in acting],
    }


def _telehealth_campaigns(log: MadeLog) -> list[dict[str, str]]:
    return [
        {
            "key": one.key,
            "first_day": max(one.begin, log.begin).isoformat(),
            "last_day": min(one.end, log.end).isoformat(),
        }
        for year in range(log.begin.year, log.end.year + 1)
        for one in plan.campaigns_of(year)
        if one.topic == "telehealth" and one.begin <= log.end and one.end >= log.begin
    ]
