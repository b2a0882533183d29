"""What the page Portal reads: released figures alone, kept for each state of the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from dashboard import usage
from dashboard.components import db
from data.queries import portal_sources, portal_usage, telehealth
from data.queries.portal_sources import LeftOut
from data.queries.portal_usage import TOTALS, Coverage, Part, Point
from data.queries.telehealth import PublicQuarter

#: How far back is shown, in days up to the newest one that is released.
SPANS: Mapping[str, int | None] = {"8 weeks": 56, "6 months": 182, "12 months": 364, "All": None}


@dataclass(frozen=True)
class Days:
    """From when to when is shown; `since` is None where all of it is."""

    since: date | None
    until: date


def days(covered: Mapping[str, Coverage], span: str | None) -> Days:
    """The days of a span, which ends with the newest day that any table has."""
    until = max(one.last for one in covered.values())
    back = SPANS.get(span or "")
    return Days(None if back is None else until - timedelta(days=back - 1), until)


@st.cache_data(max_entries=8, show_spinner=False)
def coverage(version: str) -> dict[str, Coverage]:
    """Which tables are released."""
    del version
    with db.read() as session:
        return dict(portal_usage.coverage(session))


@st.cache_data(max_entries=64, show_spinner=False)
def series(version: str, table: str, event: str, shown: Days) -> list[Point]:
    """The event's patients by period."""
    del version
    with db.read() as session:
        return portal_usage.series(session, table, event, shown.since, shown.until)


def by_week(version: str, covered: Mapping[str, Coverage], event: str, shown: Days) -> list[Point]:
    """The event's patients by week, from every table whose cells add up to them."""
    tables = [name for name in TOTALS if name in covered and event in covered[name].events]
    return usage.combined([series(version, name, event, shown) for name in tables])


@st.cache_data(max_entries=128, show_spinner=False)
def parts(
    version: str, table: str, dimension: str, shown: Days, where: tuple[tuple[str, str], ...] = ()
) -> list[Part]:
    """The mean period by the labels of one dimension."""
    del version
    with db.read() as session:
        return portal_usage.parts(
            session, table, dimension, shown.since, shown.until, **dict(where)
        )


@st.cache_data(max_entries=8, show_spinner=False)
def left_out(version: str, shown: Days) -> list[LeftOut]:
    """Releases of these days that are not added, for another holds the same events."""
    del version
    with db.read() as session:
        return portal_sources.left_out(session, None, shown.since, shown.until)


@st.cache_data(max_entries=4, show_spinner=False)
def national(version: str) -> list[PublicQuarter]:
    """Medicare's own series; empty where it was not imported."""
    del version
    with db.read() as session:
        return telehealth.national_share(session)
