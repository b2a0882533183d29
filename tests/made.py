"""A small made-up practice for tests of pages: posts with growth, ads, followers, an alert.

Filled through the tables and recomputed in full; the same seed makes the same practice.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import exp
from random import Random

from data import rollups
from data.clock import local_day
from data.migrate import upgrade
from data.models import (
    Account,
    AccountDaily,
    AdDaily,
    AdObject,
    Alert,
    Post,
    PostSnapshot,
    PostTopic,
    Practice,
    RawReply,
    StreamState,
    Topic,
)
from data.session import Session, make_engine, open_session

ZONE = "America/New_York"
AGES = (2, 6, 12, 24, 48, 96, 168, 336, 720, 1440)  # hours
TOPICS = ("flu", "diabetes", "sleep", "blood pressure", "vaccines", "mental health", "nutrition")
TOPIC_LIFT = (1.7, 1.0, 0.8, 1.1, 1.9, 1.2, 0.7)
KINDS = {
    "facebook": ("photo", "link", "video"),
    "instagram": ("photo", "reel", "carousel"),
    "x": ("post", "reply", "link"),
}
_SAY = {
    "flu": "Flu season is here: book your shot this week",
    "diabetes": "Five small swaps that keep blood sugar steady",
    "sleep": "Sleep better: put the phone away an hour before bed",
    "blood pressure": "Know your numbers: measure your blood pressure at home",
    "vaccines": "Vaccines are free for children at our practice",
    "mental health": "It is fine to ask for help. Talk to us",
    "nutrition": "Beans, greens and whole grains: lunch for a busy day",
}


@dataclass(frozen=True)
class Made:
    """What was made: the address, the instant it is "now", and the ids of its accounts."""

    url: str
    now: datetime
    accounts: dict[str, int]


def made_practice(
    url: str,
    *,
    now: datetime,
    days: int = 400,
    posts_a_day: float = 0.8,
    seed: int = 7,
    demo: bool = True,
    collecting_days: int | None = None,
) -> Made:
    """Migrate `url` and fill it. `collecting_days`: since when snapshots were taken (all)."""
    engine = make_engine(url)
    upgrade(engine)
    dice = Random(seed)
    since = now - timedelta(days=collecting_days if collecting_days is not None else days)
    with open_session(engine, "test", write=True) as session:
        session.add(_practice(now, since, demo))
        session.flush()
        accounts = _accounts(session, now)
        topics = _topics(session)
        for network in ("facebook", "instagram", "x"):
            _posts(session, accounts[network], network, topics, now, since, days, posts_a_day, dice)
        _followers(session, accounts, local_day(now, ZONE), days, dice)
        _ads(session, accounts["meta_ads"], now, min(days, 120), dice)
        session.flush()
        rollups.recompute(session)
    engine.dispose()
    return Made(url, now, accounts)


def _practice(now: datetime, since: datetime, demo: bool) -> Practice:
    return Practice(
        name="Harbour Street Family Practice",
        zone=ZONE,
        currency="USD",
        language="en",
        is_demo=demo,
        created_at=now,
        collecting_since=since,
    )


def _accounts(session: Session, now: datetime) -> dict[str, int]:
    ids: dict[str, int] = {}
    for network, handle in (
        ("facebook", "harbourstreet"),
        ("instagram", "harbourstreet"),
        ("x", "harbourstreetmd"),
        ("meta_ads", "act_4410"),
    ):
        account = Account(
            network=network,
            handle=handle,
            handle_key=handle,
            remote_id=f"{network}-1",
            zone=ZONE,
            currency="USD",
            created_at=now,
        )
        session.add(account)
        session.flush()
        ids[network] = int(account.id or 0)
        for stream in ("posts", "account") if network != "meta_ads" else ("ads",):
            session.add(
                StreamState(
                    account_id=ids[network],
                    stream=stream,
                    pages=12,
                    backfill_done_at=now,
                    last_ok_at=now - timedelta(minutes=4),
                )
            )
    session.add(
        Alert(
            key="token:x",
            severity="warning",
            account_id=ids["x"],
            title="The token of x:harbourstreetmd ends in 6 days.",
            todo="Make a new one at X and paste it under Connections.",
            raised_at=now,
        )
    )
    session.add(
        RawReply(
            id=1,
            account_id=ids["facebook"],
            network="facebook",
            address="/v26.0/me/posts",
            api_version="v26.0",
            status=200,
            fetched_at=now,
            sha256="0" * 64,
            size=2,
        )
    )
    session.flush()
    return ids


def _topics(session: Session) -> dict[str, int]:
    rows = [Topic(name=name) for name in TOPICS]
    session.add_all(rows)
    session.flush()
    return {row.name: int(row.id or 0) for row in rows}


def _posts(
    session: Session,
    account_id: int,
    network: str,
    topics: dict[str, int],
    now: datetime,
    since: datetime,
    days: int,
    posts_a_day: float,
    dice: Random,
) -> None:
    for back in range(days, -1, -1):
        for _ in range(_poisson(posts_a_day, dice)):
            hour = dice.choice((12, 13, 16, 17, 18, 21, 22, 23))
            at = (now - timedelta(days=back)).replace(hour=hour, minute=dice.randrange(60))
            if at < now:
                _post(session, account_id, network, topics, at, now, since, dice)


def _post(
    session: Session,
    account_id: int,
    network: str,
    topics: dict[str, int],
    at: datetime,
    now: datetime,
    since: datetime,
    dice: Random,
) -> None:
    which = dice.randrange(len(TOPICS))
    kind = dice.choice(KINDS[network])
    post = Post(
        account_id=account_id,
        remote_id=f"{network}{at.timestamp():.0f}{dice.randrange(9999)}",
        kind=kind,
        published_at=at,
        text=f"{_SAY[TOPICS[which]]}. #{TOPICS[which]}",
        permalink="https://example.org/post",
        first_seen_at=at,
        seen_at=at,
        changed_at=at,
        raw_reply_id=1,
    )
    session.add(post)
    session.flush()
    session.add(
        PostTopic(post_id=int(post.id or 0), topic_id=topics[TOPICS[which]], words=[TOPICS[which]])
    )
    evening = 1.35 if at.hour >= 21 else 1.0
    trend = 1 + 0.25 * (1 - (now - at).days / 400)
    size = 900 * TOPIC_LIFT[which] * evening * trend * exp(dice.gauss(0, 0.45))
    for age in AGES:
        captured = at + timedelta(hours=age)
        if since <= captured <= now:
            session.add(_snapshot(int(post.id or 0), network, captured, size, age, dice))
    if at + timedelta(hours=AGES[-1]) < since:  # found by a backfill: its final stand only
        session.add(_snapshot(int(post.id or 0), network, since, size, 1440, dice))


def _snapshot(
    post_id: int, network: str, at: datetime, size: float, age: int, dice: Random
) -> PostSnapshot:
    seen = int(size * (1 - exp(-age / 30)))
    react = int(seen * 0.036)
    row = PostSnapshot(post_id=post_id, captured_at=at, raw_reply_id=1)
    if network == "x":
        row.impressions, row.likes, row.replies = seen, react, react // 9
        row.reposts, row.quotes, row.bookmarks = react // 6, react // 30, react // 12
    else:
        row.views, row.reach, row.comments = seen, int(seen * 0.8), react // 8
        row.shares = react // 10
        if network == "facebook":
            row.reactions, row.clicks = react, int(seen * 0.02)
        else:
            row.likes, row.saves = int(react * 1.4), react // 7
    return row


def _followers(
    session: Session, accounts: dict[str, int], today: date, days: int, dice: Random
) -> None:
    now = datetime.combine(today, datetime.min.time(), UTC)
    for network, start in (("facebook", 2100), ("instagram", 1400), ("x", 640)):
        count = start
        for back in range(days, -1, -1):
            count += max(0, int(dice.gauss(1.2, 1.5)))
            session.add(
                AccountDaily(
                    account_id=accounts[network],
                    day=today - timedelta(days=back),
                    metric="followers",
                    value=count,
                    captured_at=now,
                )
            )


def _ads(session: Session, account_id: int, now: datetime, days: int, dice: Random) -> None:
    parent: int | None = None
    for level, name in (("campaign", "Flu shots"), ("adset", "Parents"), ("ad", "Flu shot 1")):
        row = AdObject(
            account_id=account_id,
            level=level,
            remote_id=f"{level}1",
            name=name,
            parent_id=parent,
            status="ACTIVE",
        )
        session.add(row)
        session.flush()
        parent = row.id
    for back in range(days, 0, -1):
        seen = dice.randrange(600, 1400)
        session.add(
            AdDaily(
                ad_object_id=int(parent or 0),
                day=local_day(now, ZONE) - timedelta(days=back),
                spend_minor=dice.randrange(900, 2400),
                currency="USD",
                impressions=seen,
                reach=int(seen * 0.7),
                clicks=seen // 40,
                link_clicks=seen // 60,
                results=seen // 200,
                result_type="lead",
                captured_at=now,
            )
        )


def _poisson(mean: float, dice: Random) -> int:
    limit, product, count = exp(-mean), dice.random(), 0
    while product > limit:
        product *= dice.random()
        count += 1
    return count
