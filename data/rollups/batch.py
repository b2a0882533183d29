"""Many snapshots at once as arrays, and which of them the short way may take.

The short way adds a snapshot to the totals from `post_latest` alone. It holds for posts whose
snapshots are appended, in order, each with the same metrics, all known before or none. All
other posts (late rows, repeated ones, a metric that comes or comes back, retweets) are folded
anew from all their snapshots.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from data.metrics import POST_METRIC_NAMES
from data.rollups.days import Ints

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: (captured_at in microseconds since 1970, post_id, raw_reply_id, *counters), the counters in
#: the order of POST_METRIC_NAMES.
Row = tuple[int | None, ...]

#: Beyond this a float is no longer every whole number.
_EXACT = float(2**53)
_BITS = 1 << np.arange(len(POST_METRIC_NAMES), dtype=np.int64)
_COUNTERS = ", ".join(f"l.{name}" for name in POST_METRIC_NAMES)


@dataclass(frozen=True)
class Posts:
    """The distinct posts of a batch, ascending; arrays of the same length.

    `state` holds NaN where a counter is not known; `captured` is -1 where there is no
    snapshot yet. `known`, `carried` and `counted` are sets of bits as in `post_latest`.
    """

    ids: Ints
    account: Ints
    kind: list[str]
    published: Ints
    turn: Ints
    captured: Ints
    carried: Ints
    counted: Ints
    state: Floats

    @property
    def known(self) -> Ints:
        """Which counters are known, as bits."""
        return bits(~np.isnan(self.state))


@dataclass(frozen=True)
class Batch:
    """Snapshots sorted by post and time. `post` is the index into `posts`."""

    rows: list[Row]
    post: Ints
    captured: Ints
    counters: Floats
    posts: Posts

    @property
    def first(self) -> Bools:
        """Whether a row is its post's first in the batch."""
        return np.concatenate(([True], self.post[1:] != self.post[:-1]))

    def only(self, keep: Bools) -> "Batch":
        """The rows of the posts that `keep` (over posts) says."""
        chosen = keep[self.post]
        place = np.cumsum(keep) - 1
        rows = [row for row, kept in zip(self.rows, chosen.tolist(), strict=True) if kept]
        return Batch(
            rows,
            place[self.post[chosen]],
            self.captured[chosen],
            self.counters[chosen],
            _only(self.posts, keep),
        )


def bits(known: Bools) -> Ints:
    """Rows of booleans over counters -> sets of bits."""
    packed: Ints = known @ _BITS
    return packed


def make_batch(connection: Connection, rows: Sequence[Row]) -> Batch:
    """Sort the rows and read what `post` and `post_latest` know of their posts."""
    table = np.array(rows, dtype=np.float64)
    order = np.lexsort((table[:, 0], table[:, 1]))
    table = table[order]
    ordered = [rows[place] for place in order.tolist()]
    ids, post = np.unique(table[:, 1].astype(np.int64), return_inverse=True)
    posts = _read(connection, ids)
    return Batch(ordered, post.astype(np.int64), table[:, 0].astype(np.int64), table[:, 3:], posts)


def regular(batch: Batch) -> Bools:
    """Of each post of the batch, whether the short way holds."""
    posts, count = batch.posts, len(batch.posts.ids)
    measured = bits(~np.isnan(batch.counters))
    first = batch.first
    starts = np.flatnonzero(first)
    seen = posts.captured >= 0
    good: Bools = np.array([kind != "retweet" for kind in posts.kind], dtype=np.bool_)
    good &= batch.captured[starts] > posts.captured
    mask = measured[starts]
    good &= np.where(seen, (mask & ~posts.known) == 0, True)
    good &= (mask & posts.carried) == 0
    good &= seen | (batch.captured[starts] >= posts.published)
    bad = ~first & (measured != mask[batch.post])
    bad |= ~first & np.concatenate(([False], batch.captured[1:] <= batch.captured[:-1]))
    with np.errstate(invalid="ignore"):
        bad |= (np.abs(batch.counters) >= _EXACT).any(axis=1)
        good &= ~(np.abs(posts.state) >= _EXACT).any(axis=1)
    good &= np.bincount(batch.post[bad], minlength=count) == 0
    return good


def _read(connection: Connection, ids: Ints) -> Posts:
    sqlite = connection.dialect.name == "sqlite"
    wanted: Any = "[" + ",".join(map(str, ids.tolist())) + "]" if sqlite else ids.tolist()
    among = "IN (SELECT value FROM json_each(?))" if sqlite else "= ANY(%s)"
    micros = "{}" if sqlite else "CAST(extract(epoch FROM {}) * 1000000 AS bigint)"
    found = connection.exec_driver_sql(
        f"SELECT p.id, p.account_id, {micros.format('p.published_at')}, "  # noqa: S608 - own names
        f"coalesce({micros.format('l.captured_at')}, -1), coalesce(l.carried, 0), "
        f"coalesce(l.counted, 0), p.kind, p.remote_id, {_COUNTERS} "
        f"FROM post p LEFT JOIN post_latest l ON l.post_id = p.id WHERE p.id {among} ORDER BY p.id",
        (wanted,),
    ).fetchall()
    if len(found) != len(ids):
        raise LookupError(f"{len(ids) - len(found)} snapshots of posts that are not stored")
    whole = np.array([row[:6] for row in found], dtype=np.int64)
    return Posts(
        ids=ids,
        account=whole[:, 1],
        kind=[row[6] for row in found],
        published=whole[:, 2],
        turn=np.array([crc32(row[7].encode()) for row in found], dtype=np.int64),
        captured=whole[:, 3],
        carried=whole[:, 4],
        counted=whole[:, 5],
        state=np.array([row[8:] for row in found], dtype=np.float64),
    )


def _only(posts: Posts, keep: Bools) -> Posts:
    return Posts(
        ids=posts.ids[keep],
        account=posts.account[keep],
        kind=[kind for kind, kept in zip(posts.kind, keep.tolist(), strict=True) if kept],
        published=posts.published[keep],
        turn=posts.turn[keep],
        captured=posts.captured[keep],
        carried=posts.carried[keep],
        counted=posts.counted[keep],
        state=posts.state[keep],
    )
