"""What is planted in the made practice, as one JSON document to score later work against."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from collectors.sandbox import ads_plan, plan
from collectors.sandbox.growth import GrownMetrics
from collectors.sandbox.model import Post
from collectors.sandbox.world import World, history_days

NETWORKS = ("x", "facebook", "instagram")


def planted_truth(world: World) -> dict[str, Any]:
    """The factors, events and exceptions of the history from its first day to the clock.

    Factors on exposure multiply impressions (X) or reach and views (Meta); factors on the rate
    of engagement multiply reactions, replies, shares and saves over exposure; an unnamed topic,
    hour or kind has factor 1. Days are the practice's unless said otherwise; instants are UTC.
    """
    first, last = history_days(world)
    posts = [post for feed in world.feeds.values() for post in _history(world, feed.network)]
    return {
        "seed": world.seed,
        "time_zone": plan.ZONE.key,
        "history": {"first_day": first.isoformat(), "last_day": last.isoformat()},
        "posts": {network: sum(p.network == network for p in posts) for network in NETWORKS},
        "noise_sigma": plan.NOISE_SIGMA,
        "engagement_rate_by_topic": dict(plan.TOPIC_ENGAGEMENT),
        "exposure_by_kind": {name: dict(kinds) for name, kinds in plan.KIND_EXPOSURE.items()},
        "exposure_by_slot": _slots(),
        "declining_topic": _decline(),
        "campaigns": [_campaign(world, one, posts) for one in _campaigns(first, last)],
        "outages": list(_outages(world.seed, first, last)),
        "viral_posts": list(_viral(world.seed, first, last, posts)),
        "topic_by_post": {post.remote_id: list(post.topics) for post in posts},
        "deleted_posts": _moments(posts, "deleted_at"),
        "late_insights": _moments(posts, "insights_from"),
        "falling_counters": [_dip(post) for post in posts if _has_dip(post)],
        "ads": _ads(world, first, last),
    }


def write_truth(world: World, path: Path) -> None:
    """Write the planted truth as indented JSON, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_bytes(orjson.dumps(planted_truth(world), option=orjson.OPT_INDENT_2))
    draft.replace(path)


def _history(world: World, network: str) -> list[Post]:
    now = world.now()
    feed = world.feeds[network]
    feed.visible(now)
    return feed.between(world.history_start, now)


def _slots() -> dict[str, Any]:
    """One factor an hour of the week, Monday first, and the best slots by name."""
    monday = date(2026, 1, 5)
    hours = [
        plan.hour_factor(datetime(2026, 1, monday.day + day, hour, tzinfo=plan.ZONE))
        for day in range(7)
        for hour in range(24)
    ]
    return {"hour_of_week": hours, "best": sorted(map(list, plan.BEST_SLOTS))}


def _decline() -> dict[str, Any]:
    return {
        "topic": plan.DECLINING_TOPIC,
        "half_life_days": plan.DECLINE_HALF_LIFE_DAYS,
        "factor_is_1_on": plan.DECLINE_EPOCH.isoformat(),
    }


def _campaigns(first: date, last: date) -> Iterator[plan.Campaign]:
    for year in range(first.year, last.year + 1):
        for one in plan.campaigns_of(year):
            if one.begin <= last and one.end >= first:
                yield one


def _campaign(world: World, one: plan.Campaign, posts: list[Post]) -> dict[str, Any]:
    paid = ads_plan.campaigns_between(world.seed, one.begin, one.end)
    own = [ad for ad in paid if ad.name == one.name]
    return {
        "key": one.key,
        "name": one.name,
        "first_day": one.begin.isoformat(),
        "last_day": one.end.isoformat(),
        "topic": one.topic,
        "label": one.label,
        "utm_campaign": one.utm,
        "exposure_factor": one.lift,
        "ad_campaigns": [{"id": ad.remote_id, "name": ad.name} for ad in own],
        "posts": [post.remote_id for post in posts if post.campaign == one.key],
    }


def _outages(seed: int, first: date, last: date) -> Iterator[dict[str, Any]]:
    for half in plan.half_years(first, last):
        begin, end = plan.outage_of(seed, half)
        if begin <= last and end >= first:
            yield {
                "networks": ["facebook", "instagram"],
                "first_day": begin.isoformat(),
                "last_day": end.isoformat(),
            }


def _viral(seed: int, first: date, last: date, posts: list[Post]) -> Iterator[dict[str, Any]]:
    for half in plan.half_years(first, last):
        network, day = plan.viral_day(seed, half)
        begin, end = plan.midnight(day), plan.midnight(day + timedelta(days=1))
        for post in posts:
            if post.network == network and begin <= post.published_at < end:
                yield {
                    "network": network,
                    "remote_id": post.remote_id,
                    "day": day.isoformat(),
                    "exposure_factor": plan.VIRAL_FACTOR,
                }
                break


def _moments(posts: list[Post], name: str) -> dict[str, str]:
    found = ((post.remote_id, getattr(post, name)) for post in posts)
    return {remote_id: at.isoformat() for remote_id, at in found if at is not None}


def _has_dip(post: Post) -> bool:
    return isinstance(post.metrics, GrownMetrics) and post.metrics.dip is not None


def _dip(post: Post) -> dict[str, Any]:
    dip = post.metrics.dip if isinstance(post.metrics, GrownMetrics) else None
    if dip is None:
        raise ValueError(f"{post.remote_id} has no falling counter")
    return {
        "network": post.network,
        "remote_id": post.remote_id,
        "metric": dip.metric,
        "at": dip.at.isoformat(),
        "share": dip.share,
    }


def _ads(world: World, first: date, last: date) -> dict[str, Any]:
    ads = ads_plan.all_ads(world.seed, first, last)
    return {
        "time_zone": ads_plan.AD_ZONE_NAME,
        "currency": ads_plan.CURRENCY,
        "still_moving_days": 28,
        "click_rate_by_audience": dict(ads_plan.AUDIENCES),
        "click_rate_by_creative": dict(ads_plan.CREATIVES),
        "ads": [
            {
                "id": ad.remote_id,
                "name": ad.name,
                "campaign": ad.ad_set.campaign.name,
                "audience": ad.ad_set.audience,
                "creative": ad.creative,
                "click_rate_factor": ad.factor,
            }
            for ad in ads
        ],
    }
