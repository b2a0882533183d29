"""The practice's own campaigns and what belongs to them."""

from datetime import date, datetime

from sqlmodel import Field

from data.models.base import Base, BigKey, UtcDateTime


class Campaign(Base, table=True):
    """A name, dates (the practice's days, both included), a goal in words, a budget."""

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    name: str = Field(unique=True)
    starts_on: date
    ends_on: date
    goal: str | None = None
    budget_minor: int | None = Field(default=None, sa_type=BigKey)
    currency: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)


class CampaignLabel(Base, table=True):
    """Posts whose text holds this label (compared without case) within the dates."""

    __tablename__ = "campaign_label"

    campaign_id: int = Field(foreign_key="campaign.id", primary_key=True, sa_type=BigKey)
    label: str = Field(primary_key=True)


class CampaignUtm(Base, table=True):
    """Posts one of whose expanded links carries this utm_campaign, within the dates."""

    __tablename__ = "campaign_utm"

    campaign_id: int = Field(foreign_key="campaign.id", primary_key=True, sa_type=BigKey)
    utm: str = Field(primary_key=True)


class CampaignPost(Base, table=True):
    """A post picked (or, with included false, left out) by hand: stronger than any rule."""

    __tablename__ = "campaign_post"

    campaign_id: int = Field(foreign_key="campaign.id", primary_key=True, sa_type=BigKey)
    post_id: int = Field(foreign_key="post.id", primary_key=True, sa_type=BigKey)
    included: bool = True


class CampaignAds(Base, table=True):
    """An ad campaign (an ad_object of level campaign) that belongs to a campaign."""

    __tablename__ = "campaign_ads"

    campaign_id: int = Field(foreign_key="campaign.id", primary_key=True, sa_type=BigKey)
    ad_object_id: int = Field(foreign_key="ad_object.id", primary_key=True, sa_type=BigKey)
