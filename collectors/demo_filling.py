"""Filling a database with the made-up practice, step by step, through the real adapters.

The sandbox's clock stands still during a step, and ours goes by it: what a step stores depends
on its number alone. A step of an account is one transaction with its number as a mark, so that
a filling that was killed goes on where it stood and ends with exactly the same rows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from collectors.networks.base import AccountFigure, Adapter, Charge, Page, PostRecord, Raw
from collectors.readers.base import mark, widen
from collectors.sandbox import plan as made_plan
from collectors.sandbox.server import RunningSandbox
from collectors.storing import ACTOR, store_rows
from data import accounts, due, streams
from data.demo import DemoPlan
from data.models import Account
from data.session import Engine, Session, open_session

ONE_DAY = timedelta(days=1)
RECENT = timedelta(days=30)
#: Days after publishing at which a post is read again: with its first reading, its growth curve.
AGES = tuple(timedelta(days=n) for n in (1, 2, 3, 5, 8, 13, 21, 34, 55, 89))
FOLLOWER_WINDOW = timedelta(days=14)  # Instagram tells new followers of the last 30 days only
MARK, PAST = "demo", "past"


#: From the account's stop before to this one.
Step = tuple[datetime, datetime]


@dataclass(frozen=True)
class Part:
    """Posts published in (after, until], read each day in (begin, end]."""

    name: str
    after: datetime
    until: datetime
    begin: datetime
    end: datetime

    def weeks(self) -> list[list[Step]]:
        """The steps by weeks, oldest first.

        Readings at the practice's midnights, and one at the end: what was added between two of
        them happened on one day.
        """
        zone = made_plan.ZONE
        day, stops = self.begin.astimezone(zone).date(), list[datetime]()
        while (stop := _midnight_after(day, zone)) < self.end:
            stops.append(stop)
            day += timedelta(days=1)
        steps = list(pairwise([self.begin, *stops, self.end]))
        return [steps[first : first + 7] for first in range(0, len(steps), 7)]


def _midnight_after(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


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
        return recent, Part(PAST, begin - timedelta(days=1), border, begin, end)

    def _walk(self, part: Part, what: str) -> None:
        weeks = part.weeks()
        done = {one.key: self._done(one, part.name) for one in self._posts}
        for number, steps in enumerate(weeks, 1):
            for one in self._posts:
                if done[one.key] < number:
                    text = f"{what}: {100 * number // len(weeks)} %"
                    self._week(one, part, number, steps, text)

    def _week(self, one: Member, part: Part, number: int, steps: list[Step], text: str) -> None:
        page = joined(self._pages(one, part, steps))
        with open_session(self.engine, ACTOR, write=True) as session:
            self._hold(session, text)
            account = accounts.get(session, one.key)
            counts = store_rows(session, account, page, steps[-1][1])
            state = streams.locked(session, one.key, "posts")
            state.items += counts.inserted
            state.pages += len(steps)
            widen(state, page)
            mark(state, **{MARK: {**state.marks.get(MARK, {}), part.name: number}})
            session.add(state)

    def _done(self, one: Member, name: str) -> int:
        with open_session(self.engine, ACTOR) as session:
            state = streams.peek(session, one.key, "posts")
            return int(state.marks.get(MARK, {}).get(name, 0)) if state else 0

    def _pages(self, one: Member, part: Part, steps: list[Step]) -> Iterator[Page]:
        """What the network tells at each stop of the clock."""
        begin = max(part.after, steps[0][0] - AGES[-1] - ONE_DAY)
        with open_session(self.engine, ACTOR) as session:
            known = due.published_between(session, one.key, begin, part.until)
        for before, at in steps:
            self.sandbox.set_clock(at)
            for page in self._new(one, part, before, at):
                known |= {post.remote_id: post.published_at for post in page.posts}
                yield page
            for page in self._again(one, known, before, at):
                for gone in page.missing:
                    known.pop(gone, None)
                yield page
            yield from self._followers(one, part, at)

    def _new(self, one: Member, part: Part, before: datetime, at: datetime) -> Iterator[Page]:
        """What was published since the stop before."""
        if before >= part.until:
            return
        cursor: str | None = None
        while True:
            page = one.adapter.posts(one.remote_id, cursor=cursor, since=before, skip=frozenset())
            begin, end = max(before, part.after), min(at, part.until)
            posts = tuple(post for post in page.posts if begin < post.published_at <= end)
            yield replace(page, posts=posts, raws=page.raws if posts else ())
            cursor = page.cursor
            if cursor is None:
                return

    def _again(
        self, one: Member, known: Mapping[str, datetime], before: datetime, at: datetime
    ) -> Iterator[Page]:
        """Known posts that have reached one of the ages since the stop before."""
        group = {key: published for key, published in known.items() if _due(published, before, at)}
        keys, size = list(group), one.adapter.refresh_size
        for first in range(0, len(keys), size):
            chosen = {key: group[key] for key in keys[first : first + size]}
            yield one.adapter.refresh(one.remote_id, chosen, skip=frozenset())

    def _followers(self, one: Member, part: Part, at: datetime) -> Iterator[Page]:
        """What a network tells of the present only: X today's, Instagram the last days'."""
        if one not in self._figures or (part.name == PAST and at > part.until):
            return
        if one.account.network == "x":
            yield one.adapter.account(one.remote_id, since=at.date(), until=at.date())
        elif one.account.network == "instagram" and at.day in (1, 11, 21):
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
            self._hold(session, f"{accounts.label(one.account)}: figures by day, {key}")
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


def _due(published: datetime, before: datetime, at: datetime) -> bool:
    """Whether one of the ages was reached in (before, at]."""
    return any(before < published + age <= at for age in AGES)


def joined(pages: Iterable[Page]) -> Page:
    """Several pages as one: rows of one transaction; each figure still names its own reply."""
    posts: list[PostRecord] = []
    account: list[AccountFigure] = []
    raws: list[Raw] = []
    missing: list[str] = []
    charges: list[Charge] = []
    for page in pages:
        shift = len(raws)
        posts += [replace(one, raw=one.raw + shift) for one in page.posts]
        account += [replace(one, raw=one.raw + shift) for one in page.account]
        raws += page.raws
        missing += page.missing
        charges += page.charges
    return Page(
        posts=tuple(posts),
        account=tuple(account),
        raws=tuple(raws),
        missing=tuple(missing),
        charges=tuple(charges),
    )
