"""Pages: the page itself, its posts with field expansion, post and page insights."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from collectors.sandbox import page_days
from collectors.sandbox.calls import Call
from collectors.sandbox.fields import Field, names, parse_fields
from collectors.sandbox.graph_common import (
    in_range,
    lifetime_row,
    limit_of,
    list_body,
    next_url,
    start_of,
)
from collectors.sandbox.metric_rules import PAGE_POST, check_page_metrics
from collectors.sandbox.model import Feed, Post
from collectors.sandbox.paging import older_than
from collectors.sandbox.replies import Reply, graph_time, refuse, unknown_object
from collectors.sandbox.world import World

POST_EDGES = ("published_posts", "posts", "feed")
PAGE_FIELDS = ("id", "name")
STATUS_TYPES = {"photo": "added_photos", "video": "added_video", "link": "shared_story"}
TASKS = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MANAGE", "MESSAGING", "MODERATE"]


def page_object(world: World, fields: Sequence[str], now: datetime) -> dict[str, Any]:
    """The page with the fields asked for."""
    feed, identity = world.feeds.get("facebook"), world.identity
    named = feed or next(iter(world.feeds.values()))
    makers: dict[str, Callable[[], Any]] = {
        "id": lambda: identity.page_id,
        "name": lambda: named.name,
        "username": lambda: named.handle,
        "access_token": lambda: identity.page_token,
        "category": lambda: "Medical Center",
        "tasks": lambda: TASKS,
        "link": lambda: f"https://www.facebook.com/{named.handle}",
        "followers_count": lambda: feed.followers_at(now) if feed else None,
        "fan_count": lambda: feed.followers_at(now) if feed else None,
        "instagram_business_account": lambda: _instagram(world),
    }
    made = {name: makers[name]() for name in dict.fromkeys((*fields, "id")) if name in makers}
    return {name: value for name, value in made.items() if value is not None}


def second_page(world: World, fields: Sequence[str], now: datetime) -> dict[str, Any]:
    """Another page of the same name, as owners with two sites have it; it has no posts."""
    page = page_object(world, fields, now)
    other = {"id": world.identity.page_id[::-1], "username": f"{page.get('username', '')}east"}
    return {
        name: other.get(name, value)
        for name, value in page.items()
        if name != "instagram_business_account"
    }


def _instagram(world: World) -> dict[str, str] | None:
    feed = world.feeds.get("instagram")
    return {"id": feed.remote_id} if feed else None


def answer_page(world: World, call: Call, edge: str, retired: Sequence[str]) -> Reply:
    """The page, or one of its edges."""
    if not edge:
        fields = names(parse_fields(call.get("fields"))) or PAGE_FIELDS
        return Reply(page_object(world, fields, call.now))
    feed = world.feeds.get("facebook")
    if feed is None:
        raise unknown_object(call.parts[0])
    if edge in POST_EDGES:
        return Reply(_posts(feed, call, edge, retired))
    if edge == "insights":
        return Reply(page_days.page_insights(world, feed, call, retired))
    raise refuse(2500, f"Unknown path components: /{edge}")


def answer_post(feed: Feed, call: Call, post: Post, edge: str, retired: Sequence[str]) -> Reply:
    """One post, or its insights."""
    if edge == "insights":
        rows = post_insights(post, call.items("metric"), call.now, retired)
        return Reply({"data": rows, "paging": _insight_paging(call)})
    if edge:
        raise refuse(2500, f"Unknown path components: /{edge}")
    fields = parse_fields(call.get("fields") or "id,message,created_time")
    return Reply(post_object(post, feed, fields, call.now, retired))


def _insight_paging(call: Call) -> dict[str, str]:
    return {"previous": next_url(call, since="0"), "next": next_url(call, until="0")}


def _posts(feed: Feed, call: Call, edge: str, retired: Sequence[str]) -> dict[str, Any]:
    """Newest first; `published_posts` pages by cursor, `feed` and `posts` by time."""
    fields = parse_fields(call.get("fields") or "id,message,created_time")
    page = older_than(in_range(feed.visible(call.now), call), start_of(call), limit_of(call))
    body = list_body(call, page, lambda post: post_object(post, feed, fields, call.now, retired))
    if edge == "published_posts" or not page.posts:
        return body
    newest, oldest = page.posts[0], page.posts[-1]
    cursor = body["paging"]["cursors"]["after"]
    stamps = [str(int(one.published_at.timestamp())) for one in (newest, oldest)]
    body["paging"] = {"previous": next_url(call, since=stamps[0])}
    if page.after:
        body["paging"]["next"] = next_url(call, until=stamps[1], after=cursor)
    return body


def post_object(
    post: Post, feed: Feed, fields: Sequence[Field], now: datetime, retired: Sequence[str]
) -> dict[str, Any]:
    """One post with the fields asked for; what it has no figure for is left out."""
    values = post.metrics.at(now)
    makers: dict[str, Callable[[Field], Any]] = {
        "id": lambda _: post.remote_id,
        "message": lambda _: post.text or None,
        "created_time": lambda _: graph_time(post.published_at),
        "updated_time": lambda _: graph_time(post.published_at),
        "permalink_url": lambda _: _permalink(post, feed),
        "status_type": lambda _: STATUS_TYPES.get(post.kind, "mobile_status_update"),
        "is_published": lambda _: True,
        "from": lambda _: {"id": feed.remote_id, "name": feed.name},
        "shares": lambda _: {"count": values["shares"]} if "shares" in values else None,
        "reactions": lambda one: _counted(one, values.get("reactions"), "viewer_reaction"),
        "likes": lambda one: _counted(one, values.get("reactions"), "has_liked"),
        "comments": lambda one: _counted(one, values.get("comments"), "order"),
        "attachments": lambda one: _attachments(post, one),
        "insights": lambda one: _inner_insights(post, one, now, retired),
    }
    answer: dict[str, Any] = {}
    for one in [*fields, Field("id")]:
        if one.name not in makers:
            raise refuse(100, f"(#100) Tried accessing nonexisting field ({one.name})")
        value = makers[one.name](one)
        if value is not None:
            answer[one.key] = value
    return answer


def _permalink(post: Post, feed: Feed) -> str:
    return f"https://www.facebook.com/{feed.handle}/posts/{post.remote_id.rpartition('_')[2]}"


def _counted(field: Field, total: int | None, extra: str) -> dict[str, Any] | None:
    """An edge with its summary; without `summary(...)` an edge has no total at all."""
    if total is None:
        return None
    edge: dict[str, Any] = {"data": []}
    if "summary" in field.options:
        more = {"viewer_reaction": "NONE", "has_liked": False, "order": "ranked"}[extra]
        edge["summary"] = {"total_count": total, extra: more}
    return edge


def _attachments(post: Post, field: Field) -> dict[str, Any] | None:
    kinds = {"photo": "photo", "video": "video_inline", "link": "share"}
    if post.kind not in kinds:
        return None
    item: dict[str, Any] = {"media_type": post.kind, "type": kinds[post.kind]}
    item["title"] = post.text[:60]
    item |= _link_target(post) if post.kind == "link" else _own_target(post)
    wanted = names(field.inner) or list(item)
    return {"data": [{name: item[name] for name in wanted if name in item}]}


def _own_target(post: Post) -> dict[str, Any]:
    own = f"https://www.facebook.com/{post.remote_id}"
    return {"url": own, "target": {"url": own}, "unshimmed_url": own}


def _link_target(post: Post) -> dict[str, Any]:
    """The link behind Facebook's shim; a served link post may have none that is known."""
    if not post.links:
        return {}
    target = post.links[0]
    digest = hashlib.sha256(target.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    shim = f"https://l.facebook.com/l.php?u={digest}"
    return {"url": shim, "target": {"url": shim}, "unshimmed_url": target}


def _inner_insights(
    post: Post, field: Field, now: datetime, retired: Sequence[str]
) -> dict[str, Any]:
    asked = [name.strip() for name in field.options.get("metric", "").split(",") if name.strip()]
    rows = post_insights(post, asked, now, retired)
    if field.inner:
        kept = set(names(field.inner)) | {"id"}
        rows = [{key: value for key, value in row.items() if key in kept} for row in rows]
    return {"data": rows}


def post_insights(
    post: Post, asked: Sequence[str], now: datetime, retired: Sequence[str]
) -> list[dict[str, Any]]:
    """Rows of the metrics that the post has figures for."""
    check_page_metrics(asked, PAGE_POST, retired)
    values, rows = post.metrics.at(now), []
    for metric in asked:
        value = values.get(PAGE_POST[metric])
        if value is None:
            continue
        shown = by_type(value) if metric == "post_reactions_by_type_total" else value
        rows.append(lifetime_row(post.remote_id, metric, shown))
    return rows


def by_type(total: int) -> dict[str, int]:
    """Reactions by type, which add up to the total."""
    parts = {"love": total // 6, "care": total // 20, "wow": total // 40}
    parts = {name: number for name, number in parts.items() if number}
    return {"like": total - sum(parts.values())} | parts
