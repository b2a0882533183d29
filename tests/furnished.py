"""What `tests.made` leaves out: campaigns, two ad accounts in two currencies, work, a worker."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import select

from data import campaigns
from data.clock import local_day
from data.models import (
    Account,
    AdDaily,
    AdObject,
    ApiSpend,
    Post,
    StreamState,
    WorkerHeartbeat,
    WorkItem,
)
from data.session import Session
from tests.made import ZONE, Made

LABEL = "#flu"


def furnish(session: Session, made: Made) -> None:
    """Add all of it to a made practice, within the caller's transaction."""
    today = local_day(made.now, ZONE)  # the practice's: after midnight in London it is yesterday
    _ads_in_euros(session, made)
    _campaigns(session, today)
    _work(session, made)
    session.add(
        WorkerHeartbeat(
            worker="desk:1:1",
            host="desk",
            pid=1,
            started_at=made.now - timedelta(hours=3),
            beat_at=datetime.now(UTC),
        )
    )
    x = session.get(Account, made.accounts["x"])
    assert x is not None
    x.budget_minor, x.base_url = 2500, "sandbox:"
    x.token_ends_at = made.now + timedelta(days=5)
    x.can, x.cannot = ["read 214 posts"], [{"what": "ad spend", "why": "ads_read is missing"}]
    session.add(x)
    session.add(
        ApiSpend(
            account_id=made.accounts["x"],
            day=datetime.now(UTC).date(),
            kind="post_read",
            calls=4,
            units=40,
            cost_micros=40_000,
        )
    )
    gone = newest_post(session, made.accounts["facebook"])
    gone.deleted_at = made.now
    session.add(gone)


def newest_post(session: Session, account_id: int) -> Post:
    """The account's newest post of a day that is over in any zone: pages end yesterday."""
    over = datetime.now(UTC) - timedelta(hours=30)
    found = session.exec(
        select(Post)
        .where(Post.account_id == account_id, Post.published_at < over)
        .order_by(Post.published_at.desc())  # type: ignore[attr-defined]
    ).first()
    assert found is not None
    return found


def _ads_in_euros(session: Session, made: Made) -> None:
    """A second ad account whose campaign bears the first one's name."""
    account = Account(
        network="meta_ads",
        handle="act_77",
        handle_key="act_77",
        remote_id="act_77",
        zone="Europe/Madrid",
        currency="EUR",
        created_at=made.now,
    )
    session.add(account)
    session.flush()
    parent: int | None = None
    for level, name in (("campaign", "Flu shots"), ("adset", "Madrid"), ("ad", "Vacuna")):
        row = AdObject(
            account_id=account.id or 0,
            level=level,
            remote_id=f"eur-{level}",
            name=name,
            parent_id=parent,
        )
        session.add(row)
        session.flush()
        parent = row.id
    for back in range(1, 41):
        session.add(
            AdDaily(
                ad_object_id=parent or 0,
                day=local_day(made.now, ZONE) - timedelta(days=back),
                spend_minor=1000 if back != 3 else None,
                currency="EUR",
                impressions=500,
                clicks=None,
                captured_at=made.now,
                raw_reply_id=1,
            )
        )


def _campaigns(session: Session, today: date) -> None:
    campaigns.add(
        session,
        name="Flu season",
        starts_on=today - timedelta(days=45),
        ends_on=today + timedelta(days=15),
        goal="200 flu shots booked",
        budget_minor=150_000,
        currency="USD",
        labels=[LABEL],
        ads=["campaign1", "eur-campaign"],
    )
    campaigns.add(
        session,
        name="Sleep week",
        starts_on=today - timedelta(days=85),
        ends_on=today - timedelta(days=50),
        labels=["#sleep"],
    )


def _work(session: Session, made: Made) -> None:
    for index, (network, account_id) in enumerate(made.accounts.items()):
        stream = "ads" if network == "meta_ads" else "posts"
        for back in range(4):
            failed = network == "instagram" and back == 0
            started = made.now - timedelta(hours=back, minutes=index)
            session.add(
                WorkItem(
                    kind="collect",
                    slot_key=f"collect:{account_id}:{stream}:{back}",
                    account_id=account_id,
                    stream=stream,
                    state="failed" if failed else "done",
                    due_at=started,
                    started_at=started,
                    finished_at=started + timedelta(seconds=4),
                    pages=1,
                    inserted=back,
                    updated=0,
                    unchanged=20,
                    error="Instagram did not answer within 60 seconds." if failed else None,
                    todo="Nothing: it is tried again." if failed else None,
                )
            )
    state = session.exec(
        select(StreamState).where(
            StreamState.account_id == made.accounts["x"], StreamState.stream == "posts"
        )
    ).one()
    state.backfill_done_at = None
    session.add(state)
