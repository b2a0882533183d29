"""The accounts that a sandbox shows, their posts and tokens: all a function of seed or file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import pi, sin
from pathlib import Path

from collectors.sandbox import plan
from collectors.sandbox.clock import Clock
from collectors.sandbox.dice import Dice
from collectors.sandbox.model import Feed
from collectors.sandbox.practice import posts_of_day
from collectors.sandbox.served import read_served

FOLLOWERS: Mapping[str, tuple[int, float]] = {
    "x": (2310, 1.3),
    "facebook": (4120, 1.9),
    "instagram": (2890, 2.6),
}
SERVED_HANDLE = "servedpractice"
TOKEN_LIFE = timedelta(days=60)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Identity:
    """Ids and tokens of one sandbox, the same for the same seed."""

    x_id: str
    page_id: str
    instagram_id: str
    ad_account_id: str
    user_id: str
    app_id: str
    x_token: str
    meta_token: str
    page_token: str


@dataclass(slots=True)
class World:
    """Everything that the routes read; a fault can change a feed's handle."""

    seed: int
    clock: Clock
    identity: Identity
    feeds: dict[str, Feed]
    has_ads: bool
    history_start: datetime
    served: bool
    reports: dict[str, dict[str, str]] = field(default_factory=dict)
    polls: dict[str, int] = field(default_factory=dict)
    report_outcome: str | None = None
    has_second_page: bool = False

    def now(self) -> datetime:
        """The sandbox's present, UTC."""
        return self.clock.now()

    @property
    def token_expires(self) -> datetime:
        """When the Meta token ends: always 20 to 80 days ahead, as if renewed in good time."""
        at_least = self.now() + timedelta(days=20)
        return at_least + TOKEN_LIFE - (at_least - EPOCH) % TOKEN_LIFE


def identity_of(seed: int) -> Identity:
    """Ids and tokens that belong to a seed."""
    dice = Dice(seed, "identity")
    return Identity(
        x_id="1" + dice.digits(18),
        page_id="10" + dice.digits(13),
        instagram_id="17841" + dice.digits(12),
        ad_account_id="act_" + dice.digits(15),
        user_id="12" + dice.digits(14),
        app_id=dice.digits(15),
        x_token="sandbox-x-" + dice.letters(40),
        meta_token="EAAsandbox" + dice.letters(60),
        page_token="EAAsandboxpage" + dice.letters(56),
    )


def make_world(
    *, seed: int = 7, clock: Clock | None = None, serve: Path | None = None, days: int = 400
) -> World:
    """The made practice with so many days of history before the clock, or a file's posts."""
    clock = clock or Clock()
    identity = identity_of(seed)
    start = plan.midnight(clock.now().astimezone(plan.ZONE).date() - timedelta(days=days))
    feeds = (
        _served_feeds(identity, serve, clock.now()) if serve else _made_feeds(seed, identity, start)
    )
    return World(
        seed=seed,
        clock=clock,
        identity=identity,
        feeds=feeds,
        has_ads=serve is None,
        history_start=start,
        served=serve is not None,
    )


def followers(seed: int, network: str, day: date) -> int:
    """Followers at the end of a day: a slow rise with a monthly wave and small falls."""
    base, slope = FOLLOWERS[network]
    since = (day - date(2025, 1, 1)).days
    wobble = Dice(seed, "followers", network, day).between(-2, 2)
    return max(0, base + int(slope * since + 9 * sin(2 * pi * since / 30.4)) + wobble)


def _remote_ids(identity: Identity) -> dict[str, str]:
    return {
        "x": identity.x_id,
        "facebook": identity.page_id,
        "instagram": identity.instagram_id,
    }


def _made_feeds(seed: int, identity: Identity, start: datetime) -> dict[str, Feed]:
    feeds = {}
    for network, remote_id in _remote_ids(identity).items():
        feeds[network] = Feed(
            network=network,
            remote_id=remote_id,
            handle=plan.HANDLE,
            name=plan.PRACTICE,
            followers_at=_follower_count(seed, network),
            extend=_extender(seed, identity.page_id, start),
        )
    return feeds


def _follower_count(seed: int, network: str) -> Callable[[datetime], int | None]:
    def at(now: datetime) -> int:
        return followers(seed, network, now.astimezone(plan.ZONE).date())

    return at


def _extender(seed: int, page_id: str, start: datetime) -> Callable[[Feed, datetime], None]:
    """Generates the days that a look at the feed needs, each day once."""
    done = start.astimezone(plan.ZONE).date()

    def extend(feed: Feed, now: datetime) -> None:
        nonlocal done
        last = now.astimezone(plan.ZONE).date()
        while done <= last:
            feed.add(posts_of_day(seed, feed.network, page_id, done))
            done += timedelta(days=1)

    return extend


def _served_feeds(identity: Identity, path: Path, now: datetime) -> dict[str, Feed]:
    remote_ids = _remote_ids(identity)
    feeds = {}
    for network, posts in read_served(path, now).items():
        feed = Feed(
            network=network,
            remote_id=remote_ids[network],
            handle=SERVED_HANDLE,
            name="Served practice",
            followers_at=lambda _now: None,
        )
        feed.add(posts)
        feeds[network] = feed
    return feeds


def history_days(world: World) -> tuple[date, date]:
    """First and last local day of the made history at the clock's time."""
    first = world.history_start.astimezone(plan.ZONE).date()
    return first, world.now().astimezone(plan.ZONE).date()
