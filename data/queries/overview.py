"""What the page Overview reads: three statements on the daily rollups, never on snapshots.

Each walks the primary key of a rollup, so that it costs the same at 1 and at 10 million
snapshots. Rows go straight into arrays: no objects in between.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection
from sqlmodel import text

from data.session import Session

METRICS = ("engagement", "rated_engagement", "rated_over", "clicks")

_SUMS = ", ".join(f"sum(CASE WHEN metric = '{name}' THEN value END) AS {name}" for name in METRICS)
_NAMES = ", ".join(f"'{name}'" for name in METRICS)
DAILY = text(
    f"SELECT day, account_id, {_SUMS}, "  # noqa: S608 - names from the registry
    "sum(CASE WHEN metric = 'engagement' THEN estimated END) AS estimated "
    "FROM engagement_daily WHERE axis = :axis AND day BETWEEN :first AND :last "
    f"AND metric IN ({_NAMES}) GROUP BY day, account_id ORDER BY day, account_id"
)
POSTS = text(
    "SELECT day, account_id, sum(value) AS posts FROM engagement_daily "
    "WHERE axis = 'published' AND day BETWEEN :first AND :last AND metric = 'posts' "
    "AND kind <> 'retweet' GROUP BY day, account_id ORDER BY day, account_id"
)
FOLLOWERS = text(
    "SELECT day, account_id, value AS followers FROM account_daily "
    "WHERE account_id IN (SELECT id FROM account) AND day BETWEEN :first AND :last "
    "AND metric = 'followers' ORDER BY day, account_id"
)
SPEND = text(
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
    connection = session.connection()
    networks = dict(connection.execute(_ACCOUNTS).cursor.fetchall())
    days: dict[str, Any] = {"first": first, "last": last}
    if connection.dialect.name == "sqlite":  # its days are text
        days = {name: day.isoformat() for name, day in days.items()}
    return Overview(
        daily=_frame(connection, DAILY, {**days, "axis": axis}, networks),
        posts=_frame(connection, POSTS, days, networks),
        followers=_frame(connection, FOLLOWERS, days, networks),
        spend=_frame(connection, SPEND, days, networks),
    )


def _frame(
    connection: Connection, statement: Any, values: dict[str, Any], networks: dict[int, str]
) -> pd.DataFrame:
    """Rows as columns: `day` as datetime64, `account_id` joined by its network, figures float.

    Read from the driver's cursor: a row object for each row would cost as much as the query.
    """
    result = connection.execute(statement, values)
    names = list(result.keys())
    rows = result.cursor.fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    frame: dict[str, Any] = {}
    for name, column in zip(names, columns, strict=True):
        if name == "day":
            frame[name] = np.array(column, dtype="datetime64[D]").astype("datetime64[s]")
        elif name == "account_id":
            ids, codes = np.unique(np.array(column, dtype=np.int64), return_inverse=True)
            frame[name] = ids[codes]
            frame["network"] = _named([networks[int(key)] for key in ids], codes)
        elif name == "currency":
            kinds, codes = np.unique(np.array(column, dtype="U8"), return_inverse=True)
            frame[name] = _named([str(kind) for kind in kinds], codes)
        else:
            frame[name] = np.array(column, dtype=np.float64)
    return pd.DataFrame(frame, copy=False)


def _named(names: list[str], codes: Any) -> Any:
    """A category column of names by codes; several accounts of one network share its name."""
    categories: Any = sorted(set(names))
    places = np.array([categories.index(name) for name in names], dtype=np.int8)
    return pd.Categorical.from_codes(places[codes] if len(places) else codes, categories)
