"""Sum the parts of many posts per row of the totals, and write them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection

from data import bulk
from data.metrics import ROLLUP_METRICS
from data.rollups.contributions import HAPPENED, PUBLISHED
from data.rollups.days import Ints
from data.rollups.shortcut import Parts

_METRICS = np.array(ROLLUP_METRICS, dtype=object)

#: (axis, ISO day, account, kind or topic, metric, value, estimated, posts)
Change = tuple[Any, ...]


def summed(parts: Sequence[Parts], account: Ints, fourth: Ints) -> Iterator[Change]:
    """Parts -> changes per row. `account` and `fourth` (kind or topic) are over the posts."""
    for one in parts:
        keep = (one.value != 0).any(axis=1) | (one.posts != 0).any(axis=1)
        if not keep.any():
            continue
        post = one.post[keep]
        keys = np.stack((one.day[keep], account[post], fourth[post]))
        yield from _per_row(one, keep, keys)


def _per_row(one: Parts, keep: Any, keys: Ints) -> Iterator[Change]:
    order = np.lexsort(keys[::-1])
    keys = keys[:, order]
    edges = np.flatnonzero(np.concatenate(([True], (keys[:, 1:] != keys[:, :-1]).any(axis=0))))
    value, estimated, posts = (
        np.add.reduceat(table[keep][order], edges, axis=0)
        for table in (one.value, one.estimated, one.posts)
    )
    row, metric = np.nonzero((value != 0) | (estimated != 0) | (posts != 0))
    days, accounts, fourths = keys[:, edges]
    return zip(
        [HAPPENED if one.happened else PUBLISHED] * len(row),
        days.astype("datetime64[D]").astype(str).astype(object)[row].tolist(),
        accounts[row].tolist(),
        fourths[row].tolist(),
        _METRICS[metric].tolist(),
        value[row, metric].tolist(),
        estimated[row, metric].tolist(),
        posts[row, metric].tolist(),
        strict=True,
    )


def by_topic(parts: Sequence[Parts], post: Ints, topic: Ints, account: Ints) -> Iterator[Change]:
    """The same per topic; (`post`, `topic`) are pairs, `post` ascending."""
    first = np.searchsorted(post, np.arange(len(account)))
    count = np.bincount(post, minlength=len(account)).astype(np.int64)
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
        yield from summed([several], account[post], topic)


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
