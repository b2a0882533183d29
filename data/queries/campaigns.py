"""What belongs to a campaign: its posts by rule and by hand, its ads, as plain rows.

A rule counts a post in when it was published on one of the campaign's days (both included,
in the practice's zone) and its text holds a label as a whole tag or word, or one of its
expanded links carries the utm_campaign; both compare without case. Retweets of others match
no rule. A pick by hand is stronger than any rule and knows no dates.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, cast, func, or_
from sqlmodel import col, select

from data.metrics import POST_METRIC_NAMES
from data.models import (
    Account,
    AdDaily,
    AdObject,
    Campaign,
    CampaignAds,
    CampaignLabel,
    CampaignPost,
    CampaignUtm,
    Post,
    PostLatest,
    Practice,
)
from data.queries.sources import sources
from data.session import Session

#: ISO 4217's code for "no currency", where an ad account has not told its own.
NO_CURRENCY = "XXX"


@dataclass(frozen=True)
class Links:
    """A campaign's rules and picks. `ads` are (remote id, name); post ids by hand."""

    labels: tuple[str, ...]
    utms: tuple[str, ...]
    ads: tuple[tuple[str, str], ...]
    picked: frozenset[int]
    left_out: frozenset[int]


@dataclass(frozen=True)
class PostRow:
    """One post of a campaign with its newest counters (missing: None) and why it belongs."""

    post_id: int
    remote_id: str
    network: str
    account: str
    published_at: datetime
    text: str
    kind: str
    permalink: str | None
    deleted_at: datetime | None
    metrics: dict[str, int | None]
    captured_at: datetime | None
    source: str | None
    why: str


@dataclass(frozen=True)
class AdsRow:
    """One ad campaign in one currency within the dates; sums, None where nothing is known.

    `results` is None where the ads count unlike results. Reach is not here: it does not add.
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


def zone_of(session: Session) -> str:
    """The practice's IANA zone; UTC while nothing is set up."""
    practice = session.get(Practice, 1)
    return practice.zone if practice else "UTC"


def links_of(session: Session, campaign_id: int) -> Links:
    """Rules and picks of one campaign."""
    labels = select(CampaignLabel.label).where(CampaignLabel.campaign_id == campaign_id)
    utms = select(CampaignUtm.utm).where(CampaignUtm.campaign_id == campaign_id)
    ads = (
        select(AdObject.remote_id, AdObject.name)
        .join(CampaignAds, col(CampaignAds.ad_object_id) == AdObject.id)
        .where(CampaignAds.campaign_id == campaign_id)
        .order_by(AdObject.name, AdObject.remote_id)
    )
    hand = session.exec(select(CampaignPost).where(CampaignPost.campaign_id == campaign_id)).all()
    return Links(
        labels=tuple(sorted(session.exec(labels), key=str.casefold)),
        utms=tuple(sorted(session.exec(utms), key=str.casefold)),
        ads=tuple((remote_id, name) for remote_id, name in session.exec(ads)),
        picked=frozenset(one.post_id for one in hand if one.included),
        left_out=frozenset(one.post_id for one in hand if not one.included),
    )


def posts_of(session: Session, campaign: Campaign) -> list[PostRow]:
    """The campaign's posts, oldest first."""
    assert campaign.id is not None  # noqa: S101 - a stored campaign has one
    links = links_of(session, campaign.id)
    reasons = _by_rule(session, campaign, links)
    for post_id in links.left_out:
        reasons.pop(post_id, None)
    reasons |= {post_id: reasons.get(post_id, "picked by hand") for post_id in links.picked}
    return _rows(session, reasons)


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


def holds_label(text: str, label: str) -> bool:
    """Whether the text holds the label as a whole tag or word, compared without case."""
    wanted = _folded(label).lstrip("#")
    mark = "#" if label.startswith("#") else "#?"
    pattern = rf"(?<![\w#]){mark}{re.escape(wanted)}(?!\w)"
    return re.search(pattern, _folded(text)) is not None


def carries_utm(links: Iterable[str], utm: str) -> bool:
    """Whether one of the expanded links carries this utm_campaign, compared without case."""
    wanted = utm.casefold()
    return any(value.casefold() == wanted for link in links for value in _utm_campaigns(link))


def _utm_campaigns(link: str) -> list[str]:
    try:
        query = urlsplit(link).query
    except ValueError:  # not an address: it carries nothing
        return []
    named = parse_qs(query)
    return [
        value for key, values in named.items() if key.lower() == "utm_campaign" for value in values
    ]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def days_between(starts_on: date, ends_on: date, zone: str) -> tuple[datetime, datetime]:
    """The instants from the first day's midnight to the one after the last, in `zone`."""
    home = ZoneInfo(zone)
    begin = datetime.combine(starts_on, time(), home)
    return begin, datetime.combine(ends_on + timedelta(days=1), time(), home)


def _by_rule(session: Session, campaign: Campaign, links: Links) -> dict[int, str]:
    if not links.labels and not links.utms:
        return {}
    begin, end = days_between(campaign.starts_on, campaign.ends_on, zone_of(session))
    rows = session.exec(
        select(Post.id, Post.text, Post.links)
        .where(Post.published_at >= begin, Post.published_at < end, Post.kind != "retweet")
        .where(_maybe(links))
    ).all()
    reasons: dict[int, str] = {}
    for post_id, text, addresses in rows:
        why = _reason(text, addresses, links)
        if post_id is not None and why is not None:
            reasons[post_id] = why
    return reasons


def _maybe(links: Links) -> ColumnElement[bool]:
    """A cheap condition in the database that no post that fits fails."""
    text = func.lower(Post.text)
    conditions: list[ColumnElement[bool]] = [
        text.contains(label.lower().lstrip("#"), autoescape=True)
        if label.isascii()
        else col(Post.text).is_not(None)
        for label in links.labels
    ]
    if links.utms:
        conditions.append(func.lower(cast(col(Post.links), String)).contains("utm_campaign"))
    return or_(*conditions)


def _reason(text: str, addresses: Sequence[str], links: Links) -> str | None:
    for label in links.labels:
        if holds_label(text, label):
            return f"says {label}"
    for utm in links.utms:
        if carries_utm(addresses, utm):
            return f"links with utm_campaign={utm}"
    return None


def _rows(session: Session, reasons: dict[int, str]) -> list[PostRow]:
    ids = sorted(reasons)
    found: list[tuple[Post, Account, PostLatest | None]] = []
    for start in range(0, len(ids), 500):
        found += session.exec(
            select(Post, Account, PostLatest)
            .join(Account, col(Account.id) == Post.account_id)
            .outerjoin(PostLatest, col(PostLatest.post_id) == Post.id)
            .where(col(Post.id).in_(ids[start : start + 500]))
        ).all()
    known = sources(session, (latest.raw_reply_id for _, _, latest in found if latest))
    rows = []
    for post, account, latest in found:
        assert post.id is not None  # noqa: S101 - read from the database
        reply = known.get(latest.raw_reply_id or 0) if latest else None
        rows.append(
            PostRow(
                post_id=post.id,
                remote_id=post.remote_id,
                network=account.network,
                account=account.handle,
                published_at=post.published_at,
                text=post.text,
                kind=post.kind,
                permalink=post.permalink,
                deleted_at=post.deleted_at,
                metrics={name: getattr(latest, name, None) for name in POST_METRIC_NAMES},
                captured_at=latest.captured_at if latest else None,
                source=reply.words() if reply else None,
                why=reasons[post.id],
            )
        )
    return sorted(rows, key=lambda row: (row.published_at, row.post_id))


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
    newest = max(days, key=lambda one: (one.captured_at, one.day))
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
        source=_ads_source(session, newest.raw_reply_id, days),
        captured_at=newest.captured_at,
    )


def _ads_source(session: Session, newest: int | None, days: list[AdDaily]) -> str | None:
    reply = sources(session, (newest,)).get(newest or 0)
    if reply is None:
        return None
    others = len({one.raw_reply_id for one in days if one.raw_reply_id is not None}) - 1
    return reply.words() + (f" and {others} earlier" if others else "")


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
