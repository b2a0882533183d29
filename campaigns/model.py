"""What is known of a campaign before anything is computed: plain, frozen facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class CampaignFacts:
    """The campaign itself. Both days are included and are days of `zone`."""

    id: int
    name: str
    starts_on: date
    ends_on: date
    goal: str | None
    budget_minor: int | None
    currency: str | None
    zone: str


@dataclass(frozen=True)
class PostFigures:
    """One of its posts with its newest counters; a missing metric is None, never 0."""

    post_id: int
    remote_id: str
    network: str
    account: str
    published_at: datetime
    text: str
    kind: str
    permalink: str | None
    metrics: Mapping[str, int | None]
    captured_at: datetime | None
    source: str | None
    #: metrics that the newest reply did not give: the older reply that did, and its time
    earlier: Mapping[str, tuple[str | None, datetime]] = field(default_factory=dict)

    def sources_of(self, names: Iterable[str]) -> list[str | None]:
        """The replies that these metrics are from."""
        return [self.earlier[n][0] if n in self.earlier else self.source for n in names]

    def times_of(self, names: Iterable[str]) -> list[datetime | None]:
        """When these metrics were read."""
        return [self.earlier[n][1] if n in self.earlier else self.captured_at for n in names]


@dataclass(frozen=True)
class AdFigures:
    """One of its ad campaigns in one currency, within the campaign's dates.

    Days are the ad account's. `moving`: a day of it is younger than 28 days, so that the
    network may still restate the figures. `results` is None where ads count unlike results.
    """

    account: str
    campaign_remote_id: str
    campaign_name: str
    currency: str
    spend_minor: int | None
    impressions: int | None
    clicks: int | None
    results: int | None
    first_day: date | None
    last_day: date | None
    source: str | None
    captured_at: datetime | None
    moving: bool
    result_type: str | None = None
