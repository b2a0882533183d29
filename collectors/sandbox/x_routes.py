"""X API v2: users, a user's posts, posts by id. Everything a reader of own posts needs."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from collectors.sandbox.calls import Call
from collectors.sandbox.clock import parse_instant
from collectors.sandbox.model import Feed, Post
from collectors.sandbox.paging import START, BadCursor, decode_cursor, encode_cursor, older_than
from collectors.sandbox.replies import Refusal, Reply, x_invalid, x_problem
from collectors.sandbox.world import World
from collectors.sandbox.x_posts import (
    TWEET_FIELDS,
    media_objects,
    post_object,
    too_old,
    user_object,
)

NEWEST = 3200
FIRST_TIME = datetime(2010, 11, 6, tzinfo=UTC)
PRIVATE_FIELDS = ("non_public_metrics", "organic_metrics", "promoted_metrics")


def answer_x(world: World, call: Call) -> Reply:
    """The reply to one request under /2/; Refusal where X turns it down."""
    if call.parts == ("oauth2", "token"):
        return _refresh(world)
    feed = world.feeds.get("x")
    app_only = call.token == world.identity.x_token + "-app"
    if feed is None or not (app_only or call.token == world.identity.x_token):
        raise Refusal(x_problem(401, "Unauthorized", "Unauthorized", ""))
    match call.parts:
        case ("users", "me"):
            return _me(feed, call, app_only)
        case ("users", "by", "username", name):
            known = name.casefold() == feed.handle.casefold()
            return _user(feed, call, known, "username", name)
        case ("users", user_id):
            return _user(feed, call, user_id == feed.remote_id, "id", user_id)
        case ("users", user_id, "tweets"):
            return _timeline(feed, call, user_id, app_only)
        case ("tweets",):
            return _lookup(feed, call, call.items("ids"), app_only)
        case ("tweets", post_id):
            return _single(_lookup(feed, call, [post_id], app_only))
    raise Refusal(x_problem(404, "Not Found", "Not Found", ""))


def _refresh(world: World) -> Reply:
    token = world.identity.x_token
    body = {"token_type": "bearer", "expires_in": 7200, "access_token": token}
    return Reply(body | {"refresh_token": token + "-refresh", "scope": "tweet.read users.read"})


def _me(feed: Feed, call: Call, app_only: bool) -> Reply:
    if app_only:
        raise Refusal(
            x_problem(
                403,
                "Unsupported Authentication",
                "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.",
                "unsupported-authentication",
            )
        )
    return Reply({"data": user_object(feed, call.items("user.fields"), call.now)})


def _user(feed: Feed, call: Call, known: bool, parameter: str, value: str) -> Reply:
    if not known:
        return Reply({"errors": [not_found("user", parameter, value)]})
    return Reply({"data": user_object(feed, call.items("user.fields"), call.now)})


def not_found(resource: str, parameter: str, value: str) -> dict[str, str]:
    """X's error for one object, sent beside `data` with status 200."""
    return {
        "value": value,
        "detail": f"Could not find {resource} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }


def _timeline(feed: Feed, call: Call, user_id: str, app_only: bool) -> Reply:
    if user_id != feed.remote_id:
        return Reply({"errors": [not_found("user", "id", user_id)]})
    size = _size(call)
    posts = _chosen(feed, call)
    page = older_than(posts, _start(call), size)
    private = _private_fields(call, app_only)
    if private and any(too_old(post, call.now) for post in page.posts):
        raise Refusal(_not_authorized(page.posts, private, call.now))
    fields = _fields(call)
    data = [post_object(post, feed, fields, call.now) for post in page.posts]
    body: dict[str, Any] = {"data": data} | _includes(call, page.posts) if data else {}
    if errors := _retweet_errors(page.posts, private):
        body["errors"] = errors
    body["meta"] = _meta(page.posts)
    if call.get("pagination_token"):
        body["meta"]["previous_token"] = encode_cursor(START)
    if page.after:
        body["meta"]["next_token"] = encode_cursor(page.after)
    call.listing["start"] = encode_cursor(page.start)
    call.listing["last"] = page.posts[-1] if page.posts else None
    return Reply(body)


def _fields(call: Call) -> list[str]:
    fields = ["attachments"] if _wants_media(call) else []
    for name in call.items("tweet.fields"):
        if name not in TWEET_FIELDS:
            message = f"The `tweet.fields` query parameter value [{name}] is not known"
            raise x_invalid("tweet.fields", name, message)
        fields.append(name)
    return fields


def _wants_media(call: Call) -> bool:
    return "attachments.media_keys" in call.items("expansions")


def _includes(call: Call, posts: Sequence[Post]) -> dict[str, Any]:
    media = media_objects(posts) if _wants_media(call) else []
    return {"includes": {"media": media}} if media else {}


def _size(call: Call) -> int:
    raw = call.get("max_results", "10")
    if not raw.isdigit() or not 5 <= int(raw) <= 100:
        message = f"The `max_results` query parameter value [{raw}] is not between 5 and 100"
        raise x_invalid("max_results", raw, message)
    return int(raw)


def _start(call: Call) -> tuple[datetime, str]:
    token = call.get("pagination_token")
    try:
        return decode_cursor(token) if token else START
    except BadCursor:
        message = f"The `pagination_token` query parameter value [{token}] is not valid"
        raise x_invalid("pagination_token", token, message) from None


def _chosen(feed: Feed, call: Call) -> list[Post]:
    """The newest 3,200 posts, narrowed by time, id and kind."""
    posts = feed.visible(call.now)[-NEWEST:]
    if begin := _time_of(call, "start_time"):
        posts = [post for post in posts if post.published_at >= begin]
    if end := _time_of(call, "end_time"):
        posts = [post for post in posts if post.published_at < end]
    posts = _by_id(feed, call, posts)
    left_out = {{"retweets": "retweet", "replies": "reply"}.get(x) for x in call.items("exclude")}
    return [post for post in posts if post.kind not in left_out] if left_out else posts


def _time_of(call: Call, name: str) -> datetime | None:
    raw = call.get(name)
    if not raw:
        return None
    try:
        instant = parse_instant(raw)
    except ValueError:
        message = f"The `{name}` query parameter value [{raw}] is not a valid RFC 3339 time"
        raise x_invalid(name, raw, message) from None
    if instant < FIRST_TIME:
        message = f"The `{name}` must be on or after {FIRST_TIME:%Y-%m-%dT%H:%MZ}"
        raise x_invalid(name, raw, message)
    return instant


def _by_id(feed: Feed, call: Call, posts: list[Post]) -> list[Post]:
    since, until = _id_of(feed, call, "since_id"), _id_of(feed, call, "until_id")
    if since:
        posts = [post for post in posts if _is_newer(feed, post, since)]
    if until:
        at = feed.place(until)
        posts = [
            post
            for post in posts
            if ((post.published_at, post.remote_id) < at if at else _number(post) < int(until))
        ]
    return posts


def _id_of(feed: Feed, call: Call, name: str) -> str:
    raw = call.get(name)
    if raw and not raw.isdigit() and feed.place(raw) is None:
        message = f"The `{name}` query parameter value [{raw}] is not a valid id"
        raise x_invalid(name, raw, message)
    return raw


def _is_newer(feed: Feed, post: Post, since: str) -> bool:
    place = feed.place(since)
    if place:
        return (post.published_at, post.remote_id) > place
    return _number(post) > int(since)


def _number(post: Post) -> int:
    return int(post.remote_id) if post.remote_id.isdigit() else 0


def _meta(posts: Sequence[Post]) -> dict[str, Any]:
    meta: dict[str, Any] = {"result_count": len(posts)}
    if posts:
        meta |= {"newest_id": posts[0].remote_id, "oldest_id": posts[-1].remote_id}
    return meta


def _private_fields(call: Call, app_only: bool) -> list[str]:
    private = [name for name in call.items("tweet.fields") if name in PRIVATE_FIELDS]
    if private and app_only:
        raise Refusal(
            x_problem(
                403,
                "Forbidden",
                f"{private[0]} needs user context, which an app-only token is not.",
                "not-authorized-for-field",
            )
        )
    return private


def _field_error(post: Post, field: str) -> dict[str, str]:
    return {
        "resource_id": post.remote_id,
        "parameter": "id",
        "resource_type": "tweet",
        "section": "data",
        "field": field,
        "title": "Field Authorization Error",
        "value": post.remote_id,
        "detail": f"Sorry, you are not authorized to access '{field}' on the Tweet with id "
        f"[{post.remote_id}].",
        "type": "https://api.twitter.com/2/problems/not-authorized-for-field",
    }


def _not_authorized(posts: Sequence[Post], fields: Sequence[str], now: datetime) -> Reply:
    errors = [_field_error(post, name) for post in posts if too_old(post, now) for name in fields]
    return x_problem(
        400,
        "Invalid Request",
        "Fields of the author's own metrics are to be had for 30 days only.",
        "invalid-request",
        errors=errors,
    )


def _retweet_errors(posts: Sequence[Post], fields: Sequence[str]) -> list[dict[str, str]]:
    return [_field_error(post, name) for post in posts if post.kind == "retweet" for name in fields]


def _lookup(feed: Feed, call: Call, ids: Sequence[str], app_only: bool) -> Reply:
    """Posts by id: what is not there, or too old for a field, stands in `errors` beside `data`."""
    if not 1 <= len(ids) <= 100:
        message = (
            f"The number of values in the `ids` query parameter list [{len(ids)}] must be 1-100"
        )
        raise x_invalid("ids", ",".join(ids), message)
    private, fields = _private_fields(call, app_only), _fields(call)
    found: list[Post] = []
    errors: list[dict[str, str]] = []
    for remote_id in ids:
        post = feed.get(remote_id, call.now)
        if post is None:
            errors.append(not_found("tweet", "ids", remote_id))
        elif private and too_old(post, call.now):
            errors += [_field_error(post, name) for name in private]
        else:
            found.append(post)
            errors += _retweet_errors([post], private)
    data = [post_object(post, feed, fields, call.now) for post in found]
    body: dict[str, Any] = {"data": data} | _includes(call, found) if data else {}
    return Reply(body | ({"errors": errors} if errors else {}))


def _single(reply: Reply) -> Reply:
    body = dict(reply.body)
    if "data" in body:
        body["data"] = body["data"][0]
    return Reply(body)
