"""One tidy summary of a campaign, computed from plain facts without I/O.

Pages, the command line and every report show these figures and compute none of their own.
"""

from collections.abc import Sequence
from datetime import date

from campaigns.figures import (
    ENTERED,
    NOT_REPORTED,
    AdLine,
    CampaignSummary,
    DayValue,
    Figure,
    Pacing,
    State,
    known_sum,
    oldest,
)
from campaigns.model import AdFigures, CampaignFacts, PostFigures
from campaigns.organic import organic_figures, post_lines, published_days
from campaigns.paid import ad_lines, paid_figures
from data.money import to_major

ON_PACE = 0.1


def summarise(
    facts: CampaignFacts,
    posts: Sequence[PostFigures],
    ads: Sequence[AdFigures],
    *,
    today: date,
    days: Sequence[DayValue] = (),
) -> CampaignSummary:
    """The summary of a campaign as of `today`, a day of the campaign's zone.

    `days`: further series, such as the ads' spend by day; engagement by day published is
    computed from the posts. Missing stays None; currencies, views with impressions, and reach
    never add up.
    """
    lines, bought = post_lines(posts), ad_lines(ads, facts.currency)
    pacing = pace(facts, ads, today)
    return CampaignSummary(
        facts=facts,
        today=today,
        state=state(facts, today),
        pacing=pacing,
        figures=(
            *_campaign_figures(pacing, bought),
            *organic_figures(lines),
            *paid_figures(bought),
        ),
        posts=lines,
        ads=bought,
        days=(*published_days(lines, facts.zone), *days),
    )


def state(facts: CampaignFacts, today: date) -> State:
    """Whether the campaign is yet to come, under way or over."""
    if today < facts.starts_on:
        return "planned"
    return "ended" if today > facts.ends_on else "running"


def pace(facts: CampaignFacts, ads: Sequence[AdFigures], today: date) -> Pacing | None:
    """Budget spent against time gone by; None where the campaign has no budget."""
    if facts.budget_minor is None or facts.currency is None:
        return None
    own = [ad for ad in ads if ad.currency == facts.currency]
    minor = known_sum(ad.spend_minor for ad in own)
    others = {ad.currency for ad in ads if ad.spend_minor is not None} - {facts.currency}
    budget = facts.budget_minor
    spent = minor / budget if minor is not None and budget else None
    return Pacing(
        currency=facts.currency,
        budget=to_major(budget, facts.currency),
        spend=None if minor is None else to_major(minor, facts.currency),
        budget_share=spent,
        time_share=time_share(facts, today),
        other_currencies=tuple(sorted(others)),
        verdict=_verdict(state(facts, today), spent, time_share(facts, today)),
    )


def time_share(facts: CampaignFacts, today: date) -> float:
    """Share of the campaign's days that are over, yesterday the last: 0 to 1."""
    length = (facts.ends_on - facts.starts_on).days + 1
    return min(max((today - facts.starts_on).days / length, 0.0), 1.0)


def _verdict(now: State, spent: float | None, gone: float) -> str:
    """Pacing in words; a tenth of the budget more or less counts as on pace."""
    if spent is None:
        return "Not begun" if now == "planned" else "Spend is not reported"
    if spent > 1:
        return "Over budget"
    if now != "running":
        return "Not begun" if now == "planned" and not spent else "Within budget"
    if abs(spent - gone) <= ON_PACE:
        return "On pace"
    return (
        "Spending faster than time passes" if spent > gone else "Spending slower than time passes"
    )


def _campaign_figures(pacing: Pacing | None, ads: Sequence[AdLine]) -> list[Figure]:
    if pacing is None:
        return []
    own = [line.ad for line in ads if line.ad.currency == pacing.currency]
    known = [ad for ad in own if ad.spend_minor is not None]
    sources = tuple(dict.fromkeys(ad.source for ad in known if ad.source))
    as_of = oldest(ad.captured_at for ad in known)
    others = ", ".join(pacing.other_currencies)
    note = f"without what was spent in {others}" if others else None
    return [
        Figure("budget", "campaign", pacing.budget, pacing.currency, (ENTERED,)),
        Figure(
            "budget_share",
            "campaign",
            pacing.budget_share,
            "ratio",
            sources,
            as_of,
            note=note if known else NOT_REPORTED,
        ),
        Figure("time_share", "campaign", pacing.time_share, "ratio", ("the calendar",)),
    ]
