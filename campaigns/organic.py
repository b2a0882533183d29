"""Figures of a campaign's posts. Reach is left out: it adds up over nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from campaigns.figures import (
    NOT_REPORTED,
    DayValue,
    Figure,
    PostLine,
    distinct,
    known_sum,
    oldest,
)
from campaigns.model import PostFigures
from data.metrics import BY_NAME, RATE_OVER, engagement, engagement_parts, engagement_rate

_NETWORKS = ("x", "facebook", "instagram")
_Reader = Callable[[PostLine], int | None]
_Names = Callable[[PostLine], Sequence[str]]  # the metrics that a figure is made of


def post_lines(posts: Sequence[PostFigures]) -> tuple[PostLine, ...]:
    """Posts with engagement and rate, oldest first."""
    ordered = sorted(posts, key=lambda post: (post.published_at, post.post_id))
    return tuple(
        PostLine(post, engagement(post.metrics), engagement_rate(post.network, post.metrics))
        for post in ordered
    )


def organic_figures(lines: Sequence[PostLine]) -> Iterator[Figure]:
    """Totals over all posts, then each network's. Views and impressions never add up together."""
    yield _count("organic", lines)
    if not lines:
        return
    yield _total("engagement", "organic", lines, lambda line: line.engagement)
    yield _total("clicks", "organic", lines, _reader("clicks"))
    for network in _networks(lines):
        own = [line for line in lines if line.post.network == network]
        yield from _network_figures(network, own)


def figures_of_post(line: PostLine) -> Iterator[Figure]:
    """What is known of one post, reach among it."""
    scope = f"post {line.post.network} {line.post.remote_id}"
    own = [line]
    yield _total("engagement", scope, own, lambda one: one.engagement)
    yield _rate(scope, line.post.network, own)
    for name in (*_metrics(line.post.network, own), "reach"):
        if name in line.post.metrics:
            yield _total(name, scope, own, _reader(name))


def published_days(lines: Sequence[PostLine], zone: str) -> tuple[DayValue, ...]:
    """Engagement by day of publication (a day of `zone`) and network."""
    home = ZoneInfo(zone)
    cells: dict[tuple[date, str], list[PostLine]] = defaultdict(list)
    for line in lines:
        day = line.post.published_at.astimezone(home).date()
        cells[day, f"organic {line.post.network}"].append(line)
    return tuple(_day(*key, cells[key]) for key in sorted(cells))


def _day(day: date, scope: str, lines: Sequence[PostLine]) -> DayValue:
    total = _total("engagement", scope, lines, lambda line: line.engagement)
    return DayValue(day, scope, "engagement", total.value, "count", "published", total.sources)


def _network_figures(network: str, lines: Sequence[PostLine]) -> Iterator[Figure]:
    scope = f"organic {network}"
    yield _count(scope, lines)
    yield _total("engagement", scope, lines, lambda line: line.engagement)
    yield _rate(scope, network, lines)
    for name in _metrics(network, lines):
        yield _total(name, scope, lines, _reader(name))


def _networks(lines: Sequence[PostLine]) -> list[str]:
    present = {line.post.network for line in lines}
    known = [network for network in _NETWORKS if network in present]
    return known + sorted(present.difference(known))


def _metrics(network: str, lines: Sequence[PostLine]) -> Iterator[str]:
    """Names of counts that add up over posts and that the network has, or sent all the same."""
    for name, metric in BY_NAME.items():
        sent = any(line.post.metrics.get(name) is not None for line in lines)
        adds_up = metric.unit == "count" and "posts" in metric.additive
        if adds_up and (network in metric.networks or sent):
            yield name


def _reader(name: str) -> _Reader:
    return lambda line: line.post.metrics.get(name)


def _count(scope: str, lines: Sequence[PostLine]) -> Figure:
    sources = distinct(line.post.source for line in lines)
    as_of = oldest(line.post.captured_at for line in lines)
    return Figure("posts", scope, len(lines), "count", sources, as_of)


def _total(metric: str, scope: str, lines: Sequence[PostLine], read: _Reader) -> Figure:
    known = [line for line in lines if read(line) is not None]
    read_as = _parts if metric == "engagement" else (lambda _line: [metric])
    return Figure(
        metric=metric,
        scope=scope,
        value=known_sum(read(line) for line in known),
        unit="count",
        sources=_sources(known, read_as),
        as_of=_as_of(known, read_as),
        note=_coverage(len(known), len(lines)),
    )


def _rate(scope: str, network: str, lines: Sequence[PostLine]) -> Figure:
    """Engagement over the network's denominator, over posts where both are known."""
    over = RATE_OVER.get(network, "")
    both = [
        (line, line.engagement, shown)
        for line in lines
        if line.engagement is not None and (shown := line.post.metrics.get(over)) is not None
    ]
    rated = [line for line, *_ in both]
    shown_in_all = sum(shown for *_, shown in both)
    coverage = _coverage(len(both), len(lines))
    return Figure(
        metric="engagement_rate",
        scope=scope,
        value=sum(engaged for _, engaged, _ in both) / shown_in_all if shown_in_all else None,
        unit="ratio",
        sources=_sources(rated, lambda line: [*_parts(line), over]),
        as_of=_as_of(rated, lambda line: [*_parts(line), over]),
        note="; ".join(filter(None, (f"by {over}" if both else None, coverage))) or None,
    )


def _coverage(known: int, posts: int) -> str | None:
    if known == posts:
        return None
    return f"reported for {known} of {posts} posts" if known else NOT_REPORTED


def _parts(line: PostLine) -> list[str]:
    return engagement_parts(line.post.metrics)


def _sources(lines: Sequence[PostLine], names: _Names) -> tuple[str, ...]:
    return distinct(reply for line in lines for reply in line.post.sources_of(names(line)))


def _as_of(lines: Sequence[PostLine], names: _Names) -> datetime | None:
    return oldest(at for line in lines for at in line.post.times_of(names(line)))
