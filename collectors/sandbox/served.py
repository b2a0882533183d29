"""Posts from a file, one JSON object a line, served as if they stood on the networks.

Keys: network, remote_id, published_at (ISO, with zone), text, kind, metrics, observations
([{"at", "metrics"}], optional). A metric that is absent there is absent in the replies. Where
there are observations, a reply is the newest one at the clock's time, and nothing before the
first. A post appears when the clock reaches its time; one that is ten years ahead or more bears a
wrong time, which no clock will reach, and is shown at once.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collectors.sandbox.growth import ObservedMetrics
from collectors.sandbox.model import Post

NETWORKS = ("x", "facebook", "instagram")
FAR_AHEAD = timedelta(days=3653)
ALWAYS = datetime.min.replace(tzinfo=UTC)
URL = re.compile(r"https?://[^\s<>\"]+")


class ServedFileError(ValueError):
    """A line of the served file cannot be used; the message names the line and the reason."""


def read_served(path: Path, now: datetime) -> dict[str, list[Post]]:
    """The file's posts by network, in the order of the file; ServedFileError on a bad line."""
    posts: dict[str, list[Post]] = {}
    seen: set[tuple[str, str]] = set()
    for number, line in _lines(path):
        try:
            post = _post(json.loads(line), now + FAR_AHEAD)
            if (post.network, post.remote_id) in seen:
                raise ValueError(f"remote_id {post.remote_id[:40]} is there twice")
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise ServedFileError(f"{path.name}, line {number}: {_reason(error)}") from error
        seen.add((post.network, post.remote_id))
        posts.setdefault(post.network, []).append(post)
    return posts


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    # Not splitlines(): a text may hold U+2028 and the like, which only \n must end.
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        try:
            yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())
        except UnicodeDecodeError as error:
            raise ServedFileError(f"{path.name} is no UTF-8 text") from error


def _reason(error: Exception) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)


def _post(row: Mapping[str, Any], far: datetime) -> Post:
    published_at = _instant(row["published_at"])
    network, text = row["network"], row.get("text") or ""
    kind = str(row.get("kind") or "post").lower()
    if network not in NETWORKS:
        raise ValueError(f"network {network!r} is not one of {', '.join(NETWORKS)}")
    return Post(
        network=network,
        remote_id=str(row["remote_id"]),
        published_at=published_at,
        text=str(text),
        kind=kind,
        metrics=_metrics(row),
        links=tuple(row.get("links") or URL.findall(str(text))),
        original_id="1" if kind in ("retweet", "reply", "quote") else None,
        shortens_links=False,
        shown_early=published_at >= far,
    )


def _metrics(row: Mapping[str, Any]) -> ObservedMetrics:
    observations = [
        (_instant(one["at"]), _known(one["metrics"])) for one in row.get("observations") or ()
    ]
    if not observations:
        return ObservedMetrics(((ALWAYS, _known(row.get("metrics") or {})),))
    return ObservedMetrics(sorted(observations, key=lambda one: one[0]))


def _known(metrics: Mapping[str, Any]) -> dict[str, int]:
    """The metrics that have a figure; null says the same as an absent one."""
    return {name: _whole(value) for name, value in metrics.items() if value is not None}


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise ValueError(f"{value!r} is no whole number")
    return int(value)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"time {text!r} has no zone")
    return instant.astimezone(UTC)
