"""Cursors: they name a place in the order of posts, so that new or deleted posts shift nothing."""

import base64
import binascii
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from collectors.sandbox.model import Post

Place = tuple[datetime, str]
START: Place = (datetime.max.replace(tzinfo=UTC), "")


class BadCursor(ValueError):
    """A cursor that this sandbox did not make."""


def encode_cursor(place: Place) -> str:
    """A place as an opaque token."""
    raw = f"{place[0].isoformat()}|{place[1]}".encode("utf-8", "surrogatepass")
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode_cursor(token: str) -> Place:
    """The place that a token names; BadCursor for anything else."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        instant, _, remote_id = raw.decode("utf-8", "surrogatepass").partition("|")
        return datetime.fromisoformat(instant), remote_id
    except (binascii.Error, ValueError) as error:
        raise BadCursor(token) from error


def place_of(post: Post) -> Place:
    """Where a post stands."""
    return post.published_at, post.remote_id


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first, and the place of its last post when more follow."""

    posts: Sequence[Post]
    start: Place
    after: Place | None


def older_than(posts: Sequence[Post], start: Place, size: int) -> Page:
    """The page that begins after `start`; `posts` are in the order of publishing."""
    end = bisect_left(posts, start, key=place_of)
    taken = posts[max(0, end - size) : end][::-1]
    more = end - size > 0
    return Page(taken, start, place_of(taken[-1]) if taken and more else None)
