"""Every insight metric that is asked of Graph: our name, and the versions that know it.

They change every year: a new one is a new line here, an ended one gets its last version, and
nothing else needs a change. Ended ones stay listed, so that nobody adds them again.
Versions are as far as Meta names them; a metric that ends early is found out by its code 100.
"""

from dataclasses import dataclass

VERSION = 26.0


@dataclass(frozen=True)
class GraphMetric:
    """One metric of a post, media or account. `kinds` empty: every kind has it."""

    name: str
    ours: str | None
    first: float = 1.0
    last: float | None = None
    kinds: tuple[str, ...] = ()

    @property
    def is_current(self) -> bool:
        """Whether the version in use knows it."""
        return self.first <= VERSION and (self.last is None or self.last >= VERSION)


PAGE_POST = (
    GraphMetric("post_media_view", "views", first=24.0),
    GraphMetric("post_total_media_view_unique", "reach", first=24.0),
    GraphMetric("post_clicks", "clicks"),
    GraphMetric("post_reactions_by_type_total", "reactions"),
    GraphMetric("post_impressions", None, last=24.0),
    GraphMetric("post_impressions_unique", None, last=24.0),
    GraphMetric("post_engaged_users", None, last=18.0),
)
PAGE_DAY = (
    GraphMetric("page_media_view", "views", first=24.0),
    GraphMetric("page_total_media_view_unique", "reach", first=24.0),
    GraphMetric("page_post_engagements", "page_engagements"),
    GraphMetric("page_follows", "followers"),
    GraphMetric("page_daily_follows", "new_followers"),
    GraphMetric("page_impressions", None, last=24.0),
    GraphMetric("page_fans", None, last=24.0),
    GraphMetric("page_fan_adds", None, last=24.0),
)
MEDIA = (
    GraphMetric("reach", "reach"),
    GraphMetric("views", "views", first=21.0),
    GraphMetric("saved", "saves", kinds=("FEED", "CAROUSEL", "REELS")),
    GraphMetric("shares", "shares"),
    GraphMetric("follows", "follows", kinds=("FEED", "CAROUSEL")),
    GraphMetric("profile_visits", "profile_visits", kinds=("FEED", "CAROUSEL")),
    GraphMetric("ig_reels_video_view_total_time", "watch_time_ms", kinds=("REELS",)),
    GraphMetric("replies", "replies", kinds=("STORY",)),
    GraphMetric("impressions", None, last=21.0),
    GraphMetric("plays", None, last=21.0),
    GraphMetric("video_views", None, last=20.0),
    GraphMetric("engagement", None, last=17.0),
)
#: What every media in the list of media (stories are none of them) has.
LISTED_KINDS = ("FEED", "CAROUSEL", "REELS")
MEDIA_DAY = (
    GraphMetric("reach", "reach"),
    GraphMetric("follower_count", "new_followers"),
)
MEDIA_DAY_TOTAL = (GraphMetric("views", "views", first=21.0),)


def current(metrics: tuple[GraphMetric, ...], skip: frozenset[str]) -> tuple[str, ...]:
    """The names to ask for: known to this version, of use to us, not in `skip`."""
    return tuple(m.name for m in metrics if m.is_current and m.ours and m.name not in skip)


def of_every_kind(metrics: tuple[GraphMetric, ...]) -> tuple[GraphMetric, ...]:
    """Those that every kind of listed media has: they come with the list."""
    return tuple(m for m in metrics if not m.kinds or set(LISTED_KINDS) <= set(m.kinds))


def of_kind(metrics: tuple[GraphMetric, ...], kind: str) -> tuple[GraphMetric, ...]:
    """Those of one kind that do not come with the list."""
    listed = of_every_kind(metrics)
    return tuple(m for m in metrics if m not in listed and kind in m.kinds)


def our_names(*tables: tuple[GraphMetric, ...]) -> dict[str, str]:
    """Graph's name -> ours."""
    return {m.name: m.ours for table in tables for m in table if m.ours}
