"""A small made practice, written straight into the tables: for pages and queries.

Everything follows from `today` and a fixed seed. Zone America/New_York, currency USD.
"""

import hashlib
import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import select

from data.models import (
    Account,
    AdDaily,
    AdObject,
    ApiSpend,
    Campaign,
    CampaignAds,
    CampaignLabel,
    CampaignUtm,
    Post,
    PostLatest,
    PostSnapshot,
    PostTopic,
    Practice,
    RawReply,
    StreamState,
    Topic,
    WorkerHeartbeat,
    WorkItem,
)
from data.session import Engine, Session, open_session

ZONE = "America/New_York"
TOPICS = ("diabetes", "flu", "mental health", "sleep", "telehealth", "vaccines")
TIPS = {
    "diabetes": "Type 2 diabetes: a ten-minute walk after meals lowers blood sugar. #diabetes",
    "flu": "Flu shots are here: walk in, no appointment. Bring the family. #FluSeason",
    "mental health": "Feeling low for more than two weeks? Talk to us. #MentalHealth",
    "sleep": "Sleep: keep the bedroom cool and dark, and the telephone outside. #sleep",
    "telehealth": "See your doctor by video today, from your own kitchen. #SeeUsByVideo",
    "vaccines": "School starts: are the vaccines up to date? We check in two minutes. #vaccines",
}
AGES_HOURS = (3, 12, 24, 48, 96, 168, 336, 720, 1440, 2160)
NETWORKS = ("x", "facebook", "instagram")


def fill(engine: Engine, today: date, *, days: int = 90, demo: bool = False) -> None:
    """Practice, accounts, posts with their growth, ads, campaigns, work and a live worker."""
    dice = random.Random(7)
    with open_session(engine, "test", write=True) as session:
        at = datetime.combine(today, time(15), UTC)
        session.add(
            Practice(
                name="Harbor Family Medicine",
                zone=ZONE,
                currency="USD",
                language="en",
                is_demo=demo,
                created_at=at - timedelta(days=days),
                collecting_since=at - timedelta(days=days),
            )
        )
        topics = {name: Topic(name=name) for name in TOPICS}
        session.add_all(topics.values())
        accounts = [_account(session, network, at) for network in (*NETWORKS, "meta_ads")]
        session.flush()
        for account in accounts[:3]:
            _posts(session, account, topics, today, days, dice, at)
        _ads(session, accounts[3], today, days, dice, at)
        _campaigns(session, today, at)
        _work(session, accounts, at)


def _account(session: Session, network: str, at: datetime) -> Account:
    handle = "act_5550101" if network == "meta_ads" else "harborfamilymed"
    account = Account(
        network=network,
        handle=handle,
        handle_key=handle,
        remote_id=f"10{len(network)}",
        name="Harbor Family Medicine",
        base_url="sandbox:",
        token_sealed=b"sealed",
        token_ends_at=at + timedelta(days=5 if network == "facebook" else 55),
        currency="USD" if network == "meta_ads" else None,
        zone=ZONE if network == "meta_ads" else None,
        budget_minor=2500 if network == "x" else None,
        can=["read 214 posts"],
        cannot=[{"what": "ad spend", "why": "permission ads_read is missing"}],
        tested_at=at,
        created_at=at - timedelta(days=90),
    )
    session.add(account)
    session.flush()
    return account


def reply(session: Session, account: Account, address: str, at: datetime) -> int:
    """One stored raw reply; its id."""
    version = "2" if account.network == "x" else "v26.0"
    row = RawReply(
        account_id=account.id,
        network=account.network,
        address=address,
        api_version=version,
        status=200,
        fetched_at=at,
        sha256=hashlib.sha256(address.encode()).hexdigest(),
        size=10,
        body=b"x",
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def _posts(
    session: Session,
    account: Account,
    topics: dict[str, Topic],
    today: date,
    days: int,
    dice: random.Random,
    at: datetime,
) -> None:
    for back in range(days, -1, -1):
        if dice.random() > 0.75:
            continue
        day = today - timedelta(days=back)
        hour = dice.choice((8, 12, 18))
        published = datetime.combine(day, time(hour, 5), ZoneInfo(ZONE)).astimezone(UTC)
        if published > at:
            continue
        name = dice.choice(TOPICS)
        post = Post(
            account_id=account.id or 0,
            remote_id=f"{account.network}{back:05d}",
            kind=dice.choice(("photo", "link", "video")),
            published_at=published,
            text=TIPS[name] + f" ({day:%d %b})",
            permalink=f"https://{account.network}.example/posts/{back}",
            links=[f"https://harbor.example/?utm_campaign=flu-{day.year}"] if name == "flu" else [],
            first_seen_at=published,
            seen_at=at,
            changed_at=published,
            deleted_at=at if back == 40 else None,
        )
        session.add(post)
        session.flush()
        topic_id = topics[name].id or 0
        word = name.split()[0]
        session.add(PostTopic(post_id=post.id or 0, topic_id=topic_id, rank=0, words=[word]))
        _grow(session, account, post, dice, at)


def _grow(
    session: Session, account: Account, post: Post, dice: random.Random, at: datetime
) -> None:
    size = dice.lognormvariate(6.6, 0.6)
    latest: PostSnapshot | None = None
    for hours in AGES_HOURS:
        captured = post.published_at + timedelta(hours=hours)
        if captured > at:
            break
        seen = int(size * (1 - 0.5 ** (hours / 30)))
        address = f"/{account.network}/posts?page={hours}"
        latest = PostSnapshot(
            captured_at=captured,
            post_id=post.id or 0,
            raw_reply_id=reply(session, account, address, captured),
            **counters(account.network, seen),
        )
        session.add(latest)
    if latest is not None:
        fields = latest.model_dump()
        session.add(PostLatest(**fields))


def counters(network: str, seen: int) -> dict[str, int | None]:
    """Plausible counters for so many impressions or views."""
    if network == "x":
        return {
            "impressions": seen,
            "likes": seen // 40,
            "replies": seen // 300,
            "reposts": seen // 200,
            "quotes": seen // 900,
            "bookmarks": seen // 500,
        }
    if network == "facebook":
        return {
            "views": seen,
            "reach": int(seen * 0.8),
            "reactions": seen // 35,
            "comments": seen // 220,
            "shares": seen // 180,
            "clicks": seen // 60,
        }
    return {
        "views": seen,
        "reach": int(seen * 0.85),
        "likes": seen // 25,
        "comments": seen // 200,
        "saves": seen // 150,
        "shares": None,
    }


def _ads(
    session: Session,
    account: Account,
    today: date,
    days: int,
    dice: random.Random,
    at: datetime,
) -> None:
    raw = reply(session, account, "/v26.0/act_5550101/insights?level=ad", at)
    for number, name in enumerate(("Flu season reach", "New patients")):
        top = _object(session, account, "campaign", f"c{number}", name, None)
        for part in ("Families", "Over 65"):
            adset = _object(session, account, "adset", f"s{number}{part}", part, top)
            for one in ("Nurse photo", "Short video"):
                ad = _object(session, account, "ad", f"a{number}{part}{one}", one, adset)
                _ad_days(session, ad, today, days, dice, at, raw)


def _object(
    session: Session,
    account: Account,
    level: str,
    remote_id: str,
    name: str,
    parent: AdObject | None,
) -> AdObject:
    made = AdObject(
        account_id=account.id or 0,
        level=level,
        remote_id=remote_id,
        name=name,
        parent_id=parent.id if parent else None,
        status="ACTIVE",
    )
    session.add(made)
    session.flush()
    return made


def _ad_days(
    session: Session,
    ad: AdObject,
    today: date,
    days: int,
    dice: random.Random,
    at: datetime,
    raw: int,
) -> None:
    for back in range(min(days, 56)):
        seen = dice.randint(300, 900)
        session.add(
            AdDaily(
                ad_object_id=ad.id or 0,
                day=today - timedelta(days=back),
                spend_minor=seen,
                currency="USD",
                impressions=seen,
                reach=int(seen * 0.9),
                clicks=seen // 50,
                link_clicks=seen // 70,
                results=seen // 120,
                result_type="lead",
                captured_at=at,
                raw_reply_id=raw,
            )
        )


def _campaigns(session: Session, today: date, at: datetime) -> None:
    flu = Campaign(
        name="Flu season",
        starts_on=today - timedelta(days=45),
        ends_on=today + timedelta(days=15),
        goal="200 flu shots booked before December",
        budget_minor=150_000,
        currency="USD",
        created_at=at,
    )
    video = Campaign(
        name="See us by video",
        starts_on=today - timedelta(days=85),
        ends_on=today - timedelta(days=50),
        goal=None,
        created_at=at,
    )
    session.add_all([flu, video])
    session.flush()
    ads = session.exec(select(AdObject.id).where(AdObject.remote_id == "c0")).one() or 0
    session.add(CampaignLabel(campaign_id=flu.id or 0, label="#FluSeason"))
    session.add(CampaignUtm(campaign_id=flu.id or 0, utm=f"flu-{today.year}"))
    session.add(CampaignAds(campaign_id=flu.id or 0, ad_object_id=ads))
    session.add(CampaignLabel(campaign_id=video.id or 0, label="#SeeUsByVideo"))


def _work(session: Session, accounts: list[Account], at: datetime) -> None:
    for index, account in enumerate(accounts):
        stream = "ads" if account.network == "meta_ads" else "posts"
        session.add(
            StreamState(
                account_id=account.id or 0,
                stream=stream,
                pages=12,
                items=214,
                oldest_at=at - timedelta(days=90),
                newest_at=at,
                backfill_done_at=None if index == 2 else at - timedelta(days=1),
                last_ok_at=at,
            )
        )
        for back in range(6):
            failed = index == 1 and back == 0
            started = at - timedelta(hours=back, minutes=index)
            session.add(
                WorkItem(
                    kind="collect",
                    slot_key=f"collect:{account.id}:{stream}:{back}",
                    account_id=account.id,
                    stream=stream,
                    state="failed" if failed else "done",
                    due_at=started,
                    started_at=started,
                    finished_at=started + timedelta(seconds=4),
                    pages=1,
                    inserted=back,
                    updated=3,
                    unchanged=20,
                    error="Facebook did not answer within 60 seconds." if failed else None,
                    todo="Nothing: it is tried again." if failed else None,
                )
            )
    session.add(ApiSpend(account_id=accounts[0].id or 0, day=at.date(), kind="post_read",
                         calls=4, units=40, cost_micros=40_000))  # fmt: skip
    session.add(
        WorkerHeartbeat(
            worker="desk:1:1",
            host="desk",
            pid=1,
            started_at=at - timedelta(hours=3),
            beat_at=datetime.now(UTC),
            doing="collect x:harborfamilymed posts",
        )
    )
