"""Which insight metrics Graph knows for which object, and which it has retired."""

from collections.abc import Collection, Sequence

from collectors.sandbox.replies import refuse

PAGE_POST = {
    "post_media_view": "views",
    "post_total_media_view_unique": "reach",
    "post_clicks": "clicks",
    "post_reactions_by_type_total": "reactions",
}
PAGE_DAY = (
    "page_media_view",
    "page_total_media_view_unique",
    "page_post_engagements",
    "page_follows",
    "page_daily_follows",
)
RETIRED_PREFIXES = (
    "page_impressions",
    "page_posts_impressions",
    "page_fans",
    "page_fan_adds",
    "post_impressions",
    "post_engaged",
)

MEDIA = {
    "REELS": (
        "views",
        "reach",
        "likes",
        "comments",
        "saved",
        "shares",
        "total_interactions",
        "ig_reels_avg_watch_time",
        "ig_reels_video_view_total_time",
    ),
    "FEED": (
        "reach",
        "saved",
        "likes",
        "comments",
        "shares",
        "follows",
        "profile_visits",
        "views",
        "total_interactions",
    ),
    "CAROUSEL": ("reach", "saved", "shares", "follows", "profile_visits", "views"),
    "STORY": ("views", "reach", "replies", "shares", "navigation"),
}
MEDIA_RETIRED = ("impressions", "plays", "video_views", "engagement")
USER_DAY = ("reach", "follower_count")
USER_TOTAL = (
    "reach",
    "views",
    "likes",
    "comments",
    "shares",
    "saves",
    "total_interactions",
    "accounts_engaged",
    "replies",
    "profile_links_taps",
)


def check_page_metrics(
    asked: Sequence[str], known: Collection[str], retired_now: Collection[str]
) -> None:
    """Code 100 for the whole request where one metric is unknown or retired."""
    if not asked:
        raise refuse(100, "(#100) The parameter metric is required")
    for metric in asked:
        retired = metric in retired_now or metric.startswith(RETIRED_PREFIXES)
        if retired or metric not in known:
            raise refuse(100, "(#100) The value must be a valid insights metric", subcode=None)


def check_media_metrics(asked: Sequence[str], kind: str, retired_now: Collection[str]) -> None:
    """Code 100 where this kind of media has no such metric."""
    if not asked:
        raise refuse(100, "(#100) The parameter metric is required")
    for metric in asked:
        if metric in MEDIA_RETIRED or metric in retired_now:
            raise refuse(
                100,
                f"(#100) The {metric} metric is no longer supported for the queried media. "
                "Starting from version v22.0 and above, use views instead.",
            )
        if metric not in MEDIA[kind]:
            raise refuse(
                100,
                "(#100) The Media Insights API does not support the "
                f"{metric} metric for this media product type.",
                subcode=2108101,
            )
