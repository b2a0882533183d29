"""Final counters of a post from its exposure: the networks' own names, missing ones left out."""

from collections.abc import Mapping
from typing import Protocol

from collectors.sandbox import plan
from collectors.sandbox.dice import Dice


class Drafted(Protocol):
    """What the counters depend on."""

    @property
    def network(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def topic(self) -> str | None: ...


# Shares of exposure; those of engagement are multiplied by the topic's factor.
ENGAGEMENT: Mapping[str, Mapping[str, float]] = {
    "x": {
        "like_count": 0.019,
        "reply_count": 0.002,
        "retweet_count": 0.0045,
        "quote_count": 0.0008,
        "bookmark_count": 0.0025,
    },
    "facebook": {"reactions": 0.031, "comments": 0.0045, "shares": 0.006},
    "instagram": {"likes": 0.05, "comments": 0.0045, "saves": 0.012, "shares": 0.007},
}
OTHERS: Mapping[str, Mapping[str, float]] = {
    "x": {"user_profile_clicks": 0.006},
    "facebook": {"views": 1.35, "clicks": 0.03},
    "instagram": {"views": 1.45, "follows": 0.0012, "profile_visits": 0.011},
}
REACH_NAME: Mapping[str, str] = {"x": "impression_count", "facebook": "reach", "instagram": "reach"}


def finals(dice: Dice, draft: Drafted, exposure: float) -> dict[str, int]:
    """What the post's counters come to in the end."""
    if draft.kind == "retweet":
        return _retweet(dice)
    rate = plan.TOPIC_ENGAGEMENT.get(draft.topic or "", 1.0)
    values = {REACH_NAME[draft.network]: dice.count(exposure)}
    for name, share in ENGAGEMENT[draft.network].items():
        values[name] = dice.count(exposure * share * rate * dice.spread(0.2))
    for name, share in OTHERS[draft.network].items():
        values[name] = dice.count(exposure * share * dice.spread(0.1))
    return _left_out(dice, draft, _of_kind(dice, draft, exposure, values))


def _of_kind(dice: Dice, draft: Drafted, exposure: float, values: dict[str, int]) -> dict[str, int]:
    if draft.network == "x":
        clicks = dice.count(exposure * 0.013) if draft.kind == "link" else 0
        values["url_link_clicks"] = clicks
        engaged = (name for name in values if name != "impression_count")
        values["engagements"] = sum(values[name] for name in engaged)
    if draft.network == "facebook" and draft.kind == "link":
        values["clicks"] += dice.count(exposure * 0.03)
    if draft.kind == "reel":
        values["views"] = int(values["views"] * 1.4)
        watched = dice.between(4200, 11800)
        values["ig_reels_video_view_total_time"] = watched * values["views"]
    return values


def _retweet(dice: Dice) -> dict[str, int]:
    """The original's count of retweets; all else is 0, as X shows a retweet."""
    zeros = ("like_count", "reply_count", "quote_count", "bookmark_count", "impression_count")
    return {"retweet_count": dice.between(40, 3000)} | dict.fromkeys(zeros, 0)


def _left_out(dice: Dice, draft: Drafted, values: dict[str, int]) -> dict[str, int]:
    """Some posts lack a metric altogether, as with the real networks."""
    lacking = {"x": "bookmark_count", "facebook": "clicks", "instagram": "saves"}[draft.network]
    if dice.chance(0.03):
        values.pop(lacking)
    return values
