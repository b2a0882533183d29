"""The row of filters, bound to the address so that a view can be sent to a colleague."""

from datetime import date, timedelta

import streamlit as st

from dashboard import filters as rules
from dashboard.components import db
from dashboard.filters import ALL, AXES, COMPARES, PERIODS, Filters
from dashboard.theme import kind_label, network_label
from data.clock import local_day
from data.models import Practice
from data.queries import engagement as queries


@st.cache_data(max_entries=8, show_spinner=False)
def _choices(version: str) -> queries.Choices:
    del version
    with db.read() as session:
        return queries.choices(session)


def choose(
    practice: Practice,
    *,
    network: bool = True,
    topic: bool = False,
    kind: bool = False,
    axis: bool = False,
    compares: bool = True,
    version: str | None = None,
) -> Filters:
    """Draw the filters a page has and return the valid choice. Refused: a bad custom period.

    `version` is `db.version()` where the caller has it already.
    """
    today = db.today(practice)
    found = _choices(version or db.version())
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="rw-filters"):
        period = st.segmented_control(
            "Period",
            PERIODS,
            default=PERIODS[0],
            required=True,
            key="period",
            bind="query-params",
        )
        dates = _dates(today) if period == "Custom" else ()
        compare = _select("Compare with", COMPARES, "compare", width=160) if compares else None
        chosen = {
            "network": _networks(found) if network else None,
            "topic": _select("Topic", (ALL, *found.topics), "topic", width=170) if topic else None,
            "kind": _kinds(found) if kind else None,
        }
        chosen["axis"] = _axis(practice, period, today) if axis else None
    return rules.resolve(today, period=period, compare=compare, dates=dates, **chosen)


def _select(
    label: str, options: tuple[str, ...], key: str, *, width: int, disabled: bool = False
) -> str | None:
    return st.selectbox(
        label, options, key=key, bind="query-params", width=width, disabled=disabled
    )


def _networks(found: queries.Choices) -> str | None:
    by_label = {network_label(name): name for name in found.networks}
    picked = _select("Network", (ALL, *by_label), "network", width=140)
    return by_label.get(picked or ALL)


def _kinds(found: queries.Choices) -> str | None:
    by_label = {kind_label(name): name for name in found.kinds}
    picked = _select("Kind", (ALL, *by_label), "kind", width=140)
    return by_label.get(picked or ALL)


def _axis(practice: Practice, period: str | None, today: date) -> str | None:
    since = practice.collecting_since
    default = rules.default_axis(
        today,
        rules.days_of(period, today),
        local_day(since, practice.zone) if since else None,
    )
    return st.segmented_control(
        "Time axis",
        AXES,
        default=default,
        required=True,
        key="axis",
        bind="query-params",
        help="Day published: a post's newest figures stand on the day it was published. "
        "Day it happened: what was added on each day since collecting began.",
    )


def _dates(today: date) -> tuple[date, ...]:
    picked = st.date_input(
        "Days",
        value=(today - timedelta(days=28), today - timedelta(days=1)),
        max_value=today,
        key="dates",
        bind="query-params",
        format="YYYY-MM-DD",
        width=230,
    )
    return picked if isinstance(picked, tuple) else (picked,) if picked else ()
