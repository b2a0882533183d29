"""An independent, naive computation of the totals, written from their definition alone.

It keeps what a network said as plain dictionaries, and computes every row from scratch with
loops over posts, metrics, pairs of captures and days. It shares no code with `data.rollups`.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

ADDITIVE = [
    "impressions",
    "views",
    "likes",
    "reactions",
    "comments",
    "replies",
    "reposts",
    "quotes",
    "shares",
    "saves",
    "bookmarks",
    "clicks",
    "profile_clicks",
    "profile_visits",
    "follows",
    "watch_time_ms",
]
ORDER = ["posts", "engagement", "rated_engagement", "rated_over", *ADDITIVE]
OVER = {"x": "impressions", "facebook": "views", "instagram": "views"}

Row = tuple[str, date, int, str | int, str]
Totals = dict[Row, tuple[int, int, int]]


@dataclass
class Known:
    """A post as it stands: the newest description, every snapshot."""

    account: int
    network: str
    remote_id: str
    kind: str
    published_at: datetime
    topics: tuple[int, ...]
    snapshots: dict[datetime, dict[str, int]] = field(default_factory=dict)


def totals(posts: list[Known], zone: str) -> tuple[Totals, Totals]:
    """(by kind, by topic): row -> (value, estimated, posts)."""
    by_kind: defaultdict[Row, list[int]] = defaultdict(lambda: [0, 0, 0])
    by_topic: defaultdict[Row, list[int]] = defaultdict(lambda: [0, 0, 0])
    for post in posts:
        cells = _cells(post, ZoneInfo(zone))
        for (axis, day, metric), (value, estimated) in cells.items():
            fourths: list[tuple[defaultdict[Row, list[int]], str | int]]
            fourths = [(by_kind, post.kind), *((by_topic, topic) for topic in post.topics)]
            for table, fourth in fourths:
                row = table[axis, day, post.account, fourth, metric]
                row[0] += value
                row[1] += estimated
                row[2] += 1
    return (
        {key: (a, b, c) for key, (a, b, c) in by_kind.items()},
        {key: (a, b, c) for key, (a, b, c) in by_topic.items()},
    )


def _cells(post: Known, zone: ZoneInfo) -> dict[tuple[str, date, str], tuple[int, int]]:
    published = post.published_at.astimezone(zone).date()
    cells: dict[tuple[str, date, str], tuple[int, int]] = {
        ("published", published, "posts"): (1, 0)
    }
    if post.kind == "retweet":
        return cells
    times = sorted(post.snapshots)
    newest: dict[str, int] = {}
    for at in times:
        newest.update(post.snapshots[at])
    for metric, value in _with_derived(newest, newest, post.network).items():
        cells["published", published, metric] = (value, 0)
    seen: dict[str, int] = {}
    for place, at in enumerate(times):
        seen.update(post.snapshots[at])
        by_day: defaultdict[date, dict[str, int]] = defaultdict(dict)
        spread_over: dict[tuple[date, str], bool] = {}
        for metric in ADDITIVE:
            for day, value, several in _metric_days(post, times, place, metric, zone):
                by_day[day][metric] = value
                spread_over[day, metric] = several
        moved = {metric for values in by_day.values() for metric in values}
        for day, values in by_day.items():
            wide = _with_derived(values, seen, post.network, moved)
            for metric, value in wide.items():
                parts = _parts(metric, seen, post.network)
                guess = sum(values[p] for p in parts if p in values and spread_over[day, p])
                old = cells.get(("happened", day, metric), (0, 0))
                cells["happened", day, metric] = (old[0] + value, old[1] + guess)
    return cells


def _metric_days(
    post: Known, times: list[datetime], place: int, metric: str, zone: ZoneInfo
) -> list[tuple[date, int, bool]]:
    at = times[place]
    if metric not in post.snapshots[at]:
        return []
    value = post.snapshots[at][metric]
    earlier = [t for t in times[:place] if metric in post.snapshots[t]]
    if earlier:
        since, difference = earlier[-1], value - post.snapshots[earlier[-1]][metric]
    elif at - post.published_at <= timedelta(hours=24):
        since, difference = min(post.published_at, at), value
    else:
        return []
    # A capture at midnight sharp closes the day before.
    last = (at - timedelta(microseconds=1)).astimezone(zone).date()
    first = min(since.astimezone(zone).date(), last)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    shares = [difference // len(days)] * len(days)
    turn = crc32(post.remote_id.encode()) + ORDER.index(metric)
    for extra in range(difference - sum(shares)):
        shares[(turn + extra) % len(days)] += 1
    return [(day, share, len(days) > 1) for day, share in zip(days, shares, strict=True)]


def _chosen(state: dict[str, int]) -> list[str]:
    chosen = []
    for pair in ("reactions likes", "comments replies", "shares", "reposts", "quotes"):
        chosen += [name for name in pair.split() if name in state][:1]
    return chosen + [name for name in ("saves", "bookmarks") if name in state][:1]


def _parts(metric: str, state: dict[str, int], network: str) -> list[str]:
    if metric in ("engagement", "rated_engagement"):
        return _chosen(state)
    return [OVER[network]] if metric == "rated_over" else [metric]


def _with_derived(
    values: dict[str, int], state: dict[str, int], network: str, moved: set[str] | None = None
) -> dict[str, int]:
    """The values and what follows from them; `state` says which parts engagement has."""
    wide = {metric: value for metric, value in values.items() if metric in ADDITIVE}
    moved = set(values) if moved is None else moved
    parts = [metric for metric in _chosen(state) if metric in values]
    if parts:
        wide["engagement"] = sum(values[metric] for metric in parts)
        if OVER[network] in moved:
            wide["rated_engagement"] = wide["engagement"]
    if OVER[network] in values and moved & set(_chosen(state)):
        wide["rated_over"] = values[OVER[network]]
    return wide
