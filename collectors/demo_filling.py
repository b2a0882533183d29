"""Filling a database with the made-up practice, step by step, through the real adapters.

The sandbox's clock stands still during a step, and ours goes by it: what a step stores depends
on its number alone. A step of an account is one transaction with its number as a mark, so that
a filling that was killed goes on where it stood and ends with exactly the same rows.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from collectors.networks.base import Adapter, Page, PostRecord
from collectors.readers.base import mark, widen
from collectors.sandbox.server import RunningSandbox
from collectors.storing import ACTOR, store_rows
from data import accounts, due, streams
from data.demo import DemoPlan
from data.models import Account
from data.session import Engine, Session, open_session

HALF_DAY = timedelta(hours=12)
RECENT = timedelta(days=30)
#: Days after publishing at which a post is read again: with its first reading, its growth curve.
AGES = tuple(timedelta(days=n) for n in (1, 2, 3, 5, 8, 13, 21, 34, 55, 89))
FOLLOWER_WINDOW = timedelta(days=14)  # Instagram tells new followers of the last 30 days only
MARK = "demo"


@dataclass(frozen=True)
class Part:
    """Posts published in (after, until], read at every half day in (begin, end]."""

    name: str
    after: datetime
    until: datetime
    begin: datetime
    end: datetime

    def steps(self) -> list[datetime]:
        """The instants at which the clock stops, oldest first."""
        number = int((self.end - self.begin) / HALF_DAY)
        return [self.end - HALF_DAY * back for back in range(number - 1, -1, -1)]


@dataclass
class Member:
    """One account of the made-up practice with its open adapter."""

    account: Account
    adapter: Adapter

    @property
    def key(self) -> int:
        """The account's id."""
        return accounts.account_id(self.account)

    @property
    def remote_id(self) -> str:
        """Its id at the network."""
        return str(self.account.remote_id)


class Filling:
    """One filling. `hold` is called within each transaction: it proves the claim, or raises."""

    def __init__(
        self,
        engine: Engine,
        plan: DemoPlan,
        sandbox: RunningSandbox,
        members: list[Member],
        hold: Callable[[Session, str], None],
    ) -> None:
        self.engine, self.plan, self.sandbox = engine, plan, sandbox
        self.members, self._hold = members, hold
        self._posts = [one for one in members if "posts" in one.adapter.streams]
        self._figures = [one for one in members if "account" in one.adapter.streams]
        self._ads = [one for one in members if "ads" in one.adapter.streams]

    def run(self) -> None:
        """The last 30 days first: pages are useful after a few seconds."""
        recent, past = self.parts()
        self._days("recent days", recent.begin, recent.end)
        self._walk(recent, "the last 30 days")
        if past is not None:
            self._days("past days", past.begin, past.until)
            self._walk(past, f"the {self.plan.days} days before today")
        self._finish()

    def parts(self) -> tuple[Part, Part | None]:
        """The recent days, and the past where the plan goes further back."""
        end = self.plan.ends_at
        begin = end - timedelta(days=self.plan.days)
        border = max(begin, end - RECENT)
        recent = Part("recent", border, end, border, end)
        if border == begin:
            return recent, None
        return recent, Part("past", begin - timedelta(days=1), border, begin, end)

    def _walk(self, part: Part, what: str) -> None:
        steps = part.steps()
        done = {one.key: self._done(one, part.name) for one in self.members}
        for number, at in enumerate(steps, start=1):
            self.sandbox.set_clock(at)
            text = f"{what}: {100 * number // len(steps)} % ({at:%Y-%m-%d})"
            for one in self._posts:
                if number > done[one.key]:
                    self._step(one, part, number, at, text)

    def _step(self, one: Member, part: Part, number: int, at: datetime, text: str) -> None:
        pages = [*self._new(one, part, at), *self._again(one, part, at)]
        pages += self._followers(one, part, number, at)
        if not pages:
            return
        with open_session(self.engine, ACTOR, write=True) as session:
            self._hold(session, text)
            account = accounts.get(session, one.key)
            state = streams.locked(session, one.key, "posts")
            for page in pages:
                state.items += store_rows(session, account, page, at).inserted
                state.pages += 1
                widen(state, page)
            mark(state, **{MARK: {**state.marks.get(MARK, {}), part.name: number}})
            session.add(state)

    def _done(self, one: Member, name: str) -> int:
        with open_session(self.engine, ACTOR) as session:
            state = streams.peek(session, one.key, "posts")
            return int(state.marks.get(MARK, {}).get(name, 0)) if state else 0

    def _new(self, one: Member, part: Part, at: datetime) -> Iterator[Page]:
        """What was published since the step before."""
        since = at - HALF_DAY
        if since >= part.until:
            return
        cursor: str | None = None
        while True:
            page = one.adapter.posts(one.remote_id, cursor=cursor, since=since, skip=frozenset())
            posts = tuple(
                post
                for post in page.posts
                if max(since, part.after) < post.published_at <= min(at, part.until)
            )
            if posts:
                yield _only(page, posts)
            cursor = page.cursor
            if cursor is None:
                return

    def _again(self, one: Member, part: Part, at: datetime) -> Iterator[Page]:
        """Known posts that have reached one of the ages since the step before."""
        with open_session(self.engine, ACTOR) as session:
            known = due.published_between(
                session, one.key, max(part.after, at - AGES[-1] - HALF_DAY), min(part.until, at)
            )
        group = {key: published for key, published in known.items() if _reached(published, at)}
        keys = list(group)
        for first in range(0, len(keys), one.adapter.refresh_size):
            chosen = {key: group[key] for key in keys[first : first + one.adapter.refresh_size]}
            yield one.adapter.refresh(one.remote_id, chosen, skip=frozenset())

    def _followers(self, one: Member, part: Part, number: int, at: datetime) -> Iterator[Page]:
        """What a network tells of the present only: X daily, Instagram's last days."""
        if one not in self._figures or (part.name == "past" and at > part.until):
            return
        if one.account.network == "x" and number % 2:
            day = at.date()
            yield one.adapter.account(one.remote_id, since=day, until=day)
        if one.account.network == "instagram" and number % 28 == 0:
            since = (at - FOLLOWER_WINDOW).date()
            yield one.adapter.account(one.remote_id, since=since, until=at.date())

    def _days(self, name: str, begin: datetime, end: datetime) -> None:
        """Ad days and Page days, which the networks tell of the past as well."""
        self.sandbox.set_clock(self.plan.ends_at)
        for one in self._ads:
            self._windows(one, "ads", name, begin, end)
        for one in self._figures:
            if one.account.network in ("facebook", "instagram"):
                self._windows(one, "account", name, begin, end)

    def _windows(self, one: Member, stream: str, name: str, begin: datetime, end: datetime) -> None:
        until = end.date()
        while until >= begin.date():
            since = max(until - RECENT + timedelta(days=1), begin.date())
            key = f"{name} {until.isoformat()}"
            if not self._has(one, stream, key):
                pages = self._window(one, stream, since, until)
                self._keep(one, stream, key, pages)
            until = since - timedelta(days=1)

    def _window(self, one: Member, stream: str, since: date, until: date) -> list[Page]:
        if stream == "account":
            return [one.adapter.account(one.remote_id, since=since, until=until)]
        pages: list[Page] = []
        while not pages or pages[-1].cursor:
            cursor = pages[-1].cursor if pages else None
            pages.append(one.adapter.ads(one.remote_id, since=since, until=until, cursor=cursor))
        return pages

    def _has(self, one: Member, stream: str, key: str) -> bool:
        with open_session(self.engine, ACTOR) as session:
            state = streams.peek(session, one.key, stream)
            return state is not None and key in state.marks.get(MARK, ())

    def _keep(self, one: Member, stream: str, key: str, pages: list[Page]) -> None:
        with open_session(self.engine, ACTOR, write=True) as session:
            self._hold(session, f"{one.account.network}: {key}")
            account = accounts.get(session, one.key)
            state = streams.locked(session, one.key, stream)
            for page in pages:
                store_rows(session, account, page, self.plan.ends_at)
                state.items += len(page.ads) + len(page.account)
                state.pages += 1
            mark(state, **{MARK: [*state.marks.get(MARK, ()), key]})
            session.add(state)

    def _finish(self) -> None:
        """From here on the streams go on as any account's: nothing is read a second time."""
        end = self.plan.ends_at
        with open_session(self.engine, ACTOR, write=True) as session:
            self._hold(session, "complete")
            for one in self.members:
                for stream in one.adapter.streams:
                    state = streams.locked(session, one.key, stream)
                    mark(state, **{MARK: None, **_MARKS_AT_END[stream](end)})
                    state.backfill_done_at, state.cursor = end, None
                    streams.succeeded(session, state, end)


_MARKS_AT_END: Mapping[str, Callable[[datetime], dict[str, str]]] = {
    "posts": lambda end: {"known_at": end.isoformat()},
    "refresh": lambda _end: {},
    "account": lambda end: {"through": end.date().isoformat()},
    "ads": lambda _end: {},
}


def _reached(published: datetime, at: datetime) -> bool:
    """Whether one of the ages lies in the half day that ends at `at`."""
    return any(at - HALF_DAY < published + age <= at for age in AGES)


def _only(page: Page, posts: tuple[PostRecord, ...]) -> Page:
    """The page with these of its posts."""
    return replace(page, posts=posts)
