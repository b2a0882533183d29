"""Made campaigns for the tests: their figures are small enough to be added by hand."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from campaigns.figures import CampaignSummary, DayValue
from campaigns.model import AdFigures, CampaignFacts, PostFigures
from campaigns.summary import summarise
from data.money import to_major

STARTS = date(2026, 10, 1)
CAPTURED = datetime(2026, 10, 24, 8, tzinfo=UTC)


def facts(
    name: str = "Flu shots 2026",
    budget_minor: int | None = 50_000,
    currency: str | None = "USD",
    goal: str | None = "Two hundred patients vaccinated by November",
) -> CampaignFacts:
    """A campaign of the 30 days from 1 to 30 October, in New York."""
    ends = STARTS + timedelta(days=29)
    return CampaignFacts(1, name, STARTS, ends, goal, budget_minor, currency, "America/New_York")


def post(
    number: int,
    network: str = "x",
    metrics: Mapping[str, int | None] | None = None,
    text: str = "Flu shots are here.",
    source: str | None = None,
) -> PostFigures:
    """Post `number`, published at 16:00 UTC `number` days into the campaign."""
    return PostFigures(
        post_id=number,
        remote_id=str(1000 + number),
        network=network,
        account="riverside",
        published_at=datetime(2026, 10, 1, 16, tzinfo=UTC) + timedelta(days=number),
        text=text,
        kind="post",
        permalink=f"https://example.com/{number}",
        metrics=metrics if metrics is not None else {"likes": 10, "impressions": 200},
        captured_at=CAPTURED + timedelta(minutes=number),
        source=source or f"raw:{number}",
    )


def ad(
    number: int,
    spend_minor: int | None = 12_345,
    clicks: int | None = 100,
    impressions: int | None = 5_000,
    results: int | None = 20,
    currency: str = "USD",
    name: str | None = None,
    moving: bool = False,
) -> AdFigures:
    """Ad campaign `number` over the whole campaign."""
    return AdFigures(
        account="act_1",
        campaign_remote_id=str(9000 + number),
        campaign_name=name or f"Flu ads {number}",
        currency=currency,
        spend_minor=spend_minor,
        impressions=impressions,
        clicks=clicks,
        results=results,
        first_day=STARTS,
        last_day=STARTS + timedelta(days=29),
        source=f"raw:{900 + number}",
        captured_at=CAPTURED,
        moving=moving,
        result_type="link_click",
    )


def spend_days(ads: list[AdFigures]) -> list[DayValue]:
    """Each currency's spend, spread over 23 days in whole cents, most at the beginning."""
    days = []
    for currency in sorted({one.currency for one in ads}):
        left = sum(one.spend_minor or 0 for one in ads if one.currency == currency)
        for at in range(23):
            cents = left if at == 22 else left // (23 - at) + 60 * ((at * 7) % 5) // (1 + at // 8)
            left -= cents
            day = STARTS + timedelta(days=at)
            amount = to_major(cents, currency)
            days.append(DayValue(day, f"paid {currency}", "spend", amount, currency))
    return days


def full() -> CampaignSummary:
    """A campaign as a practice would have it: three networks, two currencies, things missing."""
    networks = ("x", "facebook", "instagram")
    posts = []
    for number in range(23):
        likes = 20 + 7 * (number * number % 11)
        kinds: dict[str, Mapping[str, int | None]] = {
            "x": {"likes": likes, "replies": 3, "reposts": 5, "impressions": 40 * likes},
            "facebook": {"reactions": likes, "comments": 4, "shares": None, "views": 31 * likes},
            "instagram": {"likes": 2 * likes, "comments": 6, "saves": 9, "views": 55 * likes},
        }
        network = networks[number % 3]
        text = f"Post {number}: book your flu shot before the season begins, walk-ins are welcome."
        posts.append(post(number, network, kinds[network], text, f"raw:{number // 6}"))
    ads = [
        ad(1, 18_403, 412, 21_880, 57, name="Flu shots, near the practice", moving=True),
        ad(2, 9_950, 180, 11_020, None, name="Flu shots, parents"),
        ad(3, 4_210, 77, 6_400, 9, currency="CAD", name="Flu shots, Niagara"),
    ]
    today = date(2026, 10, 24)
    return summarise(facts(), posts, ads, today=today, days=spend_days(ads))
