"""The ads of a campaign: sums over its dates, each currency by itself, and spend by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_
from sqlmodel import col, select

from data.models import Account, AdDaily, AdObject, Campaign, CampaignAds
from data.queries.sources import sources
from data.session import Session

#: ISO 4217's code for "no currency", where an ad account has not told its own.
NO_CURRENCY = "XXX"


@dataclass(frozen=True)
class AdsRow:
    """One ad campaign in one currency within the dates; sums, None where nothing is known.

    `results` is None where the ads count unlike results. Reach is not here: it does not add.
    `source` and `captured_at` are those of the oldest reading among the days.
    """

    account: str
    campaign_remote_id: str
    campaign_name: str
    currency: str
    spend_minor: int | None
    impressions: int | None
    clicks: int | None
    results: int | None
    result_type: str | None
    first_day: date | None
    last_day: date | None
    source: str | None
    captured_at: datetime | None


def ads_of(session: Session, campaign: Campaign) -> list[AdsRow]:
    """The campaign's ad campaigns, one row a currency, over the campaign's dates."""
    ids = select(CampaignAds.ad_object_id).where(CampaignAds.campaign_id == campaign.id)
    ad_campaigns = session.exec(
        select(AdObject, Account)
        .join(Account, col(Account.id) == AdObject.account_id)
        .where(col(AdObject.id).in_(ids))
        .order_by(AdObject.name, AdObject.remote_id)
    ).all()
    return [
        row
        for one, account in ad_campaigns
        for row in _ads_rows(session, one, account, campaign.starts_on, campaign.ends_on)
    ]


def ad_ids_under(session: Session, ad_object_id: int) -> list[int]:
    """The ads of an ad campaign, through its ad sets or directly below it."""
    sets = select(AdObject.id).where(AdObject.parent_id == ad_object_id, AdObject.level == "adset")
    ads = select(AdObject.id).where(
        AdObject.level == "ad",
        or_(col(AdObject.parent_id).in_(sets), col(AdObject.parent_id) == ad_object_id),
    )
    return [one for one in session.exec(ads) if one is not None]


def _ads_rows(
    session: Session, ad_campaign: AdObject, account: Account, since: date, until: date
) -> list[AdsRow]:
    assert ad_campaign.id is not None  # noqa: S101 - read from the database
    ads = ad_ids_under(session, ad_campaign.id)
    days = session.exec(
        select(AdDaily).where(
            col(AdDaily.ad_object_id).in_(ads), AdDaily.day >= since, AdDaily.day <= until
        )
    ).all()
    by_currency: dict[str, list[AdDaily]] = {}
    for one in days:
        by_currency.setdefault(one.currency, []).append(one)
    if not by_currency:
        return [_without_figures(ad_campaign, account)]
    return [
        _ads_row(session, ad_campaign, account.handle, currency, by_currency[currency])
        for currency in sorted(by_currency)
    ]


def _without_figures(ad_campaign: AdObject, account: Account) -> AdsRow:
    """An ad campaign of which no day within the dates is known: missing, not 0."""
    return AdsRow(
        account=account.handle,
        campaign_remote_id=ad_campaign.remote_id,
        campaign_name=ad_campaign.name,
        currency=account.currency or NO_CURRENCY,
        spend_minor=None,
        impressions=None,
        clicks=None,
        results=None,
        result_type=None,
        first_day=None,
        last_day=None,
        source=None,
        captured_at=None,
    )


def _ads_row(
    session: Session, ad_campaign: AdObject, handle: str, currency: str, days: list[AdDaily]
) -> AdsRow:
    oldest = min(days, key=lambda one: (one.captured_at, one.raw_reply_id or 0, one.day))
    types = {one.result_type for one in days if one.results is not None}
    one_type = len(types) == 1
    return AdsRow(
        account=handle,
        campaign_remote_id=ad_campaign.remote_id,
        campaign_name=ad_campaign.name,
        currency=currency,
        spend_minor=known_sum(one.spend_minor for one in days),
        impressions=known_sum(one.impressions for one in days),
        clicks=known_sum(one.clicks for one in days),
        results=known_sum(one.results for one in days) if one_type else None,
        result_type=next(iter(types)) if one_type else None,
        first_day=min(one.day for one in days),
        last_day=max(one.day for one in days),
        source=_ads_source(session, oldest.raw_reply_id, days),
        captured_at=oldest.captured_at,
    )


def _ads_source(session: Session, oldest: int | None, days: list[AdDaily]) -> str | None:
    """The oldest of the replies, and which others there are."""
    reply = sources(session, (oldest,)).get(oldest or 0)
    if reply is None:
        return None
    ids = {one.raw_reply_id for one in days if one.raw_reply_id is not None}
    others = f" (oldest of {len(ids)} replies, ids {min(ids)}–{max(ids)})" if len(ids) > 1 else ""
    return reply.words() + others


def known_sum(values: Iterable[int | None]) -> int | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def ad_spend_days(session: Session, campaign_id: int) -> list[tuple[date, str, int]]:
    """What the campaign's ads cost by day and currency, in minor units: (day, currency, spend).

    Days without a known spend are left out, not 0.
    """
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        return []
    tops = session.exec(
        select(CampaignAds.ad_object_id).where(CampaignAds.campaign_id == campaign_id)
    ).all()
    ads = [one for top in tops for one in ad_ids_under(session, top)]
    rows = session.exec(
        select(col(AdDaily.day), col(AdDaily.currency), col(AdDaily.spend_minor))
        .where(col(AdDaily.ad_object_id).in_(ads), col(AdDaily.spend_minor).is_not(None))
        .where(AdDaily.day >= campaign.starts_on, AdDaily.day <= campaign.ends_on)
    ).all()
    found: dict[tuple[date, str], int] = {}
    for day, currency, spend in rows:
        found[day, currency] = found.get((day, currency), 0) + (spend or 0)
    return [(day, currency, found[day, currency]) for day, currency in sorted(found)]
