"""The row of filters, bound to the address so that a view can be sent to a colleague."""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

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


def row() -> AbstractContextManager[Any]:
    """A row of filters; on a phone they wrap."""
    return st.container(horizontal=True, vertical_alignment="bottom", gap="small")


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

    Call it inside `row()`, or alone: then it makes its own. `compares`: whether the page
    compares with another period. `version` is `db.version()` where
    the caller has it already.
    """
    today = db.today(practice)
    found = _choices(version or db.version())
    with row():
        period = st.segmented_control(
            "Period", PERIODS, default=PERIODS[0], required=True, key="period", bind="query-params"
        )
        dates = _dates(today) if period == "Custom" else ()
        compare = _select("Compare with", COMPARES, "compare", width=150) if compares else None
        chosen = {
            "network": _networks(found) if network else None,
            "topic": _select("Topic", (ALL, *found.topics), "topic", width=150) if topic else None,
        }
        by_topic = chosen["topic"] not in (None, ALL)
        chosen["kind"] = _kinds(found, disabled=by_topic) if kind else None
        filters = rules.resolve(today, period=period, compare=compare, dates=dates, **chosen)
        return choose_axis(practice, filters) if axis else filters


def choose_axis(practice: Practice, filters: Filters) -> Filters:
    """Draw the choice of the time axis. Its default is by day published, until
    collecting has run for two of the periods shown."""
    since = practice.collecting_since
    picked = st.segmented_control(
        "Time axis",
        AXES,
        default=rules.default_axis(
            db.today(practice), filters.days, local_day(since, practice.zone) if since else None
        ),
        required=True,
        key="axis",
        bind="query-params",
        help="Day published: a post's newest figures stand on the day it was published. "
        "Day it happened: what was added on each day since collecting began.",
    )
    return replace(filters, axis=rules.axis_name(picked))


def _select(
    label: str,
    options: tuple[str, ...],
    key: str,
    *,
    width: int,
    disabled: bool = False,
    note: str | None = None,
) -> str | None:
    return st.selectbox(
        label, options, key=key, bind="query-params", width=width, disabled=disabled, help=note
    )


def _networks(found: queries.Choices) -> str | None:
    by_label = {network_label(name): name for name in found.networks}
    picked = _select("Network", (ALL, *by_label), "network", width=130)
    return by_label.get(picked or ALL)


def _kinds(found: queries.Choices, *, disabled: bool) -> str | None:
    by_label = {kind_label(name): name for name in found.kinds}
    note = "Totals of one topic know no kind: choose all topics to choose a kind."
    picked = _select(
        "Kind",
        (ALL, *by_label),
        "kind",
        width=130,
        disabled=disabled,
        note=note if disabled else None,
    )
    return None if disabled else by_label.get(picked or ALL)


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
