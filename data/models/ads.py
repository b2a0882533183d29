"""Ads: the tree of campaigns, ad sets and ads, and what each ad did on each day."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from data.models.base import Base, BigKey, UtcDateTime


class AdObject(Base, table=True):
    """A campaign, ad set or ad (`level`: campaign, adset, ad) of an ad account."""

    __tablename__ = "ad_object"
    __table_args__ = (UniqueConstraint("account_id", "level", "remote_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    account_id: int = Field(foreign_key="account.id", sa_type=BigKey)
    level: str
    remote_id: str
    name: str
    parent_id: int | None = Field(
        default=None, foreign_key="ad_object.id", index=True, sa_type=BigKey
    )
    status: str | None = None
    objective: str | None = None


class AdDaily(Base, table=True):
    """One ad on one day of the ad account's zone. Higher levels are sums, but for reach."""

    __tablename__ = "ad_daily"

    ad_object_id: int = Field(foreign_key="ad_object.id", primary_key=True, sa_type=BigKey)
    day: date = Field(primary_key=True, index=True)
    spend_minor: int | None = Field(default=None, sa_type=BigKey)
    currency: str
    impressions: int | None = Field(default=None, sa_type=BigKey)
    reach: int | None = Field(default=None, sa_type=BigKey)
    clicks: int | None = Field(default=None, sa_type=BigKey)
    link_clicks: int | None = Field(default=None, sa_type=BigKey)
    results: int | None = Field(default=None, sa_type=BigKey)
    result_type: str | None = None
    actions: list[dict[str, str]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    captured_at: datetime = Field(sa_type=UtcDateTime)
    raw_reply_id: int | None = Field(default=None, sa_type=BigKey)
