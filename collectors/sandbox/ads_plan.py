"""The ad account of the made practice: campaigns, ad sets and ads, and what does better."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from collectors.sandbox.dice import Dice

AD_ZONE_NAME = "America/Chicago"
AD_ZONE = ZoneInfo(AD_ZONE_NAME)
CURRENCY = "USD"
ACCOUNT_NAME = "Harbor Family Medicine ads"
OPEN_ENDED = date(2099, 12, 31)

# Factors on the rate of clicks and leads.
AUDIENCES: Mapping[str, float] = {
    "Parents 25-44": 1.3,
    "Adults 65+": 0.9,
    "Within 10 miles": 1.0,
}
CREATIVES: Mapping[str, float] = {"Video": 1.35, "Photo": 1.0, "Carousel": 0.8}


@dataclass(frozen=True, slots=True)
class AdCampaign:
    """A campaign with its ad sets' audiences; days both included, in the account's zone."""

    remote_id: str
    key: str
    name: str
    begin: date
    end: date
    objective: str
    daily_budget: int
    lead_rate: float
    audiences: tuple[str, ...]
    creatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdSet:
    """One audience of a campaign; the budget is cents a day."""

    remote_id: str
    name: str
    audience: str
    campaign: AdCampaign
    daily_budget: int


@dataclass(frozen=True, slots=True)
class Ad:
    """One creative shown to one audience."""

    remote_id: str
    name: str
    creative: str
    ad_set: AdSet

    @property
    def factor(self) -> float:
        """How much better it does than the plain ad, in clicks and leads for its money."""
        return AUDIENCES[self.ad_set.audience] * CREATIVES[self.creative]

    def runs_on(self, day: date) -> bool:
        """Whether it is shown on that day of the account's zone."""
        return self.ad_set.campaign.begin <= day <= self.ad_set.campaign.end


def campaigns_between(seed: int, first: date, last: date) -> list[AdCampaign]:
    """The campaigns that run on some day of [first, last], oldest first."""
    found = [_always_on(seed)]
    for year in range(first.year, last.year + 1):
        found += _of_year(seed, year)
    running = (one for one in found if one.begin <= last and one.end >= first)
    return sorted(running, key=lambda one: (one.begin, one.key))


def _always_on(seed: int) -> AdCampaign:
    return AdCampaign(
        _id(seed, "campaign", "new-patients"), "new-patients", "New patients", date(2024, 1, 1),
        OPEN_ENDED, "OUTCOME_LEADS", 2700, 0.035, tuple(AUDIENCES), tuple(CREATIVES),
    )  # fmt: skip


def _of_year(seed: int, year: int) -> Iterator[AdCampaign]:
    two = ("Parents 25-44", "Adults 65+")
    rows = (
        ("telehealth", f"Telehealth launch {year}", (3, 2), (4, 26), "OUTCOME_LEADS", 4200, 0.05,
         ("Parents 25-44", "Within 10 miles"), tuple(CREATIVES)),
        ("school", f"Back to school check-ups {year}", (8, 3), (9, 12), "OUTCOME_LEADS", 2400,
         0.045, ("Parents 25-44", "Within 10 miles"), ("Video", "Photo")),
        ("flu", f"Flu season {year}", (10, 1), (11, 30), "OUTCOME_TRAFFIC", 3600, 0.03,
         two, tuple(CREATIVES)),
    )  # fmt: skip
    for key, name, begin, end, objective, budget, leads, audiences, creatives in rows:
        full = f"{key}-{year}"
        yield AdCampaign(
            _id(seed, "campaign", full), full, name, date(year, *begin), date(year, *end),
            objective, budget, leads, audiences, creatives,
        )  # fmt: skip


def ad_sets_of(seed: int, campaign: AdCampaign) -> list[AdSet]:
    """One ad set an audience, the budget in equal parts."""
    share = campaign.daily_budget // len(campaign.audiences)
    return [
        AdSet(
            _id(seed, "adset", campaign.key, one), f"{campaign.name} | {one}", one, campaign, share
        )
        for one in campaign.audiences
    ]


def ads_of(seed: int, ad_set: AdSet) -> list[Ad]:
    """One ad a creative."""
    key = ad_set.campaign.key
    return [
        Ad(_id(seed, "ad", key, ad_set.audience, one), f"{ad_set.name} | {one}", one, ad_set)
        for one in ad_set.campaign.creatives
    ]


@lru_cache(maxsize=64)
def all_ads(seed: int, first: date, last: date) -> tuple[Ad, ...]:
    """Every ad of the campaigns that run on some day of [first, last]."""
    return tuple(
        ad
        for campaign in campaigns_between(seed, first, last)
        for ad_set in ad_sets_of(seed, campaign)
        for ad in ads_of(seed, ad_set)
    )


def day_start(day: date) -> datetime:
    """The start of a day in the ad account's zone."""
    return datetime(day.year, day.month, day.day, tzinfo=AD_ZONE)


def day_end(day: date) -> datetime:
    """The end of a day in the ad account's zone."""
    return day_start(day + timedelta(days=1))


def _id(seed: int, *key: str) -> str:
    return "1202" + Dice(seed, "ad account", *key).digits(14)
