"""From stored rows to the plain facts that the summary is computed from."""

from datetime import date, timedelta

from campaigns.model import AdFigures, CampaignFacts, PostFigures
from data import campaigns as store
from data.queries.ads import RESTATED_DAYS
from data.queries.campaign_ads import AdsRow, ads_of
from data.queries.campaigns import PostRow, posts_of, zone_of
from data.session import Session


def facts(
    session: Session, campaign_id: int, today: date
) -> tuple[CampaignFacts, list[PostFigures], list[AdFigures]]:
    """A campaign with its posts' and ads' figures; Refused where there is none of that id."""
    campaign = store.get(session, campaign_id)
    about = CampaignFacts(
        id=campaign_id,
        name=campaign.name,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        goal=campaign.goal,
        budget_minor=campaign.budget_minor,
        currency=campaign.currency,
        zone=zone_of(session),
    )
    posts = [_post(row) for row in posts_of(session, campaign)]
    ads = [_ads(row, today) for row in ads_of(session, campaign)]
    return about, posts, ads


def _post(row: PostRow) -> PostFigures:
    return PostFigures(
        post_id=row.post_id,
        remote_id=row.remote_id,
        network=row.network,
        account=row.account,
        published_at=row.published_at,
        text=row.text,
        kind=row.kind,
        permalink=row.permalink,
        metrics=row.metrics,
        captured_at=row.captured_at,
        source=row.source,
        earlier=row.earlier,
    )


def _ads(row: AdsRow, today: date) -> AdFigures:
    return AdFigures(
        account=row.account,
        campaign_remote_id=row.campaign_remote_id,
        campaign_name=row.campaign_name,
        currency=row.currency,
        spend_minor=row.spend_minor,
        impressions=row.impressions,
        clicks=row.clicks,
        results=row.results,
        first_day=row.first_day,
        last_day=row.last_day,
        source=row.source,
        captured_at=row.captured_at,
        moving=is_moving(row.last_day, today),
        result_type=row.result_type,
    )


def is_moving(last_day: date | None, today: date) -> bool:
    """Whether the network may still restate figures that reach to this day."""
    return last_day is not None and today - last_day < timedelta(days=RESTATED_DAYS)
