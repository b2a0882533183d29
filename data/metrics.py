"""The metric registry: what each metric is, and which network calls it what.

Views, impressions and reach are three things. Reach adds up over nothing: not over days,
posts or ads. Network names change every year: they live here with the Graph version from
and until which they are valid, and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["counter", "gauge", "per_day"]


@dataclass(frozen=True)
class Metric:
    """One metric. `additive`: the axes over which its values may be summed."""

    name: str
    label: str
    unit: Literal["count", "ms"] = "count"
    kind: Kind = "counter"
    additive: frozenset[str] = frozenset({"posts", "days"})
    networks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_NOTHING: frozenset[str] = frozenset()

POST_METRICS: tuple[Metric, ...] = (
    Metric("impressions", "Impressions", networks={"x": ("impression_count",)}),
    Metric("views", "Views", networks={"facebook": ("post_media_view",), "instagram": ("views",)}),
    Metric(
        "reach",
        "Reach",
        kind="gauge",
        additive=_NOTHING,
        networks={"facebook": ("post_total_media_view_unique",), "instagram": ("reach",)},
    ),
    Metric("likes", "Likes", networks={"x": ("like_count",), "instagram": ("like_count",)}),
    Metric(
        "reactions",
        "Reactions",
        networks={"facebook": ("post_reactions_by_type_total", "reactions")},
    ),
    Metric(
        "comments",
        "Comments",
        networks={"facebook": ("comments",), "instagram": ("comments_count",)},
    ),
    Metric("replies", "Replies", networks={"x": ("reply_count",), "instagram": ("replies",)}),
    Metric("reposts", "Reposts", networks={"x": ("retweet_count",)}),
    Metric("quotes", "Quotes", networks={"x": ("quote_count",)}),
    Metric("shares", "Shares", networks={"facebook": ("shares",), "instagram": ("shares",)}),
    Metric("saves", "Saves", networks={"instagram": ("saved",)}),
    Metric("bookmarks", "Bookmarks", networks={"x": ("bookmark_count",)}),
    Metric("clicks", "Clicks", networks={"x": ("url_link_clicks",), "facebook": ("post_clicks",)}),
    Metric("profile_clicks", "Profile clicks", networks={"x": ("user_profile_clicks",)}),
    Metric("profile_visits", "Profile visits", networks={"instagram": ("profile_visits",)}),
    Metric("follows", "Follows", networks={"instagram": ("follows",)}),
    Metric(
        "watch_time_ms",
        "Watch time",
        unit="ms",
        networks={"instagram": ("ig_reels_video_view_total_time",)},
    ),
)
BY_NAME: Mapping[str, Metric] = {metric.name: metric for metric in POST_METRICS}
POST_METRIC_NAMES: tuple[str, ...] = tuple(BY_NAME)

#: Engagement is the sum of one of each of these; the first that is known of a group counts.
ENGAGEMENT_GROUPS: tuple[tuple[str, ...], ...] = (
    ("reactions", "likes"),
    ("comments", "replies"),
    ("shares",),
    ("reposts",),
    ("quotes",),
    ("saves", "bookmarks"),
)

#: What a rate of engagement is taken over, by network. Where it is missing: no rate.
RATE_OVER: Mapping[str, str] = {"x": "impressions", "facebook": "views", "instagram": "views"}

#: Sums kept besides the additive metrics. `rated_*` are over posts where engagement and its
#: denominator are both known, so that a rate never divides unlike by unlike.
DERIVED_METRICS: tuple[str, ...] = ("posts", "engagement", "rated_engagement", "rated_over")

#: What the daily rollups hold. This order and that of POST_METRICS are stored as bits
#: (`post_latest.counted`, `post_latest.carried`): append only.
ROLLUP_METRICS: tuple[str, ...] = (
    *DERIVED_METRICS,
    *(metric.name for metric in POST_METRICS if "posts" in metric.additive),
)

ACCOUNT_METRICS: Mapping[str, Kind] = {
    "followers": "gauge",
    "new_followers": "per_day",
    "page_views": "per_day",
    "page_engagements": "per_day",
    "reach": "per_day",
    "views": "per_day",
}


def engagement(counters: Mapping[str, int | None]) -> int | None:
    """Reactions or likes + comments or replies + shares, reposts, quotes + saves or bookmarks.

    None where nothing of it is known; clicks are apart.
    """
    known = [value for part in engagement_parts(counters) if (value := counters[part]) is not None]
    return sum(known) if known else None


def engagement_parts(counters: Mapping[str, int | None]) -> list[str]:
    """The metrics that make up engagement: of each group the first that is known."""
    chosen = (next((n for n in g if counters.get(n) is not None), None) for g in ENGAGEMENT_GROUPS)
    return [name for name in chosen if name is not None]


def engagement_rate(network: str, counters: Mapping[str, int | None]) -> float | None:
    """Engagement over impressions (X) or views (Meta); None where either is missing or 0."""
    over = counters.get(RATE_OVER.get(network, ""))
    total = engagement(counters)
    return total / over if total is not None and over else None
