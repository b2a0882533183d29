"""What collectors hand to `data.ingest`: replies and the figures read from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Raw:
    """One reply as it came: `address` is path and query without any token."""

    address: str
    api_version: str
    status: int
    fetched_at: datetime
    body: bytes


@dataclass(frozen=True)
class PostRecord:
    """A post as the network tells it. Metrics by canonical name; an absent one is absent.

    `raw` is the index into the page's `raws` of the reply that gave the counters. A retweet
    of others has kind "retweet" and no metrics: their counts are never ours.
    """

    remote_id: str
    kind: str
    published_at: datetime
    text: str
    permalink: str | None
    links: tuple[str, ...]
    language: str | None
    metrics: Mapping[str, int]
    captured_at: datetime
    raw: int = 0


@dataclass(frozen=True)
class AccountFigure:
    """An account's figure of a day (network's own day: Meta's are Pacific)."""

    day: date
    metric: str
    value: int
    captured_at: datetime
    raw: int = 0


@dataclass(frozen=True)
class AdFigure:
    """One ad on one day of the ad account's zone, with its place in the tree."""

    day: date
    ad_id: str
    ad_name: str
    adset_id: str | None
    adset_name: str | None
    campaign_id: str | None
    campaign_name: str | None
    currency: str
    spend_minor: int | None
    impressions: int | None
    reach: int | None
    clicks: int | None
    link_clicks: int | None
    results: int | None
    result_type: str | None
    actions: tuple[Mapping[str, str], ...]
    captured_at: datetime
    raw: int = 0
