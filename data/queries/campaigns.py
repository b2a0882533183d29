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
from data.queries.newest import earlier_values
from data.queries.sources import sources
from data.session import Session


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
    earlier: dict[str, tuple[str | None, datetime]]  # metrics of an older reply: it and its time


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
    newest = [latest for _, _, latest in found if latest]
    older = earlier_values(session, newest)
    named = [latest.raw_reply_id for latest in newest]
    named += [reply for values in older.values() for _, _, reply in values.values()]
    known = sources(session, named)
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
                earlier={
                    name: (one.words() if (one := known.get(reply or 0)) else None, at)
                    for name, (_, at, reply) in older.get(post.id, {}).items()
                },
            )
        )
    return sorted(rows, key=lambda row: (row.published_at, row.post_id))
