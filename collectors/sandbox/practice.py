"""The posts of the made practice: one day's posts are a function of seed, network and day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from collectors.sandbox import plan, texts
from collectors.sandbox.dice import Dice
from collectors.sandbox.growth import (
    PACES,
    REEL_PACE,
    VIRAL_PACE,
    Dip,
    GrownMetrics,
    Pace,
    Standstill,
)
from collectors.sandbox.model import Post
from collectors.sandbox.rates import finals

SNOWFLAKE_EPOCH_MS = 1288834974657
SPANISH_SHARE = 0.14


@dataclass(frozen=True, slots=True)
class Draft:
    """What a post is about, before its counters are known."""

    network: str
    published_at: datetime
    kind: str
    topic: str | None
    spanish: bool
    campaign: plan.Campaign | None
    viral: bool

    @property
    def local(self) -> datetime:
        """Time of publishing in the practice's zone."""
        return self.published_at.astimezone(plan.ZONE)


def posts_of_day(seed: int, network: str, page_id: str, day: date) -> list[Post]:
    """All posts that the practice publishes on that local day, in order; `page_id` heads ids."""
    dice = Dice(seed, network, day)
    viral_network, viral = plan.viral_day(seed, (day.year, int(day.month > 6)))
    is_viral_day = viral_network == network and viral == day
    campaign = plan.campaign_on(day)
    rate = plan.POSTS_A_DAY[network] * (1.25 if campaign else 0.95)
    number = max(dice.count(rate), int(is_viral_day))
    moments = sorted(_moment(dice, day) for _ in range(number))
    posts = []
    for index, moment in enumerate(moments):
        one = Dice(seed, network, day, index)
        draft = _draft(one, network, moment, campaign, is_viral_day and index == 0)
        posts.append(_post(one, seed, page_id, draft))
    return posts


def _moment(dice: Dice, day: date) -> datetime:
    hour = dice.weighted(plan.HOUR_WEIGHTS)
    local = datetime(
        day.year, day.month, day.day, hour, dice.between(0, 59), dice.between(0, 59),
        tzinfo=plan.ZONE,
    )  # fmt: skip
    return local.astimezone(UTC) + timedelta(milliseconds=dice.between(0, 999))


def _draft(
    dice: Dice, network: str, moment: datetime, campaign: plan.Campaign | None, viral: bool
) -> Draft:
    kind = "video" if viral else dice.weighted(plan.KIND_WEIGHTS[network])
    if viral and network == "instagram":
        kind = "reel"
    own = kind not in ("reply", "retweet")
    joins = bool(own and campaign and dice.chance(0.38))
    topic: str | None = dice.weighted(plan.TOPIC_WEIGHTS)
    if joins and campaign:
        topic = campaign.topic
    elif not own or (not viral and dice.chance(0.06)):
        topic = None
    spanish = topic is not None and dice.chance(SPANISH_SHARE)
    return Draft(network, moment, kind, topic, spanish, campaign if joins else None, viral)


def _post(dice: Dice, seed: int, page_id: str, draft: Draft) -> Post:
    remote_id = _remote_id(dice, page_id, draft)
    text, links = _text(dice, draft)
    metrics = GrownMetrics(
        published_at=draft.published_at,
        finals=finals(dice, draft, exposure(dice, seed, draft)),
        pace=_pace(draft),
        standstills=_standstills(seed, draft),
        dip=_dip(dice, draft),
    )
    delayed = draft.network == "instagram" and dice.chance(0.3)
    lag = timedelta(hours=dice.uniform(2, 48)) if delayed else timedelta(0)
    deleted = dice.chance(0.011) and not draft.viral
    gone_after = timedelta(days=dice.uniform(2, 60))
    return Post(
        network=draft.network,
        remote_id=remote_id,
        published_at=draft.published_at,
        text=text,
        kind=draft.kind,
        metrics=metrics,
        links=links,
        original_id=_original(dice, draft),
        deleted_at=draft.published_at + gone_after if deleted else None,
        insights_from=draft.published_at + lag if delayed else None,
        topics=(draft.topic,) if draft.topic else (),
        campaign=draft.campaign.key if draft.campaign else None,
    )


def exposure(dice: Dice, seed: int, draft: Draft) -> float:
    """Final impressions (X) or reach (Meta) of a post: the planted factors times noise."""
    day = draft.local.date()
    factor = plan.KIND_EXPOSURE[draft.network][draft.kind] * plan.hour_factor(draft.local)
    factor *= plan.topic_trend(draft.topic or "", day) * dice.spread(plan.NOISE_SIGMA)
    if draft.campaign:
        factor *= draft.campaign.lift
    if draft.viral:
        factor *= plan.VIRAL_FACTOR
    if draft.network != "x" and plan.outage_on(seed, day):
        factor *= 0.1
    return plan.BASE_EXPOSURE[draft.network] * factor


def _pace(draft: Draft) -> Pace:
    if draft.viral:
        return VIRAL_PACE
    return REEL_PACE if draft.kind == "reel" else PACES[draft.network]


def _standstills(seed: int, draft: Draft) -> tuple[Standstill, ...]:
    if draft.network == "x":
        return ()
    begin = draft.local.date()
    halves = plan.half_years(begin, begin + timedelta(days=120))
    return tuple(plan.standstill(seed, half) for half in halves)


def _dip(dice: Dice, draft: Draft) -> Dip | None:
    if not dice.chance(0.02) or draft.kind in ("retweet", "reply"):
        return None
    metric = {"x": "like_count", "facebook": "reactions", "instagram": "likes"}[draft.network]
    at = draft.published_at + timedelta(days=dice.uniform(3, 20))
    return Dip(metric, at, dice.uniform(0.08, 0.2))


def _remote_id(dice: Dice, page_id: str, draft: Draft) -> str:
    millis = int(draft.published_at.timestamp() * 1000)
    if draft.network == "x":
        return str((max(0, millis - SNOWFLAKE_EPOCH_MS) << 22) | dice.between(0, (1 << 22) - 1))
    serial = f"{millis // 1000:011d}{dice.between(0, 9999):04d}"
    return f"{page_id}_{serial}" if draft.network == "facebook" else f"18{serial}"


def _original(dice: Dice, draft: Draft) -> str | None:
    if draft.kind not in ("retweet", "reply"):
        return None
    before = draft.published_at - timedelta(hours=dice.uniform(1, 30))
    millis = int(before.timestamp() * 1000)
    return str((max(0, millis - SNOWFLAKE_EPOCH_MS) << 22) | dice.between(0, (1 << 22) - 1))


def _text(dice: Dice, draft: Draft) -> tuple[str, tuple[str, ...]]:
    if draft.kind == "retweet":
        who, said = dice.pick(texts.SHARED)
        return f"RT @{who}: {said}", ()
    if draft.kind == "reply":
        who = dice.pick(("maria_k", "j_ortiz88", "runningdad", "LenaFromHarbor"))
        return f"@{who} {dice.pick(texts.REPLIES)}", ()
    link = _link(draft)
    if draft.topic is None:
        text = dice.pick(texts.NEWS)
    else:
        text = texts.tip(dice, draft.topic, draft.spanish)
        text += texts.tags(dice, draft.topic, 3 if draft.network == "instagram" else 2)
    if draft.campaign:
        text += f" {draft.campaign.label}"
    carries = draft.kind == "link" and draft.network == "x"
    return (f"{text} {link}" if carries else text), ((link,) if draft.kind == "link" else ())


def _link(draft: Draft) -> str:
    page = texts.TOPICS[draft.topic].page if draft.topic else "news"
    name = draft.campaign.utm if draft.campaign else "always-on"
    return f"{plan.SITE}/{page}?utm_source={draft.network}&utm_medium=social&utm_campaign={name}"
