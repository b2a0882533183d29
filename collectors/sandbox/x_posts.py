"""Posts and users as X v2 writes them."""

import html
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from collectors.sandbox.dice import Dice
from collectors.sandbox.model import Feed, Post
from collectors.sandbox.replies import x_time

PUBLIC = (
    "retweet_count",
    "reply_count",
    "like_count",
    "quote_count",
    "bookmark_count",
    "impression_count",
)
NON_PUBLIC = ("impression_count", "url_link_clicks", "user_profile_clicks", "engagements")
ORGANIC = (
    "impression_count",
    "like_count",
    "reply_count",
    "retweet_count",
    "url_link_clicks",
    "user_profile_clicks",
)
TWEET_FIELDS = frozenset(
    {
        *("article", "attachments", "author_id", "card_uri", "community_id"),
        *("context_annotations", "conversation_id", "created_at", "display_text_range"),
        *("edit_controls", "edit_history_tweet_ids", "entities", "geo", "id"),
        *("in_reply_to_user_id", "lang", "matched_media_notes", "media_metadata"),
        *("non_public_metrics", "note_tweet", "organic_metrics", "paid_partnership"),
        *("possibly_sensitive", "promoted_metrics", "public_metrics", "referenced_tweets"),
        *("reply_settings", "scopes", "source", "suggested_source_links", "text", "withheld"),
    }
)
PRIVATE_AGE = timedelta(days=30)
REFERENCES = {"retweet": "retweeted", "reply": "replied_to", "quote": "quoted"}
MENTION = re.compile(r"(?<!\w)@(\w{1,15})")
HASHTAG = re.compile(r"(?<!\w)#(\w+)")


def post_object(post: Post, feed: Feed, fields: Sequence[str], now: datetime) -> dict[str, Any]:
    """One post with the fields asked for; the default is id, text and the edit history."""
    text, urls = _wire_text(post)
    answer: dict[str, Any] = {
        "id": post.remote_id,
        "text": text,
        "edit_history_tweet_ids": [post.remote_id],
    }
    makers: dict[str, Callable[[], Any]] = {
        "created_at": lambda: x_time(post.published_at),
        "author_id": lambda: feed.remote_id,
        "conversation_id": lambda: _conversation(post),
        "lang": lambda: "es" if re.search("[¿¡ñáéíóú]", post.text) else "en",
        "possibly_sensitive": lambda: False,
        "source": lambda: "Twitter Web App",
        "reply_settings": lambda: "everyone",
        "entities": lambda: _entities(text, urls),
        "attachments": lambda: _attachments(post),
        "referenced_tweets": lambda: _references(post),
        "in_reply_to_user_id": lambda: _replied_user(post),
        "public_metrics": lambda: _metrics(post, PUBLIC, now),
        "non_public_metrics": lambda: _private(post, NON_PUBLIC, now),
        "organic_metrics": lambda: _private(post, ORGANIC, now),
    }
    for name in fields:
        value = makers[name]() if name in makers else None
        if value is not None:
            answer[name] = value
    return answer


def media_objects(posts: Sequence[Post]) -> list[dict[str, str]]:
    """What `expansions=attachments.media_keys` adds under `includes.media`."""
    found = []
    for post in posts:
        for key in (_attachments(post) or {}).get("media_keys", []):
            found.append({"media_key": key, "type": post.kind})
    return found


def user_object(feed: Feed, fields: Sequence[str], now: datetime) -> dict[str, Any]:
    """The account's user with the fields asked for."""
    answer: dict[str, Any] = {"id": feed.remote_id, "name": feed.name, "username": feed.handle}
    if "created_at" in fields:
        answer["created_at"] = "2016-05-02T14:11:09.000Z"
    if "verified" in fields:
        answer["verified"] = False
    if "protected" in fields:
        answer["protected"] = False
    if "public_metrics" in fields:
        answer["public_metrics"] = _user_metrics(feed, now)
    return answer


def too_old(post: Post, now: datetime) -> bool:
    """Whether X keeps the author's own metrics of that post to itself."""
    return now - post.published_at > PRIVATE_AGE


def _user_metrics(feed: Feed, now: datetime) -> dict[str, int]:
    metrics = {"following_count": 212, "tweet_count": len(feed.visible(now)), "listed_count": 18}
    count = feed.followers_at(now)
    return metrics if count is None else {"followers_count": count} | metrics


def _metrics(post: Post, names: Sequence[str], now: datetime) -> dict[str, int]:
    values = post.metrics.at(now)
    return {name: values[name] for name in names if name in values}


def _private(post: Post, names: Sequence[str], now: datetime) -> dict[str, int] | None:
    return None if post.kind == "retweet" else _metrics(post, names, now) or None


def _wire_text(post: Post) -> tuple[str, list[tuple[str, str]]]:
    """The text with entities escaped and links shortened, and (short, expanded) of each link."""
    text, urls = html.escape(post.text, quote=False), []
    for index, link in enumerate(post.links):
        written = html.escape(link, quote=False)
        short = written
        if post.shortens_links:
            short = "https://t.co/" + Dice("t.co", post.remote_id, index).letters(10)
            text = text.replace(written, short)
        urls.append((short, link))
    return text, urls


def _entities(text: str, urls: Sequence[tuple[str, str]]) -> dict[str, Any] | None:
    entities: dict[str, Any] = {}
    found = [_url_entity(text, short, link) for short, link in urls if short in text]
    if found:
        entities["urls"] = found
    if tags := [_span(match) | {"tag": match[1]} for match in HASHTAG.finditer(text)]:
        entities["hashtags"] = tags
    if names := [_span(match) | {"username": match[1]} for match in MENTION.finditer(text)]:
        entities["mentions"] = names
    return entities or None


def _span(match: re.Match[str]) -> dict[str, Any]:
    return {"start": match.start(), "end": match.end()}


def _url_entity(text: str, short: str, link: str) -> dict[str, Any]:
    start = text.index(short)
    display = re.sub(r"^https?://(www\.)?", "", link)
    return {
        "start": start,
        "end": start + len(short),
        "url": short,
        "expanded_url": link,
        "display_url": display if len(display) <= 27 else display[:26] + "…",
        "status": 200,
        "unwound_url": link,
    }


def _conversation(post: Post) -> str:
    return post.original_id if post.kind == "reply" and post.original_id else post.remote_id


def _replied_user(post: Post) -> str | None:
    return Dice("user", post.original_id).digits(10) if post.kind == "reply" else None


def _references(post: Post) -> list[dict[str, str]] | None:
    kind = REFERENCES.get(post.kind)
    return [{"type": kind, "id": post.original_id}] if kind and post.original_id else None


def _attachments(post: Post) -> dict[str, list[str]] | None:
    if post.kind not in ("photo", "video"):
        return None
    head = "3_" if post.kind == "photo" else "7_"
    return {"media_keys": [head + Dice("media", post.remote_id).digits(19)]}
