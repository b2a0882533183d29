"""The posts behind a day (or week) of the page Engagement."""

from datetime import date, datetime, timedelta

import pandas as pd
import streamlit as st

from dashboard import formats, shape
from dashboard.components import chart, db, frame
from dashboard.filters import Filters
from dashboard.theme import kind_label, network_label
from data.models import Practice
from data.queries import engagement as queries

KEY = "day"


@st.cache_data(max_entries=32, show_spinner=False)
def load(
    version: str,
    zone: str,
    first: date,
    last: date,
    network: str | None,
    kind: str | None,
    topic: str | None,
) -> pd.DataFrame:
    """`queries.posts_between`, kept while the version stands."""
    del version
    with db.read() as session:
        return queries.posts_between(
            session, zone=zone, first=first, last=last, network=network, kind=kind, topic=topic
        )


def pick(day: object) -> None:
    """A bar was clicked: its day goes into the address."""
    st.session_state[KEY] = datetime.fromisoformat(str(day)[:10]).date()


def show(practice: Practice, version: str, filters: Filters) -> None:
    """The choice of a day, by a click or by keyboard, and its posts."""
    step = shape.step(filters)
    with frame.card(key="day"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**Posts of a {'day' if step == 1 else 'week'}**: click a bar, or choose",
                width="content",
            )
            picked = st.date_input(
                "Day" if step == 1 else "First day of the week",
                label_visibility="collapsed",
                value=None,
                key=KEY,
                bind="query-params",
                format="YYYY-MM-DD",
                width=170,
            )
        if not isinstance(picked, date):
            return
        gained = filters.axis == "happened" and step == 1
        _list(
            _gained(practice, filters, picked)
            if gained
            else load(
                version,
                practice.zone,
                picked,
                picked + timedelta(days=step - 1),
                filters.network,
                filters.kind,
                filters.topic,
            ),
            formats.day(picked) if step == 1 else f"the week from {formats.day(picked)}",
            gained,
        )


def _gained(practice: Practice, filters: Filters, day: date) -> pd.DataFrame:
    with db.read() as session:
        return queries.gained_on(
            session,
            zone=practice.zone,
            day=day,
            network=filters.network,
            kind=filters.kind,
            topic=filters.topic,
        )


def _list(made: pd.DataFrame, when: str, gained: bool) -> None:
    what = f"gained engagement on {when}" if gained else f"published on {when}"
    frame.note(f"{len(made) or 'No'} post{'' if len(made) == 1 else 's'} {what}.")
    if made.empty:
        return
    names = [
        "at",
        "network",
        "kind",
        "text",
        *(["gained", "estimated"] if gained else []),
        "engagement",
        "clicks",
        "permalink",
    ]
    table = made.assign(
        network=[network_label(str(name)) for name in made["network"]],
        kind=[kind_label(str(name)) for name in made["kind"]],
    )[names]
    columns = st.column_config
    st.dataframe(
        table,
        hide_index=True,
        alt=f"Posts {what}",
        column_config={
            "at": columns.DatetimeColumn("Published", format="D MMM YYYY, HH:mm"),
            "network": "Network",
            "kind": "Kind",
            "text": columns.TextColumn("Text", width="large"),
            "gained": columns.NumberColumn("Gained that day", format="%d"),
            "estimated": columns.NumberColumn("of it estimated", format="%d"),
            "engagement": columns.NumberColumn("Engagement now", format="%d"),
            "clicks": columns.NumberColumn("Clicks", format="%d"),
            "permalink": columns.LinkColumn("Post", display_text="Open"),
        },
    )
    chart.download(table, key="day-posts")
