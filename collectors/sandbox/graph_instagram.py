"""Instagram through Graph: the account, its media, and insights by kind of media."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from collectors.sandbox.calls import Call
from collectors.sandbox.dice import Dice
from collectors.sandbox.fields import Field, names, parse_fields
from collectors.sandbox.graph_common import (
    in_range,
    lifetime_row,
    limit_of,
    list_body,
    start_of,
)
from collectors.sandbox.metric_rules import (
    USER_DAY,
    USER_TOTAL,
    check_media_metrics,
    check_page_metrics,
)
from collectors.sandbox.model import Feed, Post
from collectors.sandbox.page_days import day_paging, day_rows, days_of, gained, new_followers
from collectors.sandbox.paging import older_than
from collectors.sandbox.replies import Reply, graph_time, refuse
from collectors.sandbox.world import World

PLAIN = {
    "reach": "reach",
    "views": "views",
    "likes": "likes",
    "comments": "comments",
    "saved": "saves",
    "shares": "shares",
    "follows": "follows",
    "profile_visits": "profile_visits",
    "replies": "comments",
    "ig_reels_video_view_total_time": "ig_reels_video_view_total_time",
}
GAINED = {
    "reach": ["reach"],
    "views": ["views"],
    "likes": ["likes"],
    "comments": ["comments"],
    "shares": ["shares"],
    "saves": ["saves"],
    "total_interactions": ["likes", "comments", "shares", "saves"],
    "accounts_engaged": ["likes"],
    "replies": [],
    "profile_links_taps": ["profile_visits"],
}


def answer_account(
    world: World, feed: Feed, call: Call, edge: str, retired: Sequence[str]
) -> Reply:
    """The Instagram account, its media, or its insights by day."""
    if not edge:
        fields = names(parse_fields(call.get("fields"))) or ["id"]
        return Reply(account_object(feed, fields, call.now))
    if edge == "media":
        return Reply(_media(feed, call, retired))
    if edge == "insights":
        return Reply(_account_insights(world, feed, call, retired))
    if edge == "stories":
        return Reply({"data": []})
    raise refuse(2500, f"Unknown path components: /{edge}")


def account_object(feed: Feed, fields: Sequence[str], now: datetime) -> dict[str, Any]:
    """The account with the fields asked for."""
    makers: dict[str, Callable[[], Any]] = {
        "id": lambda: feed.remote_id,
        "username": lambda: feed.handle,
        "name": lambda: feed.name,
        "biography": lambda: "Family medicine in Harbor City. Tips are no substitute for a visit.",
        "followers_count": lambda: feed.followers_at(now),
        "follows_count": lambda: 187,
        "media_count": lambda: len(feed.visible(now)),
    }
    made = {name: makers[name]() for name in dict.fromkeys((*fields, "id")) if name in makers}
    return {name: value for name, value in made.items() if value is not None}


def answer_media(feed: Feed, call: Call, post: Post, edge: str, retired: Sequence[str]) -> Reply:
    """One media, or its insights."""
    if edge == "insights":
        return Reply({"data": media_insights(post, call.items("metric"), call.now, retired)})
    if edge:
        raise refuse(2500, f"Unknown path components: /{edge}")
    fields = parse_fields(call.get("fields") or "id")
    return Reply(media_object(post, feed, fields, call.now, retired))


def _media(feed: Feed, call: Call, retired: Sequence[str]) -> dict[str, Any]:
    fields = parse_fields(call.get("fields") or "id")
    posts = [post for post in in_range(feed.visible(call.now), call) if post.kind != "story"]
    page = older_than(posts, start_of(call), limit_of(call))
    return list_body(call, page, lambda post: media_object(post, feed, fields, call.now, retired))


def media_object(
    post: Post, feed: Feed, fields: Sequence[Field], now: datetime, retired: Sequence[str]
) -> dict[str, Any]:
    """One media with the fields asked for; hidden counts are left out."""
    values, code = post.metrics.at(now), Dice("shortcode", post.remote_id).letters(11)
    media_type, product = product_of(post)
    makers: dict[str, Callable[[Field], Any]] = {
        "id": lambda _: post.remote_id,
        "caption": lambda _: post.text or None,
        "timestamp": lambda _: graph_time(post.published_at),
        "media_type": lambda _: media_type,
        "media_product_type": lambda _: "FEED" if product == "CAROUSEL" else product,
        "permalink": lambda _: f"https://www.instagram.com/{_path(post)}/{code}/",
        "shortcode": lambda _: code,
        "username": lambda _: feed.handle,
        "owner": lambda _: {"id": feed.remote_id},
        "like_count": lambda _: values.get("likes"),
        "comments_count": lambda _: values.get("comments"),
        "media_url": lambda _: None,
        "thumbnail_url": lambda _: None,
        "children": lambda one: _children(post, one),
        "insights": lambda one: {"data": _inner(post, one, now, retired)},
    }
    answer: dict[str, Any] = {}
    for one in [*fields, Field("id")]:
        if one.name not in makers:
            raise refuse(100, f"(#100) Tried accessing nonexisting field ({one.name})")
        value = makers[one.name](one)
        if value is not None:
            answer[one.key] = value
    return answer


def product_of(post: Post) -> tuple[str, str]:
    """Media type, and the kind that decides which metrics there are."""
    if post.kind in ("reel", "video"):
        return "VIDEO", "REELS"
    if post.kind == "carousel":
        return "CAROUSEL_ALBUM", "CAROUSEL"
    return "IMAGE", "STORY" if post.kind == "story" else "FEED"


def _path(post: Post) -> str:
    return "reel" if post.kind in ("reel", "video") else "p"


def _children(post: Post, field: Field) -> dict[str, Any] | None:
    if post.kind != "carousel":
        return None
    dice = Dice("children", post.remote_id)
    rows = [{"id": "17" + dice.digits(15), "media_type": "IMAGE"} for _ in range(3)]
    wanted = set(names(field.inner)) | {"id"}
    return {"data": [{k: v for k, v in row.items() if k in wanted} for row in rows]}


def _inner(post: Post, field: Field, now: datetime, retired: Sequence[str]) -> list[dict[str, Any]]:
    asked = [name.strip() for name in field.options.get("metric", "").split(",") if name.strip()]
    rows = media_insights(post, asked, now, retired)
    if field.inner:
        kept = set(names(field.inner)) | {"id"}
        rows = [{key: value for key, value in row.items() if key in kept} for row in rows]
    return rows


def media_insights(
    post: Post, asked: Sequence[str], now: datetime, retired: Sequence[str]
) -> list[dict[str, Any]]:
    """Rows of the metrics asked for; an empty list while the network has none yet."""
    _, product = product_of(post)
    check_media_metrics(asked, product, retired)
    if post.insights_from and now < post.insights_from:
        return []
    values = post.metrics.at(now)
    rows = []
    for metric in asked:
        value = _value(metric, values)
        if value is not None:
            rows.append(lifetime_row(post.remote_id, metric, value))
    return rows


def _value(metric: str, values: dict[str, int]) -> int | None:
    if metric == "total_interactions":
        parts = [values.get(name) for name in GAINED["total_interactions"]]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None
    if metric == "ig_reels_avg_watch_time":
        total, views = values.get("ig_reels_video_view_total_time"), values.get("views")
        return total // views if total is not None and views else values.get(metric)
    return values.get(PLAIN.get(metric, metric))


def _account_insights(
    world: World, feed: Feed, call: Call, retired: Sequence[str]
) -> dict[str, Any]:
    asked, total = call.items("metric"), call.get("metric_type") == "total_value"
    check_page_metrics(asked, (*USER_TOTAL, *USER_DAY), retired)
    if call.get("period", "day") != "day":
        raise refuse(100, "(#100) period must be day for these metrics")
    wrong = [name for name in asked if name not in (USER_TOTAL if total else USER_DAY)]
    if wrong:
        needed = "total_value" if not total else "time_series"
        raise refuse(
            100,
            f"(#100) The following metrics ({', '.join(wrong)}) should be specified with "
            f"parameter metric_type={needed}",
        )
    days = days_of(call, world, most=30)
    if world.served:
        return {"data": [], "paging": day_paging(call, days)}
    make = _total_row if total else _daily_row
    return {
        "data": [make(feed, name, days, call.now) for name in asked],
        "paging": day_paging(call, days),
    }


def _daily_row(feed: Feed, metric: str, days: Sequence[date], now: datetime) -> dict[str, Any]:
    if metric == "follower_count":
        oldest = (now - timedelta(days=30)).date()
        recent = [day for day in days if day > oldest]
        return day_rows(feed.remote_id, metric, recent, lambda day: new_followers(feed, day))
    return day_rows(feed.remote_id, metric, days, lambda day: gained(feed, ["reach"], day))


def _total_row(feed: Feed, metric: str, days: Sequence[date], _now: datetime) -> dict[str, Any]:
    value = sum(gained(feed, GAINED[metric], day) for day in days)
    if metric == "reach" and len(days) > 1:
        value = int(value**0.97)  # the same people on several days count once
    row = day_rows(feed.remote_id, metric, [], lambda _day: None)
    del row["values"]
    return row | {"total_value": {"value": value}}
