"""What the page Overview reads: three statements on the daily rollups, never on snapshots.

Each walks the primary key of a rollup, so that it costs the same at 1 and at 10 million
snapshots. Rows go straight into arrays: no objects in between.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import text

from data.session import Session

METRICS = ("engagement", "rated_engagement", "rated_over", "clicks")

_SUMS = ", ".join(f"sum(CASE WHEN metric = '{name}' THEN value END) AS {name}" for name in METRICS)
_NAMES = ", ".join(f"'{name}'" for name in METRICS)
_DAILY = text(
    f"SELECT day, account_id, {_SUMS}, "  # noqa: S608 - names from the registry
    "sum(CASE WHEN metric = 'engagement' THEN estimated END) AS estimated "
    "FROM engagement_daily WHERE axis = :axis AND day BETWEEN :first AND :last "
    f"AND metric IN ({_NAMES}) GROUP BY day, account_id ORDER BY day, account_id"
)
_POSTS = text(
    "SELECT day, account_id, sum(value) AS posts FROM engagement_daily "
    "WHERE axis = 'published' AND day BETWEEN :first AND :last AND metric = 'posts' "
    "AND kind <> 'retweet' GROUP BY day, account_id ORDER BY day, account_id"
)
_FOLLOWERS = text(
    "SELECT day, account_id, value AS followers FROM account_daily "
    "WHERE metric = 'followers' AND day BETWEEN :first AND :last ORDER BY day, account_id"
)
_SPEND = text(
    "SELECT day, currency, sum(spend_minor) AS spend_minor FROM ad_daily "
    "WHERE day BETWEEN :first AND :last GROUP BY day, currency ORDER BY day, currency"
)
_ACCOUNTS = text("SELECT id, network FROM account")


@dataclass(frozen=True)
class Overview:
    """Tidy frames by day. A day without a row has nothing; a missing figure is NaN.

    daily: day, network, engagement, rated_engagement, rated_over, clicks, estimated (the part
    of engagement that was spread over several days). posts: day, network, posts (published,
    reposts of others left out). followers: day, account_id, network, followers. spend: day,
    currency, spend_minor.
    """

    daily: pd.DataFrame
    posts: pd.DataFrame
    followers: pd.DataFrame
    spend: pd.DataFrame


def overview(session: Session, *, axis: str, first: date, last: date) -> Overview:
    """Everything between two days of the practice (both included), on one time axis."""
    networks = {row[0]: row[1] for row in session.connection().execute(_ACCOUNTS)}
    days = {"first": first.isoformat(), "last": last.isoformat()}
    if session.connection().dialect.name != "sqlite":
        days = {"first": first, "last": last}  # type: ignore[dict-item]
    return Overview(
        daily=_frame(session, _DAILY, {**days, "axis": axis}, networks),
        posts=_frame(session, _POSTS, days, networks),
        followers=_frame(session, _FOLLOWERS, days, networks),
        spend=_frame(session, _SPEND, days, None),
    )


def _frame(
    session: Session, statement: Any, values: dict[str, Any], networks: dict[int, str] | None
) -> pd.DataFrame:
    """Rows as columns: `day` as datetime64, `account_id` joined by its network, figures float."""
    result = session.connection().execute(statement, values)
    names = list(result.keys())
    columns: list[tuple[Any, ...]] = list(zip(*result.all(), strict=True)) or [()] * len(names)
    frame: dict[str, Any] = {}
    for name, column in zip(names, columns, strict=True):
        if name == "day":
            frame[name] = np.array(column, dtype="datetime64[D]").astype("datetime64[s]")
        elif name == "account_id":
            frame[name] = np.array(column, dtype=np.int64)
            frame["network"] = np.array([(networks or {})[key] for key in column], dtype=object)
        elif name == "currency":
            frame[name] = np.array(column, dtype=object)
        else:
            frame[name] = np.array(column, dtype=np.float64)
    return pd.DataFrame(frame)
