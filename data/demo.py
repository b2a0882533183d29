"""What a demo database is: the plan by which it is filled, and whether that is still going on."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, func, select

from data.errors import Refused
from data.models import (
    Account,
    AdDaily,
    PortalRelease,
    Post,
    PostSnapshot,
    Practice,
    Request,
)
from data.session import Session

KIND = "fill_demo"
ADDRESS = "sandbox:"  # where a made-up account is read: a sandbox started in the process


@dataclass(frozen=True)
class DemoPlan:
    """Seed and first day of the made practice, and the instant up to which it is filled."""

    seed: int
    days: int
    first_day: date
    ends_at: datetime


def as_payload(plan: DemoPlan) -> dict[str, object]:
    """The plan as a request carries it."""
    return {
        "seed": plan.seed,
        "days": plan.days,
        "first_day": plan.first_day.isoformat(),
        "ends_at": plan.ends_at.isoformat(),
    }


def plan_of(session: Session) -> DemoPlan:
    """The plan of this database's demo; Refused where it is none."""
    request = _request(session)
    if request is None:
        raise Refused(
            "This database has accounts of the made-up practice but no plan of it.",
            "Make it anew with `reachwell demo`.",
        )
    said = request.payload
    return DemoPlan(
        seed=int(said["seed"]),
        days=int(said["days"]),
        first_day=date.fromisoformat(said["first_day"]),
        ends_at=datetime.fromisoformat(said["ends_at"]),
    )


def is_filling(session: Session) -> bool:
    """Whether the demo is not complete yet: its accounts are not collected until then."""
    request = _request(session)
    return request is not None and request.state in ("waiting", "claimed")


def request_id(session: Session) -> int:
    """The id of the request that carries the plan."""
    request = _request(session)
    if request is None or request.id is None:
        raise Refused("Nobody asked for a demo here.")
    return request.id


def is_demo(session: Session) -> bool:
    """Whether this database is marked as a demo."""
    practice = session.get(Practice, 1)
    return practice is not None and practice.is_demo


def is_empty(session: Session) -> bool:
    """Whether nobody has connected or collected anything here."""
    found = session.exec(select(func.count()).select_from(Account)).one()
    return not found and not session.exec(select(func.count()).select_from(Post)).one()


def counts(session: Session) -> dict[str, int]:
    """How much there is: accounts, posts (as `posts` lists), snapshots, ad days, releases."""
    tables = {
        "accounts": select(func.count()).select_from(Account).where(Account.state != "removed"),
        "posts": select(func.count()).select_from(Post),
        "snapshots": select(func.count()).select_from(PostSnapshot),
        "ad_days": select(func.count()).select_from(AdDaily),
        "portal_releases": select(func.count()).select_from(PortalRelease),
    }
    return {name: int(session.exec(query).one()) for name, query in tables.items()}


def _request(session: Session) -> Request | None:
    return session.exec(
        select(Request).where(Request.kind == KIND).order_by(col(Request.id).desc()).limit(1)
    ).first()
