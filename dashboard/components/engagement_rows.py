"""What the page Engagement draws, loaded once for each state of the database."""

from datetime import date

import pandas as pd
import streamlit as st

from dashboard import rates, shape
from dashboard.components import day_posts, db
from dashboard.figures.engagement import Rows
from dashboard.filters import Filters
from dashboard.shape import FOLLOWERS, REACH, Measure
from data.queries import coverage, engagement
from data.queries import rates as rate_queries
from data.queries.coverage import Span


def load(zone: str, version: str, filters: Filters, picked: str | None, over: str | None) -> Rows:
    """`picked` names the measure; `over` is what a rate is per, None: what networks name."""
    first = min(filters.start, filters.before_start)
    spans = _spans(version, zone, filters.axis)
    if picked == "Rate" and over is not None:
        what = Measure("Rate", over)
        if over == REACH:
            kept = _reach(zone, version, filters, first)
        else:
            kept = _per_follower(version, filters, spans, first)
    else:
        rows = _daily(version, filters.axis, first, filters.end, filters.topic)
        here = rows if filters.network is None else rows[rows["network"] == filters.network]
        what = shape.measure(picked, here)
        kept = shape.only(rows, filters, what)
    return Rows(kept, what, spans, coverage.together(spans, _networks(filters, what)))


def topics(zone: str, version: str, filters: Filters, rows: Rows) -> pd.DataFrame:
    """The measure by topic over the period, the largest first: topic, value."""
    what, axis, first, last = rows.what, filters.axis, filters.start, filters.end
    if what.over == REACH:
        every = _posts(zone, version, first, last, None)
        posts = shape.only(rates.per_post(every), filters, what)
        return shape.grouped(posts.merge(_topics_of_posts(version), on="post_id"), "topic", what)
    if what.over == FOLLOWERS:
        made = shape.only(_followed_by_topic(version, axis, first, last), filters, what)
        return shape.grouped(made, "topic", what, followers(rows, filters))
    return shape.grouped(
        shape.only(_topics(version, axis, first, last), filters, what), "topic", what
    )


def followers(rows: Rows, filters: Filters) -> float | None:
    """The followers of all days of the period, one denominator for kinds and for topics."""
    if rows.what.over != FOLLOWERS:
        return None
    return float(shape.between(rows.kept, filters.start, filters.end)["rated_over"].sum())


def _networks(filters: Filters, what: Measure) -> tuple[str, ...] | None:
    if filters.network is not None:
        return (filters.network,)
    return what.networks if what.summed else None


def _reach(zone: str, version: str, filters: Filters, first: date) -> pd.DataFrame:
    posts = _posts(zone, version, first, filters.end, filters.topic)
    return shape.only(rates.per_post(posts), filters, Measure("Rate", REACH))


def _posts(zone: str, version: str, first: date, last: date, topic: str | None) -> pd.DataFrame:
    return day_posts.load(version, zone, first, last, None, None, topic)


def _per_follower(
    version: str, filters: Filters, spans: tuple[Span, ...], first: date
) -> pd.DataFrame:
    what = Measure("Rate", FOLLOWERS)
    engaged = _followed(version, filters.axis, first, filters.end, filters.topic)
    every = shape.only(_followers(version, first, filters.end), filters, what)
    return rates.per_follower(shape.only(engaged, filters, what), every, spans)


@st.cache_data(max_entries=64, show_spinner=False)
def _daily(version: str, axis: str, first: date, last: date, topic: str | None) -> pd.DataFrame:
    del version
    with db.read() as session:
        return engagement.daily(session, axis=axis, first=first, last=last, topic=topic)


@st.cache_data(max_entries=8, show_spinner=False)
def _spans(version: str, zone: str, axis: str) -> tuple[Span, ...]:
    del version
    with db.read() as session:
        return coverage.spans(session, axis=axis, zone=zone)


@st.cache_data(max_entries=64, show_spinner=False)
def _topics(version: str, axis: str, first: date, last: date) -> pd.DataFrame:
    del version
    with db.read() as session:
        return engagement.by_topic(session, axis=axis, first=first, last=last)


@st.cache_data(max_entries=16, show_spinner=False)
def _followed(version: str, axis: str, first: date, last: date, topic: str | None) -> pd.DataFrame:
    del version
    with db.read() as session:
        return rate_queries.followed(session, axis=axis, first=first, last=last, topic=topic)


@st.cache_data(max_entries=16, show_spinner=False)
def _followed_by_topic(version: str, axis: str, first: date, last: date) -> pd.DataFrame:
    del version
    with db.read() as session:
        return rate_queries.followed_by_topic(session, axis=axis, first=first, last=last)


@st.cache_data(max_entries=16, show_spinner=False)
def _followers(version: str, first: date, last: date) -> pd.DataFrame:
    del version
    with db.read() as session:
        return rate_queries.followers(session, first=first, last=last)


@st.cache_data(max_entries=4, show_spinner=False)
def _topics_of_posts(version: str) -> pd.DataFrame:
    del version
    with db.read() as session:
        return rate_queries.topics_of_posts(session)
