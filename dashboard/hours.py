"""The hours of the week in which posts went out, for the chart of them. Pure."""

import numpy as np
import pandas as pd

from dashboard.shape import COLUMNS, PER, REACH, Measure, Values


def hours(posts: pd.DataFrame, what: Measure) -> pd.DataFrame:
    """Columns weekday (0 Monday), hour, value (mean a post, or the rate), posts.

    `posts` as `posts_between` gives them. Posts of which nothing is known do not count.
    """
    if what.over == REACH:
        return _median_hours(posts)
    top, over = _parts(posts, what)
    known = ~np.isnan(top) & (over > 0)
    at = posts["at"].dt
    cell = (at.day_of_week.to_numpy() * 24 + at.hour.to_numpy())[known].astype(np.int64)
    tops, overs, counts = (
        np.bincount(cell, weights=weights, minlength=168)
        for weights in (top[known], over[known], np.ones(len(cell)))
    )
    cells = np.flatnonzero(counts)
    value = tops[cells] / overs[cells] * (PER if what.over is not None else 1)
    return pd.DataFrame(
        {
            "weekday": cells // 24,
            "hour": cells % 24,
            "value": counts[cells] if what.name == "Posts" else value,
            "posts": counts[cells].astype(np.int64),
        }
    )


def _median_hours(posts: pd.DataFrame) -> pd.DataFrame:
    """By reach: the median over an hour's posts, for reach adds up over nothing."""
    rate = posts["engagement"] / posts["reach"].where(posts["reach"] > 0) * PER
    at = posts["at"].dt
    cells = [at.day_of_week.rename("weekday"), at.hour.rename("hour")]
    made = rate.groupby(cells).agg(value="median", posts="count").reset_index()
    return made[made["posts"] > 0].reset_index(drop=True)


def _parts(posts: pd.DataFrame, what: Measure) -> tuple[Values, Values]:
    """What is summed and what it is divided by, post for post."""
    one = np.ones(len(posts))
    if what.over is not None:
        return (
            posts["engagement"].to_numpy(dtype=np.float64),
            np.nan_to_num(posts["over"].to_numpy(dtype=np.float64)),
        )
    if what.name == "Posts":
        return one, one
    return posts[COLUMNS[what.name]].to_numpy(dtype=np.float64), one
