"""What the sandbox holds: posts, the accounts that publish them, and their order in time."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol


class Metrics(Protocol):
    """Counters of one post as a function of time."""

    def at(self, now: datetime) -> dict[str, int]:
        """The counters at that instant; a metric that is missing has no key."""


@dataclass(frozen=True, slots=True)
class Post:
    """One post, whichever network it stands on; `text` is as its author wrote it."""

    network: str
    remote_id: str
    published_at: datetime
    text: str
    kind: str
    metrics: Metrics
    links: tuple[str, ...] = ()
    original_id: str | None = None
    deleted_at: datetime | None = None
    insights_from: datetime | None = None
    shortens_links: bool = True
    shown_early: bool = False
    topics: tuple[str, ...] = ()
    campaign: str | None = None


@dataclass(slots=True)
class Feed:
    """One account's posts in the order of publishing, extended as time moves on."""

    network: str
    remote_id: str
    handle: str
    name: str
    followers_at: Callable[[datetime], int | None]
    extend: Callable[["Feed", datetime], None] | None = None
    gone: set[str] = field(default_factory=set)
    gains: dict[date, Counter[str]] = field(default_factory=dict)
    _posts: list[Post] = field(default_factory=list)
    _order: list[tuple[datetime, str]] = field(default_factory=list)
    _by_id: dict[str, Post] = field(default_factory=dict)

    def add(self, posts: Iterable[Post]) -> None:
        """Append posts that are newer than all the others."""
        for post in sorted(posts, key=lambda one: (one.published_at, one.remote_id)):
            self._posts.append(post)
            self._order.append((post.published_at, post.remote_id))
            self._by_id[post.remote_id] = post

    def visible(self, now: datetime) -> list[Post]:
        """What the account shows at that instant, oldest first."""
        if self.extend:
            self.extend(self, now)
        last = bisect_right(self._order, now, key=lambda one: one[0])
        shown = self._posts[:last] + [one for one in self._posts[last:] if one.shown_early]
        return [post for post in shown if not self._is_gone(post, now)]

    def get(self, remote_id: str, now: datetime) -> Post | None:
        """One post, or None where it is unknown, deleted or not yet published."""
        if self.extend:
            self.extend(self, now)
        post = self._by_id.get(remote_id)
        if post is None or self._is_gone(post, now):
            return None
        return post if post.published_at <= now or post.shown_early else None

    def between(self, begin: datetime, end: datetime) -> list[Post]:
        """Posts published in [begin, end), whether deleted later or not."""
        if self.extend:
            self.extend(self, end)
        first = bisect_left(self._order, begin, key=lambda one: one[0])
        last = bisect_left(self._order, end, key=lambda one: one[0])
        return self._posts[first:last]

    def place(self, remote_id: str) -> tuple[datetime, str] | None:
        """Where a post stands in the order of publishing, deleted or not."""
        post = self._by_id.get(remote_id)
        return None if post is None else (post.published_at, post.remote_id)

    def remove(self, remote_id: str) -> None:
        """Delete a post at the network, from now on and whatever the clock says."""
        self.gone.add(remote_id)

    def _is_gone(self, post: Post, now: datetime) -> bool:
        if post.remote_id in self.gone:
            return True
        return post.deleted_at is not None and post.deleted_at <= now
