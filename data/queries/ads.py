"""What ads cost and brought, by level and by day. Currencies are kept apart, always.

Days are the ad account's. Reach is not here: it adds up over nothing. Missing stays missing:
a sum is of what is known, and NA where nothing is. Results are NA where unlike ones mix.
"""

from datetime import date
from typing import Any, Literal

import pandas as pd
from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from data.models import Account, AdDaily, AdObject
from data.queries.sources import Source, sources
from data.session import Session

Level = Literal["campaign", "adset", "ad"]
LEVELS: tuple[Level, ...] = ("campaign", "adset", "ad")
#: A network restates ad figures for so many days.
RESTATED_DAYS = 28
NUMBERS = ("spend_minor", "impressions", "clicks", "link_clicks", "results")

_ad = aliased(AdObject, name="ad")
_adset = aliased(AdObject, name="adset")
_campaign = aliased(AdObject, name="ad_campaign")


def spend_by(session: Session, level: Level, since: date, until: date) -> pd.DataFrame:
    """Sums of each campaign, ad set or ad and currency, both days included; most spent first.

    Columns: object_id, remote_id, name, campaign, adset, account, status, currency, the
    `NUMBERS` (Int64), result_type (None where unlike ones mix), first_day, last_day,
    captured_at (UTC) and raw_reply_id: those of the oldest reading among the days.
    """
    named = {"campaign": _campaign, "adset": _adset, "ad": _ad}[level]
    query = _tree(
        select(
            col(named.id).label("object_id"),
            col(named.remote_id),
            col(named.name),
            func.max(_campaign.name).label("campaign"),
            func.max(_adset.name).label("adset"),
            func.max(Account.handle).label("account"),
            func.max(named.status).label("status"),
            col(AdDaily.currency),
            *_sums(),
            func.min(AdDaily.raw_reply_id).label("raw_reply_id"),
        ),
        since,
        until,
    ).group_by(col(named.id), col(named.remote_id), col(named.name), col(AdDaily.currency))
    frame = _frame(session, query)
    order = ["spend_minor", "name", "currency"]
    return frame.sort_values(order, ascending=[False, True, True]).reset_index(drop=True)


def spend_by_day(session: Session, since: date, until: date) -> pd.DataFrame:
    """Sums of each day and currency, ascending: day, currency, `NUMBERS`, captured_at."""
    query = _tree(select(col(AdDaily.day), col(AdDaily.currency), *_sums()), since, until)
    frame = _frame(session, query.group_by(col(AdDaily.day), col(AdDaily.currency)))
    kept = frame[["day", "currency", *NUMBERS, "result_type", "captured_at"]]
    return kept.sort_values(["currency", "day"]).reset_index(drop=True)


def ad_days(session: Session, ad_object_id: int, since: date, until: date) -> pd.DataFrame:
    """The days of one campaign, ad set or ad: day, currency, `NUMBERS`, captured_at."""
    below = (
        (col(_ad.id) == ad_object_id)
        | (col(_adset.id) == ad_object_id)
        | (col(_campaign.id) == ad_object_id)
    )
    query = _tree(select(col(AdDaily.day), col(AdDaily.currency), *_sums()), since, until)
    frame = _frame(session, query.where(below).group_by(col(AdDaily.day), col(AdDaily.currency)))
    kept = frame[["day", "currency", *NUMBERS, "result_type", "captured_at"]]
    return kept.sort_values(["currency", "day"]).reset_index(drop=True)


def span(session: Session) -> tuple[date, date] | None:
    """First and last day of any ad figure; None where there are none."""
    first, last = session.execute(select(func.min(AdDaily.day), func.max(AdDaily.day))).one()
    return (first, last) if first else None


def reply_of(session: Session, raw_reply_id: int | None) -> Source | None:
    """The reply a figure came from."""
    return sources(session, (raw_reply_id,)).get(raw_reply_id or 0)


def cost_per_result(frame: pd.DataFrame) -> "pd.Series[float]":
    """Minor units per result; missing where spend or results are, or there were none. Pure."""
    results = frame["results"].astype("Float64").astype(float)
    spend = frame["spend_minor"].astype("Float64").astype(float)
    return spend / results.where(results > 0)


def _sums() -> list[ColumnElement[Any]]:
    types = func.count(AdDaily.result_type.distinct())  # type: ignore[union-attr]
    found: list[ColumnElement[Any]] = [
        cast(func.sum(getattr(AdDaily, name)), BigInteger).label(name)
        for name in NUMBERS
        if name != "results"
    ]
    return [
        *found,
        case((types <= 1, cast(func.sum(AdDaily.results), BigInteger)), else_=None).label(
            "results"
        ),
        case((types == 1, func.max(AdDaily.result_type)), else_=None).label("result_type"),
        func.min(AdDaily.day).label("first_day"),
        func.max(AdDaily.day).label("last_day"),
        func.min(AdDaily.captured_at).label("captured_at"),
    ]


def _tree(query: Select, since: date, until: date) -> Select:  # type: ignore[type-arg]
    """Ad days with their ad, ad set and campaign. An ad may hang below its campaign directly."""
    at_top = and_(
        col(_campaign.level) == "campaign",
        col(_campaign.id) == func.coalesce(_adset.parent_id, _ad.parent_id),
    )
    return (
        query.select_from(AdDaily)
        .join(_ad, col(_ad.id) == AdDaily.ad_object_id)
        .join(Account, col(Account.id) == _ad.account_id)
        .outerjoin(_adset, and_(col(_adset.id) == _ad.parent_id, col(_adset.level) == "adset"))
        .outerjoin(_campaign, at_top)
        .where(col(AdDaily.day) >= since, col(AdDaily.day) <= until)
    )


def _frame(session: Session, query: Select) -> pd.DataFrame:  # type: ignore[type-arg]
    result = session.execute(query)
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    for name in NUMBERS:
        frame[name] = pd.to_numeric(frame[name]).astype("Int64")
    frame["captured_at"] = pd.to_datetime(frame["captured_at"], utc=True)
    return frame
