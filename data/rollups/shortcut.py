"""The short way: what appended snapshots add to the totals, from the latest stand alone.

It computes the same as `data.rollups.contributions.fold`, for a whole batch with arrays; a
property test holds the two equal. Matrices have one column per ROLLUP_METRICS.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.metrics import (
    BY_NAME,
    ENGAGEMENT_GROUPS,
    POST_METRIC_NAMES,
    RATE_OVER,
    ROLLUP_METRICS,
)
from data.rollups.batch import Batch, Bools, bits
from data.rollups.contributions import FRESH, PLACE
from data.rollups.days import Ints, closing_day_numbers, day_numbers

#: Columns of the additive counters: in POST_METRIC_NAMES, and in ROLLUP_METRICS.
_ADDITIVE = [
    place for place, name in enumerate(POST_METRIC_NAMES) if "posts" in BY_NAME[name].additive
]
_NAMES = [POST_METRIC_NAMES[place] for place in _ADDITIVE]
_PLACES = np.array([PLACE[name] for name in _NAMES], dtype=np.int64)
_WIDTH = len(ROLLUP_METRICS)
_BITS = 1 << np.arange(_WIDTH, dtype=np.int64)
_FRESH = int(FRESH.total_seconds()) * 1_000_000
_ENGAGEMENT = PLACE["engagement"]
_RATED = PLACE["rated_engagement"]
_OVER = PLACE["rated_over"]


@dataclass(frozen=True)
class Parts:
    """Changes per post and day. `post` is the index into the batch's posts."""

    happened: bool
    post: Ints
    day: Ints  # since 1970
    value: Ints
    estimated: Ints
    posts: Ints


@dataclass(frozen=True)
class Rates:
    """Per post, by the metrics known of it: which make up engagement, and the denominator."""

    chosen: Bools  # over the additive counters
    over: Ints  # the denominator's column among them, -1: none


def parts(batch: Batch, networks: dict[int, str], zone: str) -> tuple[Parts, Parts, Ints]:
    """The parts by day it happened, by day published, and the new `counted` of each post."""
    batch = _thinned(batch, zone)
    measured = ~np.isnan(batch.counters)
    first = np.flatnonzero(batch.first)
    rates = _rates(batch, networks, batch.posts.known | bits(measured[first]))
    happened, counted = _happened(batch, measured[:, _ADDITIVE], rates, zone)
    return happened, _published(batch, measured, rates, zone), counted


def _thinned(batch: Batch, zone: str) -> Batch:
    """Without the captures between the first and the last of a post's day.

    Differences within a day add up to that between its ends: nothing is lost.
    """
    group = batch.post * (1 << 32) + closing_day_numbers(batch.captured, zone)
    edge = group[1:] != group[:-1]
    kept = np.flatnonzero(np.concatenate(([True], edge)) | np.concatenate((edge, [True])))
    rows = [batch.rows[place] for place in kept.tolist()]
    return replace(
        batch,
        rows=rows,
        post=batch.post[kept],
        captured=batch.captured[kept],
        counters=batch.counters[kept],
    )


def _rates(batch: Batch, networks: dict[int, str], known: Ints) -> Rates:
    accounts = batch.posts.account
    keys, place = np.unique(np.stack((accounts, known)), axis=1, return_inverse=True)
    chosen = np.zeros((keys.shape[1], len(_NAMES)), dtype=np.bool_)
    over = np.full(keys.shape[1], -1, dtype=np.int64)
    for row, (account, mask) in enumerate(keys.T.tolist()):
        names = {name for bit, name in enumerate(POST_METRIC_NAMES) if mask >> bit & 1}
        for group in ENGAGEMENT_GROUPS:
            name = next((one for one in group if one in names), None)
            if name is not None:
                chosen[row, _NAMES.index(name)] = True
        denominator = RATE_OVER.get(networks[account])
        if denominator in names:
            over[row] = _NAMES.index(denominator)
    place = place.reshape(-1)
    return Rates(chosen[place], over[place])


def _happened(batch: Batch, measured: Bools, rates: Rates, zone: str) -> tuple[Parts, Ints]:
    posts, post = batch.posts, batch.post
    counters = _whole(batch.counters[:, _ADDITIVE])
    first = batch.first
    starts = np.flatnonzero(first)
    seen = posts.captured >= 0
    before = np.concatenate((counters[:1], counters[:-1]))
    before[starts] = np.where(seen[:, None], _whole(posts.state[:, _ADDITIVE]), 0)
    day = closing_day_numbers(batch.captured, zone)
    begins = day_numbers(batch.captured, zone)
    since = np.concatenate((begins[:1], begins[:-1]))
    since[starts] = day_numbers(np.where(seen, posts.captured, posts.published), zone)
    since = np.minimum(since, day)
    fresh = batch.captured - posts.published[post] <= _FRESH
    told = ~first | seen[post] | fresh
    since = np.where(told, since, day)  # an opening stand has no days to be spread over
    measured = measured & told[:, None]
    difference = np.where(measured, counters - before, 0)

    row, into, value, days = _spread(difference, since, day, posts.turn[post])
    known = measured[row]
    value, known = _derive(np.where(known, value, 0), known, rates, post[row])
    group = post[row] * (1 << 32) + into
    edges = np.flatnonzero(np.concatenate(([True], group[1:] != group[:-1])))
    summed = np.add.reduceat(value, edges, axis=0)
    estimated = np.add.reduceat(value * (days > 1)[:, None], edges, axis=0)
    counts = np.logical_or.reduceat(known, edges, axis=0)
    of, on = post[row][edges], into[edges]
    latest_day = closing_day_numbers(posts.captured, zone)  # of a post that was not seen: unused
    already = np.where(seen[of] & (on == latest_day[of]), posts.counted[of], 0)
    new = counts & ((already[:, None] & _BITS) == 0)
    happened = Parts(True, of, on, summed, estimated, new.astype(np.int64))
    return happened, _counted(counts, already, of)


def _counted(counts: Bools, already: Ints, of: Ints) -> Ints:
    """Of each post the bits on its last day: its last group, for days only go forward."""
    last = np.concatenate((of[1:] != of[:-1], [True]))
    return ((counts @ _BITS) | already)[last]


def _spread(
    difference: Ints, since: Ints, until: Ints, turn: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """Rows x days: (row, day, value, days of the row), as `contributions.spread` does."""
    days = until - since + 1
    row = np.repeat(np.arange(len(days), dtype=np.int64), days)
    position = np.arange(len(row), dtype=np.int64) - np.repeat(np.cumsum(days) - days, days)
    several = np.flatnonzero(days[row] > 1)
    value = difference[row]
    if several.size:
        of, count = row[several], days[row[several]][:, None]
        each, odd = np.divmod(difference[of], count)
        place = position[several][:, None] - turn[of][:, None] - _PLACES
        value[several] = each + (place % count < odd)
    return row, since[row] + position, value, days[row]


def _derive(value: Ints, known: Bools, rates: Rates, post: Ints) -> tuple[Ints, Bools]:
    """Add the columns of engagement and of its rate to those of the counters."""
    wide = np.zeros((len(value), _WIDTH), dtype=np.int64)
    wide_known = np.zeros((len(value), _WIDTH), dtype=np.bool_)
    wide[:, _PLACES], wide_known[:, _PLACES] = value, known
    chosen = known & rates.chosen[post]
    wide[:, _ENGAGEMENT] = (value * chosen).sum(axis=1)
    wide_known[:, _ENGAGEMENT] = chosen.any(axis=1)
    over = rates.over[post]
    index = np.arange(len(value))
    rated = (over >= 0) & known[index, over] & wide_known[:, _ENGAGEMENT]
    wide[:, _RATED] = np.where(rated, wide[:, _ENGAGEMENT], 0)
    wide[:, _OVER] = np.where(rated, value[index, over], 0)
    wide_known[:, _RATED] = wide_known[:, _OVER] = rated
    return wide, wide_known


def _published(batch: Batch, measured: Bools, rates: Rates, zone: str) -> Parts:
    posts = batch.posts
    last = np.flatnonzero(np.concatenate((batch.post[1:] != batch.post[:-1], [True])))
    seen = posts.captured >= 0
    after = np.where(measured[last], batch.counters[last], posts.state)
    index = np.arange(len(posts.ids), dtype=np.int64)
    new = _derive(*_known(after), rates, index)
    old = _derive(*_known(posts.state), rates, index)
    return Parts(
        False,
        index,
        day_numbers(posts.published, zone),
        new[0] - old[0],
        np.zeros_like(new[0]),
        new[1].astype(np.int64) - (old[1] & seen[:, None]),
    )


def _known(state: NDArray[np.float64]) -> tuple[Ints, Bools]:
    chosen = state[:, _ADDITIVE]
    return _whole(chosen), ~np.isnan(chosen)


def _whole(counters: NDArray[np.float64]) -> Ints:
    return np.nan_to_num(counters, nan=0.0).astype(np.int64)
