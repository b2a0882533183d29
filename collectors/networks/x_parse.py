"""X API v2 replies as records: posts, links, counters, and the errors that stand beside data."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collectors.networks.base import PostRecord
from collectors.networks.values import (
    Json,
    Notes,
    clean_text,
    count,
    mapping,
    objects,
    optional_text,
    published,
    remote_id,
)
from data.metrics import POST_METRICS

#: Our name -> X's. clicks and profile_clicks are X's non-public metrics, the others public.
METRIC_NAMES: Mapping[str, str] = {
    metric.name: metric.networks["x"][0] for metric in POST_METRICS if "x" in metric.networks
}
PRIVATE = ("url_link_clicks", "user_profile_clicks")
#: What X escapes in a text, and nothing else: `&quot;` there was written by the author.
ESCAPED = re.compile(r"&(amp|lt|gt);")
PLAIN = {"amp": "&", "lt": "<", "gt": ">"}
REFERENCES = (("retweeted", "retweet"), ("replied_to", "reply"), ("quoted", "quote"))
NOT_FOUND = "resource-not-found"
WITHHELD = "not-authorized-for-field"
LONGEST_NAME = 15


@dataclass(frozen=True)
class BesideData:
    """X's errors in a reply of status 200, sorted by what they mean for us."""

    not_found: tuple[str, ...]
    withheld: tuple[str, ...]
    account: bool  # X has no such user, or does not show it


def post_record(
    item: Json,
    media: Mapping[str, str],
    captured: datetime,
    raw: int,
    skip: frozenset[str],
    notes: Notes,
) -> PostRecord | None:
    """One post; None (with a note) where it has no usable id or time."""
    identity = remote_id(item.get("id"))
    if identity is None:
        notes.add("A post without an id was left out.")
        return None
    at = published(item.get("created_at"), captured, f"Post {identity}", notes)
    if at is None:
        return None
    long = mapping(item.get("note_tweet"))
    source = long if long.get("text") else item
    text, links = text_and_links(source)
    kind = _kind(item, media, links)
    return PostRecord(
        remote_id=identity,
        kind=kind,
        published_at=at,
        text=text,
        permalink=f"https://x.com/i/web/status/{identity}",
        links=links,
        language=_language(item.get("lang")),
        metrics={} if kind == "retweet" else counters(item, skip, identity, notes),
        captured_at=captured,
        raw=raw,
    )


def text_and_links(item: Json) -> tuple[str, tuple[str, ...]]:
    """The text as its author wrote it, and the addresses that its links lead to.

    t.co addresses become what X says they stand for. Those of a post's own pictures, which X
    appends, are none of the author's: they go.
    """
    text = _plain(clean_text(item.get("text")))
    written: dict[str, str] = {}
    links: dict[str, None] = {}
    entities = mapping(item.get("entities"))
    for url in objects(entities.get("urls")):
        short, expanded = clean_text(url.get("url")), clean_text(url.get("expanded_url"))
        if not short or not expanded:
            continue
        picture = bool(url.get("media_key"))
        written[_plain(short)] = "" if picture else expanded
        if not picture:
            links[clean_text(url.get("unwound_url")) or expanded] = None
    return _expand(text, written), tuple(links)


def _plain(text: str) -> str:
    return ESCAPED.sub(lambda match: PLAIN[match[1]], text)


def _expand(text: str, written: Mapping[str, str]) -> str:
    if not written:
        return text
    longest_first = sorted(written, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(short) for short in longest_first))
    expanded = pattern.sub(lambda match: written[match[0]], text)
    # X appends a picture's address after a blank, which goes with it.
    pictures = [short for short, long in written.items() if not long]
    return expanded.rstrip() if text.endswith(tuple(pictures)) else expanded


def counters(item: Json, skip: frozenset[str], identity: str, notes: Notes) -> dict[str, int]:
    """The counters by our names; what the reply does not hold is absent."""
    private = mapping(item.get("non_public_metrics"))
    public = mapping(item.get("public_metrics"))
    values: dict[str, int] = {}
    for name, theirs in METRIC_NAMES.items():
        source = private if theirs in PRIVATE else public
        found = source.get(theirs)
        if found is None and theirs == "impression_count":
            found = private.get(theirs)
        value = count(found, f"{name} of post {identity}", notes)
        if value is not None and theirs not in skip:
            values[name] = value
    return values


def _kind(item: Json, media: Mapping[str, str], links: tuple[str, ...]) -> str:
    references = {str(one.get("type")) for one in objects(item.get("referenced_tweets"))}
    for theirs, ours in REFERENCES:
        if theirs in references:
            return ours
    keys = mapping(item.get("attachments")).get("media_keys")
    for key in keys if isinstance(keys, list) else ():
        return _media_kind(str(key), media)
    return "link" if links else "post"


def _media_kind(key: str, media: Mapping[str, str]) -> str:
    """By the media object where the reply includes it, else by the key's own prefix."""
    kind = media.get(key) or ("photo" if key.startswith("3_") else "video")
    return "photo" if kind == "photo" else "video"


def _language(value: object) -> str | None:
    """X's language tag; None for its made-up ones (und, qme, zxx…: not a language)."""
    text = optional_text(value)
    if text is None or text in ("und", "zxx") or re.fullmatch("q[a-z]{2}", text):
        return None
    return text[:16]


def media_kinds(body: Json) -> dict[str, str]:
    """media_key -> photo, video, animated_gif, as far as the reply includes them."""
    included = objects(mapping(body.get("includes")).get("media"))
    return {str(one.get("media_key")): str(one.get("type")) for one in included}


def beside_data(body: Json, notes: Notes) -> BesideData:
    """Sort the errors of a reply that holds data; what is new to us becomes a note."""
    errors = objects(body.get("errors"))
    unknown = [one for one in errors if not _is(one, NOT_FOUND) and not _is(one, WITHHELD)]
    for one in unknown:
        title = clean_text(one.get("title") or one.get("message")) or "an error without a name"
        notes.add(f"X added to its reply: {title[:120]}.")
    return BesideData(
        not_found=tuple(_ids(one for one in errors if _is(one, NOT_FOUND))),
        withheld=tuple(_ids(one for one in errors if _is(one, WITHHELD))),
        account=any(one.get("resource_type") == "user" for one in errors),
    )


def _is(error: Json, slug: str) -> bool:
    return str(error.get("type", "")).endswith(slug)


def _ids(errors: Iterable[Mapping[str, Any]]) -> dict[str, None]:
    found = (remote_id(one.get("resource_id") or one.get("value")) for one in errors)
    return dict.fromkeys(one for one in found if one is not None)


def as_user(handle: str) -> dict[str, str] | None:
    """What a person typed as the parameter to ask for that user with; None for no user name.

    User names have at most 15 characters; longer numbers can be ids only.
    """
    name = handle.strip().partition("?")[0].rstrip("/").rpartition("/")[2].lstrip("@")
    if not name or not name.isascii() or not name.replace("_", "").isalnum():
        return None
    return {"id" if name.isdigit() and len(name) > LONGEST_NAME else "username": name}
