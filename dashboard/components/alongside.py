"""Alongside: what was posted on a topic, and what the portal saw of it, on one time axis."""

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboard.components import chart, db, frame, navigation
from dashboard.figures import alongside as figures
from dashboard.portal_names import EVENTS
from data.queries import alongside, portal
from data.queries.portal_usage import Point

WEEKS = 26


@st.fragment
def show() -> None:
    """The card; nothing where the portal tells of no topic."""
    with frame.guard():
        version = db.version()
        event, topics, last = _topics(version)
        if event is None or last is None:
            return
        with frame.card("Alongside the portal", _subtitle(event), key="alongside"):
            topic = st.selectbox(
                "Topic",
                topics,
                format_func=str.capitalize,
                key="alongside-topic",
                bind="query-params",
            )
            posting, points = _weeks(version, event, topic, last)
            st.markdown(figures.said(posting, points))
            chart.show(
                figures.figure(posting, points),
                figures.frame(posting, points),
                alt=figures.words(topic, posting, points),
                key="alongside",
                height=380,
            )
            frame.note(figures.NO_CAUSE)
            navigation.link("portal", "All of the portal's use")


def _subtitle(event: str) -> str:
    return (
        f"The last {WEEKS} weeks of the portal: engagement by week of publication, and patients "
        f"who {EVENTS[event][1]}"
    )


@st.cache_data(max_entries=4, show_spinner=False)
def _topics(version: str) -> tuple[str | None, list[str], date | None]:
    del version
    with db.read() as session:
        event, topics = alongside.topics(session)
        return event, topics, portal.newest_day(session, alongside.TABLE)


@st.cache_data(max_entries=64, show_spinner=False)
def _weeks(version: str, event: str, topic: str, last: date) -> tuple[pd.DataFrame, list[Point]]:
    del version
    first = last - timedelta(days=7 * WEEKS - 1)
    with db.read() as session:
        return (
            alongside.posting(session, topic, first, last),
            alongside.reading(session, event, topic, first, last),
        )
