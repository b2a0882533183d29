"""A network in memory: the smallest adapter that keeps the contract, for tests without HTTP."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from collectors.networks.base import (
    AccountFigure,
    AdFigure,
    Found,
    NetworkError,
    Page,
    PostRecord,
    Raw,
    Tested,
)
from data.clock import now
from data.metrics import BY_NAME


@dataclass
class FakeAdapter:
    """One account whose posts, days and ads are what a test puts in.

    `grow` changes a post's counters with time. `fail_next` makes the next call raise.
    """

    network: str = "x"
    remote_id: str = "1"
    handle: str = "fake"
    name: str = "Fake practice"
    stored: list[PostRecord] = field(default_factory=list)
    days: list[AccountFigure] = field(default_factory=list)
    ad_days: list[AdFigure] = field(default_factory=list)
    page_size: int = 100
    refresh_size: int = 100
    streams: tuple[str, ...] = ("posts", "refresh", "account", "ads")
    clock: Callable[[], datetime] = now
    grow: Callable[[PostRecord, datetime], Mapping[str, int]] = lambda post, _: post.metrics
    fail_next: NetworkError | None = None
    calls: list[str] = field(default_factory=list)

    def dearest_micros(self, remote_id: str) -> int:  # noqa: ARG002 - the protocol's
        """Reading memory costs nothing."""
        return 0

    def find(self, handle: str) -> tuple[Found, ...]:
        """This account, for its handle, name or id, or for nothing."""
        self._called("find")
        wanted = handle.strip().removeprefix("@").casefold()
        known = (self.handle.casefold(), self.name.casefold(), self.remote_id)
        if wanted and wanted not in known:
            return ()
        return (Found(self.network, self.handle, self.remote_id, self.name),)

    def test(self, remote_id: str) -> Tested:
        """All that is there can be read."""
        self._called("test")
        self._check(remote_id)
        return Tested(can=(f"read {len(self.stored)} posts",))

    def posts(
        self, remote_id: str, *, cursor: str | None, since: datetime | None, skip: frozenset[str]
    ) -> Page:
        """A page of `page_size` posts; the cursor is the last one's time and id."""
        self._called("posts")
        self._check(remote_id)
        newest_first = sorted(self.stored, key=_place, reverse=True)
        chosen = [
            post
            for post in newest_first
            if (since is None or post.published_at >= since)
            and (cursor is None or _cursor(post) < cursor)
        ]
        page, rest = chosen[: self.page_size], chosen[self.page_size :]
        seen = self._seen(page, skip)
        return Page(
            posts=seen,
            raws=(self._raw("posts", seen),),
            cursor=_cursor(page[-1]) if rest else None,
        )

    def refresh(
        self, remote_id: str, posts: Mapping[str, datetime], *, skip: frozenset[str]
    ) -> Page:
        """The counters of the posts asked for as they stand now."""
        self._called("refresh")
        self._check(remote_id)
        known = {post.remote_id: post for post in self.stored}
        seen = self._seen((known[one] for one in posts if one in known), skip)
        return Page(
            posts=seen,
            missing=tuple(one for one in posts if one not in known),
            raws=(self._raw("refresh", seen),),
        )

    def account(self, remote_id: str, *, since: date, until: date) -> Page:
        """The days put in, both ends included."""
        self._called("account")
        self._check(remote_id)
        chosen = tuple(one for one in self.days if since <= one.day <= until)
        return Page(account=chosen, raws=(self._raw("account"),))

    def ads(self, remote_id: str, *, since: date, until: date, cursor: str | None) -> Page:
        """The ad days put in, `page_size` a page; the cursor is an offset."""
        self._called("ads")
        self._check(remote_id)
        chosen = [one for one in self.ad_days if since <= one.day <= until]
        begin = int(cursor or 0)
        end = begin + self.page_size
        return Page(
            ads=tuple(chosen[begin:end]),
            raws=(self._raw("ads"),),
            cursor=str(end) if end < len(chosen) else None,
        )

    def _called(self, method: str) -> None:
        self.calls.append(method)
        if self.fail_next is not None:
            error, self.fail_next = self.fail_next, None
            raise error

    def _check(self, remote_id: str) -> None:
        if remote_id != self.remote_id:
            raise NetworkError("No such account.", reason="gone", permanent=True)

    def _seen(self, posts: Iterable[PostRecord], skip: frozenset[str]) -> tuple[PostRecord, ...]:
        at = self.clock()
        return tuple(
            replace(
                post,
                captured_at=at,
                raw=0,
                metrics={k: v for k, v in self.grow(post, at).items() if k not in skip},
            )
            for post in posts
        )

    def _raw(self, what: str, posts: Iterable[PostRecord] = ()) -> Raw:
        data = [{"id": post.remote_id, **self._theirs(post.metrics)} for post in posts]
        return Raw(f"/{what}", "fake", 200, self.clock(), json.dumps({"data": data}).encode())

    def _theirs(self, metrics: Mapping[str, int]) -> dict[str, int]:
        """The counters by the network's own names."""
        return {
            BY_NAME[name].networks.get(self.network, (name,))[0]: value
            for name, value in metrics.items()
        }


def _place(post: PostRecord) -> tuple[datetime, str]:
    return post.published_at, post.remote_id


def _cursor(post: PostRecord) -> str:
    return f"{post.published_at.isoformat()}|{post.remote_id}"
