"""The accounts as the page Connections shows them: state, what was read, what it costs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import col

from data import accounts, spend
from data.clock import now
from data.models import Account, AdDaily, AdObject, Post, StreamState
from data.session import Session


@dataclass(frozen=True)
class Connected:
    """One account. `figures`: posts, or for an ad account ad days; instants are UTC."""

    account: Account
    figures: int
    oldest_at: datetime | None
    newest_at: datetime | None
    last_ok_at: datetime | None
    last_error: str | None
    last_error_at: datetime | None
    unavailable: tuple[tuple[str, str], ...]
    spent_micros: int

    @property
    def is_demo(self) -> bool:
        """Whether it plays on this machine: a sandbox's account, no network's."""
        return self.account.base_url == "sandbox:"


def connected(session: Session) -> list[Connected]:
    """Every account that was not removed, by network and handle."""
    posts = _posts(session)
    ad_days = _ad_days(session)
    return [_one(session, account, posts, ad_days) for account in accounts.all_accounts(session)]


def posts_a_day(session: Session, account_id: int, days: int = 30) -> float | None:
    """How many posts a day it published lately, for the estimate; None where none is known."""
    newest = session.execute(
        select(func.max(col(Post.published_at))).where(
            col(Post.account_id) == account_id, col(Post.kind) != "retweet"
        )
    ).scalar()
    if newest is None:
        return None
    count = session.execute(
        select(func.count()).where(
            col(Post.account_id) == account_id,
            col(Post.published_at) > newest - timedelta(days=days),
        )
    ).scalar_one()
    return int(count) / days


def _one(
    session: Session,
    account: Account,
    posts: dict[int, tuple[int, datetime, datetime]],
    ad_days: dict[int, int],
) -> Connected:
    key = accounts.account_id(account)
    streams = list(
        session.execute(select(StreamState).where(col(StreamState.account_id) == key)).scalars()
    )
    failed = max(
        (one for one in streams if one.last_error_at),
        key=lambda one: one.last_error_at or now(),
        default=None,
    )
    count, oldest, newest = posts.get(key, (ad_days.get(key, 0), None, None))
    return Connected(
        account=account,
        figures=count,
        oldest_at=oldest,
        newest_at=newest,
        last_ok_at=max((one.last_ok_at for one in streams if one.last_ok_at), default=None),
        last_error=failed.last_error if failed else None,
        last_error_at=failed.last_error_at if failed else None,
        unavailable=tuple(
            (metric, since) for one in streams for metric, since in sorted(one.unavailable.items())
        ),
        spent_micros=spend.month_spent(session, key, now()),
    )


def _posts(session: Session) -> dict[int, tuple[int, datetime, datetime]]:
    rows = session.execute(
        select(
            col(Post.account_id),
            func.count(),
            func.min(col(Post.published_at)),
            func.max(col(Post.published_at)),
        ).group_by(col(Post.account_id))
    )
    return {account: (count, oldest, newest) for account, count, oldest, newest in rows}


def _ad_days(session: Session) -> dict[int, int]:
    rows = session.execute(
        select(col(AdObject.account_id), func.count())
        .join(AdDaily, col(AdDaily.ad_object_id) == AdObject.id)
        .group_by(col(AdObject.account_id))
    )
    return {account: int(count) for account, count in rows}
