"""A day's figures of one ad: what they come to, and what is known of them at an instant.

For 28 days they still move: impressions and spend come in late, invalid clicks are taken off,
and leads are attributed to clicks of days before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import lru_cache

from collectors.sandbox.ads_plan import Ad, day_end, day_start
from collectors.sandbox.dice import Dice

SETTLED_AFTER = timedelta(days=28)
LEAD_VALUE_CENTS = 4000


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts, and spend in cents. All but `reach` add up over days and ads."""

    impressions: int = 0
    reach: int = 0
    clicks: int = 0
    link_clicks: int = 0
    spend: int = 0
    engagements: int = 0
    landing_views: int = 0
    leads: int = 0


@lru_cache(maxsize=65_536)
def final_figures(seed: int, ad: Ad, day: date) -> Figures:
    """What the ad's figures of that day come to once they are settled."""
    if not ad.runs_on(day):
        return Figures()
    dice = Dice(seed, "ad day", ad.remote_id, day)
    ads_in_set = len(ad.ad_set.campaign.creatives)
    weekday = 0.85 if day.weekday() >= 5 else 1.06
    spend = ad.ad_set.daily_budget / ads_in_set * weekday * dice.spread(0.12)
    impressions = spend * 100 / (dice.uniform(900, 1400) / 10)
    rate = 0.013 * ad.factor * dice.spread(0.15)
    links = impressions * rate
    leads = links * ad.ad_set.campaign.lead_rate * dice.spread(0.2)
    return Figures(
        impressions=int(impressions),
        reach=int(impressions / dice.uniform(1.12, 1.45)),
        clicks=dice.count(links * 1.45),
        link_clicks=dice.count(links),
        spend=int(spend),
        engagements=dice.count(links * 2.1),
        landing_views=dice.count(links * 0.78),
        leads=dice.count(leads),
    )


def figures_at(seed: int, ad: Ad, day: date, now: datetime) -> Figures:
    """What is known of the day at that instant; nothing before the day has begun."""
    final = final_figures(seed, ad, day)
    if (now.date() - day).days > SETTLED_AFTER.days + 2:
        return final
    begin, end = day_start(day), day_end(day)
    if now <= begin:
        return Figures()
    elapsed = min(1.0, (now - begin) / (end - begin))
    settled = min(1.0, max(0.0, (now - end) / SETTLED_AFTER)) ** 0.5
    if elapsed == 1.0 and settled == 1.0:
        return final

    def part(value: int, at_once: float) -> int:
        return int(value * elapsed * (at_once + (1 - at_once) * settled) + 1e-9)

    return Figures(
        impressions=part(final.impressions, 0.985),
        reach=part(final.reach, 0.985),
        clicks=part(final.clicks, 1.04),
        link_clicks=part(final.link_clicks, 1.0),
        spend=part(final.spend, 0.99),
        engagements=part(final.engagements, 0.97),
        landing_views=part(final.landing_views, 0.95),
        leads=part(final.leads, 0.55),
    )


def summed(parts: Iterable[Figures]) -> Figures:
    """Ads and days together; reach is less than its sum, since people are met again."""
    rows = [one for one in parts if one.impressions]
    if not rows:
        return Figures()
    if len(rows) == 1:
        return rows[0]
    totals = {one.name: sum(getattr(row, one.name) for row in rows) for one in fields(Figures)}
    shared = int(totals["reach"] * len(rows) ** -0.12)
    totals["reach"] = max(shared, max(row.reach for row in rows))
    return Figures(**totals)


def split(figures: Figures, shares: Sequence[float]) -> list[Figures]:
    """The figures in parts of those shares; every one but reach adds up to the whole."""
    columns = {one.name: _portions(getattr(figures, one.name), shares) for one in fields(Figures)}
    return [
        Figures(**{name: column[index] for name, column in columns.items()})
        for index in range(len(shares))
    ]


def _portions(total: int, shares: Sequence[float]) -> list[int]:
    portions, so_far, given = [], 0.0, 0
    for share in shares:
        so_far += share
        upto = round(total * so_far / sum(shares))
        portions.append(upto - given)
        given = upto
    return portions
