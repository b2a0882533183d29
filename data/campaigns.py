"""Campaigns: a name, dates, a goal, a budget, and the rules and picks that say what belongs.

Functions never commit; each change is audited in the caller's transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func
from sqlmodel import SQLModel, col, select

from data.audit import record
from data.clock import now
from data.errors import Refused
from data.models import (
    Account,
    AdObject,
    Campaign,
    CampaignAds,
    CampaignLabel,
    CampaignPost,
    CampaignUtm,
    Post,
)
from data.session import Session

NAME_LENGTH = 120


@dataclass(frozen=True)
class Fields:
    """What a person writes of a campaign. Both days are the practice's and included.

    `ads`: remote ids or names of ad campaigns; `budget_minor` in minor units of `currency`.
    """

    name: str
    starts_on: date
    ends_on: date
    goal: str | None = None
    budget_minor: int | None = None
    currency: str | None = None
    labels: Sequence[str] = ()
    utms: Sequence[str] = ()
    ads: Sequence[str] = ()


def add(
    session: Session,
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    goal: str | None = None,
    budget_minor: int | None = None,
    currency: str | None = None,
    labels: Sequence[str] = (),
    utms: Sequence[str] = (),
    ads: Sequence[str] = (),
) -> Campaign:
    """Make a campaign. Refused: a name taken, dates reversed, ads unknown or ambiguous."""
    fields = Fields(name, starts_on, ends_on, goal, budget_minor, currency, labels, utms, ads)
    clean = _checked(session, fields, None)
    objects = [find_ads(session, word) for word in clean.ads]
    campaign = Campaign(
        name=clean.name,
        starts_on=clean.starts_on,
        ends_on=clean.ends_on,
        goal=clean.goal,
        budget_minor=clean.budget_minor,
        currency=clean.currency,
        created_at=now(),
    )
    session.add(campaign)
    session.flush()
    _link(session, campaign, clean, objects)
    record(session, "campaign.add", f"campaign:{campaign.id}")
    return campaign


def update(session: Session, campaign_id: int, fields: Fields) -> Campaign:
    """Replace all that `add` takes; posts picked by hand stay. Refused as `add` refuses."""
    campaign = get(session, campaign_id)
    clean = _checked(session, fields, campaign_id)
    objects = [find_ads(session, word) for word in clean.ads]
    for name in ("name", "starts_on", "ends_on", "goal", "budget_minor", "currency"):
        setattr(campaign, name, getattr(clean, name))
    session.add(campaign)
    for table in (CampaignLabel, CampaignUtm, CampaignAds):
        session.execute(delete(table).where(col(table.campaign_id) == campaign_id))
    session.flush()
    _link(session, campaign, clean, objects)
    record(session, "campaign.update", f"campaign:{campaign_id}")
    return campaign


def remove(session: Session, campaign_id: int) -> None:
    """Remove a campaign with its rules and picks. Its posts and ads stay."""
    campaign = get(session, campaign_id)
    for table in (CampaignLabel, CampaignUtm, CampaignAds, CampaignPost):
        session.execute(delete(table).where(col(table.campaign_id) == campaign_id))
    session.delete(campaign)
    record(session, "campaign.remove", f"campaign:{campaign_id}")


def pick(session: Session, campaign_id: int, post_id: int) -> None:
    """Count a post in, whatever the rules and dates say."""
    _choose(session, campaign_id, post_id, True)


def leave_out(session: Session, campaign_id: int, post_id: int) -> None:
    """Leave a post out, whatever the rules say."""
    _choose(session, campaign_id, post_id, False)


def unpick(session: Session, campaign_id: int, post_id: int) -> None:
    """Take back `pick` or `leave_out`: the rules decide again."""
    chosen = session.get(CampaignPost, (campaign_id, post_id))
    if chosen is not None:
        session.delete(chosen)
        record(session, "campaign.unpick", f"campaign:{campaign_id}", post=post_id)


def get(session: Session, campaign_id: int) -> Campaign:
    """One campaign, or a refusal that lists what there is."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        known = ", ".join(f"{one.id} ({one.name})" for one in all_of(session)) or "none yet"
        raise Refused(f"There is no campaign {campaign_id}.", f"Campaigns: {known}.")
    return campaign


def all_of(session: Session) -> list[Campaign]:
    """All campaigns, the one that begins last first."""
    order = (col(Campaign.starts_on).desc(), col(Campaign.id).desc())
    return list(session.exec(select(Campaign).order_by(*order)))


def find_ads(session: Session, word: str) -> AdObject:
    """The ad campaign with this remote id or, compared without case, this name.

    Refused with the ids where a name fits several, with the known names where none.
    """
    campaigns = select(AdObject).where(AdObject.level == "campaign")
    by_id = session.exec(campaigns.where(AdObject.remote_id == word)).all()
    wanted = word.casefold()
    found = by_id or [one for one in session.exec(campaigns) if one.name.casefold() == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(sorted(one.remote_id for one in found))
        raise Refused(f"Several ad campaigns are called “{word}”.", f"Name one by its id: {ids}.")
    raise Refused(f"No ad campaign has the id or name “{word}”.", _known_ads(session))


def _known_ads(session: Session) -> str:
    rows = session.exec(
        select(AdObject.name).where(AdObject.level == "campaign").order_by(AdObject.name).limit(12)
    ).all()
    return f"Known are: {', '.join(rows)}." if rows else "No ads were collected yet."


def _choose(session: Session, campaign_id: int, post_id: int, included: bool) -> None:
    get(session, campaign_id)
    if session.get(Post, post_id) is None:
        raise Refused(f"There is no post {post_id}.")
    chosen = session.get(CampaignPost, (campaign_id, post_id))
    if chosen is None:
        chosen = CampaignPost(campaign_id=campaign_id, post_id=post_id, included=included)
    chosen.included = included
    session.add(chosen)
    action = "campaign.pick" if included else "campaign.leave_out"
    record(session, action, f"campaign:{campaign_id}", post=post_id)


def _checked(session: Session, fields: Fields, own_id: int | None) -> Fields:
    """The fields tidied; Refused where they cannot stand."""
    name = " ".join(fields.name.split())
    if not name:
        raise Refused("A campaign needs a name.")
    if len(name) > NAME_LENGTH:
        raise Refused(f"The name is longer than {NAME_LENGTH} letters.", "Shorten it.")
    if fields.ends_on < fields.starts_on:
        raise Refused(
            f"The campaign would end on {fields.ends_on} before it begins on {fields.starts_on}.",
            "Exchange the two days.",
        )
    same = session.exec(select(Campaign).where(func.lower(Campaign.name) == name.lower())).all()
    if any(one.id != own_id for one in same):
        raise Refused(f"There is a campaign called “{name}” already.", "Choose another name.")
    return Fields(
        name=name,
        starts_on=fields.starts_on,
        ends_on=fields.ends_on,
        goal=(fields.goal or "").strip() or None,
        budget_minor=fields.budget_minor,
        currency=_currency(fields),
        labels=_distinct(fields.labels),
        utms=_distinct(fields.utms),
        ads=_distinct(fields.ads),
    )


def _currency(fields: Fields) -> str | None:
    """The budget's currency: three letters; none without a budget."""
    if fields.budget_minor is None:
        return None
    if fields.budget_minor <= 0:
        raise Refused("A budget is more than nothing.", "Leave it empty where there is none.")
    currency = (fields.currency or "").strip().upper()
    if len(currency) != 3 or not currency.isalpha() or not currency.isascii():
        raise Refused("The budget needs a currency of three letters, such as USD.")
    return currency


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Trimmed, without blanks and (compared without case) doubles, in order."""
    kept: dict[str, str] = {}
    for word in words:
        if tidy := " ".join(word.split()):
            kept.setdefault(tidy.casefold(), tidy)
    return tuple(kept.values())


def _link(
    session: Session, campaign: Campaign, fields: Fields, objects: Sequence[AdObject]
) -> None:
    assert campaign.id is not None  # noqa: S101 - flushed above
    links: list[SQLModel] = [
        CampaignLabel(campaign_id=campaign.id, label=label) for label in fields.labels
    ]
    links += [CampaignUtm(campaign_id=campaign.id, utm=utm) for utm in fields.utms]
    ids = dict.fromkeys(one.id for one in objects if one.id is not None)
    links += [CampaignAds(campaign_id=campaign.id, ad_object_id=key) for key in ids]
    session.add_all(links)
    session.flush()


def ad_campaigns(session: Session) -> list[tuple[str, str, str]]:
    """Every ad campaign as (remote id, name, account's handle), by name."""
    rows = session.exec(
        select(AdObject.remote_id, AdObject.name, Account.handle)
        .join(Account, col(Account.id) == AdObject.account_id)
        .where(AdObject.level == "campaign")
        .order_by(AdObject.name, AdObject.remote_id)
    ).all()
    return [(remote_id, name, handle) for remote_id, name, handle in rows]
