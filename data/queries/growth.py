"""How a post's figure grew with its age, against what is typical of its account.

A value at an age is read between two snapshots by a straight line, only where they are near
enough to each other: at most as far apart as the earlier one is old, plus a day. A post
counts from nothing at age 0 only where its first snapshot was taken within 24 hours: an
older first snapshot is its opening stand, and how it got there is not known.
"""

from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import select
from sqlmodel import col

from data.metrics import ENGAGEMENT_GROUPS, POST_METRIC_NAMES
from data.models import Post, PostSnapshot
from data.queries.posts import engagement_of
from data.session import Session

Numbers = npt.NDArray[np.float64]

MOST_POSTS = 200
FEWEST_POSTS = 8
LEAST_SHARE = 0.25  # of the posts known at the best known age: other posts are another curve
DAY = 24.0
#: Ages in hours at which curves are compared.
AGES: tuple[float, ...] = (
    1, 2, 3, 4, 6, 9, 12, 18, 24, 36, 48, 72, 96, 120, 144, 168,
    240, 336, 504, 720, 1080, 1440, 1920,
)  # fmt: skip


def growth_frame(
    session: Session, account_id: int, metric: str, post_id: int | None = None
) -> pd.DataFrame:
    """Snapshots of the account's newest `MOST_POSTS` posts and of `post_id`.

    Columns: post_id, age_hours (float), value (float; engagement or a post metric). An absent
    metric keeps its last value; retweets of others are left out.
    """
    ids = _compared(session, account_id)
    if post_id is not None:
        ids = sorted({*ids, post_id})
    wanted = _columns(metric)
    query = (
        select(
            col(PostSnapshot.post_id),
            col(Post.published_at),
            col(PostSnapshot.captured_at),
            *(getattr(PostSnapshot, name) for name in wanted),
        )
        .join(Post, col(Post.id) == PostSnapshot.post_id)
        .where(col(PostSnapshot.post_id).in_(ids))
        .order_by(col(PostSnapshot.post_id), col(PostSnapshot.captured_at))
    )
    rows = session.execute(query).all()
    frame = pd.DataFrame(rows, columns=["post_id", "published_at", "captured_at", *wanted])
    return _aged(frame, metric, wanted)


def curve(frame: pd.DataFrame, post_id: int) -> pd.DataFrame:
    """One post's own points, from `growth_frame`: columns age_hours, value."""
    own = frame.loc[frame["post_id"] == post_id, ["age_hours", "value"]]
    return own.reset_index(drop=True)


def typical(
    frame: pd.DataFrame,
    leave_out: int | None = None,
    ages: tuple[float, ...] = AGES,
    fewest: int = FEWEST_POSTS,
) -> pd.DataFrame:
    """Median and 10–90 % band at each age that enough (`fewest`) posts are known at. Pure.

    Takes `growth_frame`; gives age_hours, low, median, high, posts. `leave_out` is the post
    that is compared, so that it is not measured against itself.
    """
    at_ages = [
        values_at(one["age_hours"].to_numpy(float), one["value"].to_numpy(float), ages)
        for post_id, one in frame.groupby("post_id", sort=True)
        if post_id != leave_out
    ]
    columns = ["age_hours", "low", "median", "high", "posts"]
    if not at_ages:
        return pd.DataFrame(columns=columns, dtype=float)
    table = np.vstack(at_ages)
    known = (~np.isnan(table)).sum(axis=0)
    enough = known >= max(fewest, LEAST_SHARE * known.max())
    if not enough.any():
        return pd.DataFrame(columns=columns, dtype=float)
    low, median, high = np.nanquantile(table[:, enough], (0.1, 0.5, 0.9), axis=0)
    return pd.DataFrame(
        {
            "age_hours": np.asarray(ages)[enough],
            "low": low,
            "median": median,
            "high": high,
            "posts": known[enough],
        }
    )


def values_at(
    hours: Numbers,
    values: Numbers,
    ages: tuple[float, ...],
) -> Numbers:
    """A post's value at each age, NaN where it is not known. Pure; `hours` ascend."""
    if not len(hours):
        return np.full(len(ages), np.nan)
    if 0 < hours[0] <= DAY:
        hours, values = np.append(0.0, hours), np.append(0.0, values)
    wanted = np.asarray(ages, dtype=float)
    result: Numbers = np.interp(wanted, hours, values, left=np.nan, right=np.nan)
    after = np.clip(np.searchsorted(hours, wanted, side="left"), 1, max(len(hours) - 1, 1))
    if len(hours) > 1:
        before = after - 1
        too_far = (hours[after] - hours[before]) > hours[before] + DAY
        exact = np.isin(wanted, hours)
        result[too_far & ~exact] = np.nan
    return result


def _compared(session: Session, account_id: int) -> list[int]:
    query = (
        select(col(Post.id))
        .where(col(Post.account_id) == account_id, col(Post.kind) != "retweet")
        .order_by(col(Post.published_at).desc())
        .limit(MOST_POSTS)
    )
    return sorted(session.execute(query).scalars())


def _columns(metric: str) -> list[str]:
    if metric == "engagement":
        return [name for group in ENGAGEMENT_GROUPS for name in group]
    if metric not in POST_METRIC_NAMES:
        raise ValueError(f"no metric {metric}")
    return [metric]


def _aged(frame: pd.DataFrame, metric: str, wanted: list[str]) -> pd.DataFrame:
    published = pd.to_datetime(frame["published_at"], utc=True)
    captured = pd.to_datetime(frame["captured_at"], utc=True)
    counters = frame[["post_id", *wanted]].astype("Int64")
    kept = counters.groupby("post_id")[wanted].ffill()
    value = engagement_of(kept) if metric == "engagement" else kept[metric]
    tidy = pd.DataFrame(
        {
            "post_id": frame["post_id"].astype("int64"),
            "age_hours": (captured - published) / timedelta(hours=1),
            "value": value.astype("Float64").astype(float),
        }
    )
    known = tidy["value"].notna() & (tidy["age_hours"] >= 0)
    return tidy[known].reset_index(drop=True)
