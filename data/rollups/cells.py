"""Sum the parts of many posts per row of the totals, and write them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from data import bulk
from data.metrics import ROLLUP_METRICS
from data.rollups.contributions import HAPPENED, PUBLISHED
from data.rollups.days import Ints
from data.rollups.shortcut import Parts

_METRICS = np.array(ROLLUP_METRICS, dtype=object)

Labels = NDArray[np.object_]
#: (axis, ISO day, account, kind or topic, metric, value, estimated, posts)
Change = tuple[Any, ...]


def summed(
    parts: Sequence[Parts], account: Ints, fourth: Ints, labels: Labels | None = None
) -> list[Change]:
    """Parts -> changes per row, each row once.

    `account` and `fourth` (kind or topic) are over the posts; `labels` are `fourth`'s names.
    """
    changes: list[Change] = []
    for one in parts:
        keep = np.flatnonzero((one.value != 0).any(axis=1) | (one.posts != 0).any(axis=1))
        if keep.size:
            post = one.post[keep]
            keys = np.stack((one.day[keep], account[post], fourth[post]))
            changes += _per_row(one, keep, keys, labels)
    return changes


def _per_row(one: Parts, keep: Ints, keys: Ints, labels: Labels | None) -> Iterator[Change]:
    order = np.lexsort(keys[::-1])
    keys, keep = keys[:, order], keep[order]
    edges = np.flatnonzero(np.concatenate(([True], (keys[:, 1:] != keys[:, :-1]).any(axis=0))))
    value, estimated, posts = (
        np.add.reduceat(table[keep], edges, axis=0)
        for table in (one.value, one.estimated, one.posts)
    )
    row, metric = np.nonzero((value != 0) | (estimated != 0) | (posts != 0))
    days, accounts, fourths = keys[:, edges]
    named = fourths if labels is None else labels[fourths]
    return zip(
        [HAPPENED if one.happened else PUBLISHED] * len(row),
        days.astype("datetime64[D]").astype(str).astype(object)[row].tolist(),
        accounts[row].tolist(),
        named[row].tolist(),
        _METRICS[metric].tolist(),
        value[row, metric].tolist(),
        estimated[row, metric].tolist(),
        posts[row, metric].tolist(),
        strict=True,
    )


def by_topic(parts: Sequence[Parts], post: Ints, topic: Ints, account: Ints) -> list[Change]:
    """The same per topic; (`post`, `topic`) are pairs, `post` ascending."""
    first = np.searchsorted(post, np.arange(len(account)))
    count = np.bincount(post, minlength=len(account)).astype(np.int64)
    changes: list[Change] = []
    for one in parts:
        times = count[one.post]
        row = np.repeat(np.arange(len(times)), times)
        nth = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
        pair = first[one.post[row]] + nth
        several = Parts(
            one.happened,
            pair,
            one.day[row],
            one.value[row],
            one.estimated[row],
            one.posts[row],
        )
        changes += summed([several], account[post], topic)
    return changes


def write(connection: Connection, table: str, fourth: str, changes: Iterable[Change]) -> None:
    """Add changes to the rows of a table of totals; rows that no post adds to any more vanish."""
    rows = list(changes)
    if not rows:
        return
    key = ("axis", "day", "account_id", fourth, "metric")
    bulk.add(connection, table, key, ("value", "estimated", "posts"), rows)
    gone = [row[:5] for row in rows if row[7] < 0]
    if gone:
        bulk.delete(connection, table, key, gone, "posts = 0")
