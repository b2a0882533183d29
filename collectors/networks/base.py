"""What every network adapter gives and raises. Nothing of an SDK passes this boundary."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from data.records import AccountFigure, AdFigure, PostRecord, Raw

__all__ = [
    "AccountFigure",
    "AdFigure",
    "Adapter",
    "Charge",
    "Credentials",
    "Found",
    "NetworkError",
    "Page",
    "PostRecord",
    "Raw",
    "Reason",
    "Tested",
]

Reason = Literal[
    "network",  # no name, no connection, time-out, cut connection
    "rate_limit",
    "credit",  # 402
    "budget",  # the owner's own monthly limit
    "token",  # expired, revoked, wrong: needs_reauth
    "permission",
    "gone",  # the account does not exist any more
    "bad_reply",  # no JSON, HTML, a shape that is not the documented one
    "server",  # 5xx, Graph 1, 2
    "refused",  # any other definite no
]


class NetworkError(Exception):
    """The one error of an adapter. `str()` is a sentence for people and holds no token.

    `permanent`: trying again unchanged will not help. `retry_at`: not before (UTC).
    `todo`: what the user should do, in a sentence, or None where waiting is enough.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: Reason,
        permanent: bool,
        retry_at: datetime | None = None,
        todo: str | None = None,
    ) -> None:
        super().__init__(message)
        self.reason: Reason = reason
        self.permanent = permanent
        self.retry_at = retry_at
        self.todo = todo


@dataclass(frozen=True)
class Charge:
    """What a call cost: `units` of `kind` (post_read, user_read…); ids let repeats be free."""

    kind: str
    units: int
    micros_each: int  # micro US dollars; 0 at a loopback address
    post_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """One page of results. `cursor` asks for the next; None: this was the last.

    `missing`: ids asked for that the network no longer has. `unavailable`: metrics it
    refused. `pause_until`: the quota is nearly used, keep this page and stop until then.
    `note`: what a person should see about this page (errors beside data).
    """

    posts: tuple[PostRecord, ...] = ()
    account: tuple[AccountFigure, ...] = ()
    ads: tuple[AdFigure, ...] = ()
    raws: tuple[Raw, ...] = ()
    cursor: str | None = None
    missing: tuple[str, ...] = ()
    unavailable: tuple[str, ...] = ()
    charges: tuple[Charge, ...] = ()
    pause_until: datetime | None = None
    note: str | None = None


@dataclass(frozen=True)
class Found:
    """An account that a token opens. `token` is its own where it has one (a Page's).

    `charges`: what finding it cost.
    """

    network: str
    handle: str
    remote_id: str
    name: str
    token: str | None = None
    zone: str | None = None
    currency: str | None = None
    charges: tuple[Charge, ...] = ()


@dataclass(frozen=True)
class Tested:
    """What a token can do: `can` in words ("read 214 posts"), `cannot`: {what, why}."""

    can: tuple[str, ...]
    cannot: tuple[Mapping[str, str], ...] = ()
    token_ends_at: datetime | None = None
    token: str | None = None  # a longer-lived one that replaces the one given
    charges: tuple[Charge, ...] = ()


@dataclass(frozen=True)
class Credentials:
    """What was pasted, parsed: `token` alone, or the network's own keys."""

    values: Mapping[str, str] = field(repr=False)


class Adapter(Protocol):
    """One account of one network, opened with its credentials. Not shared over threads.

    Every method raises NetworkError and nothing else of the network's. Calls never sleep,
    never retry (the caller does, through stamina) and always time out.
    """

    network: str
    #: of "posts", "refresh", "account", "ads"
    streams: tuple[str, ...]

    def dearest_micros(self, remote_id: str) -> int:
        """The most that the next page, or a test, of the account can cost; micro US dollars."""

    def find(self, handle: str) -> tuple[Found, ...]:
        """The accounts that fit what a person typed: one, several, or none."""

    def test(self, remote_id: str) -> Tested:
        """Look what this token can and cannot read of the account."""

    def posts(
        self, remote_id: str, *, cursor: str | None, since: datetime | None, skip: frozenset[str]
    ) -> Page:
        """A page of posts, newest first, with their counters; not metrics in `skip`."""

    def refresh(
        self, remote_id: str, posts: Mapping[str, datetime], *, skip: frozenset[str]
    ) -> Page:
        """Counters of known posts (remote id -> published_at; at most `refresh_size`)."""

    def account(self, remote_id: str, *, since: date, until: date) -> Page:
        """The account's own daily figures, both days included."""

    def ads(self, remote_id: str, *, since: date, until: date, cursor: str | None) -> Page:
        """Ad figures by ad and day, both days included."""

    refresh_size: int
