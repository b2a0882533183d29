"""Engagement: what the posts did, day by day, and what does best."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboard import alts, charts, formats, said, shape
from dashboard.components import chart, day_posts, db, frame, navigation, period
from dashboard.filters import Filters
from dashboard.shape import MEASURES, Measure
from dashboard.theme import kind_label
from data.models import Practice
from data.queries import engagement as queries

HOURS_OVER = timedelta(days=364)  # four weeks have too few posts to tell an hour by
TOPICS_SHOWN = 8


@st.cache_data(max_entries=64, show_spinner=False)
def _daily(version: str, axis: str, first: date, last: date, topic: str | None) -> pd.DataFrame:
    del version
    with db.read() as session:
        return queries.daily(session, axis=axis, first=first, last=last, topic=topic)


@st.cache_data(max_entries=8, show_spinner=False)
def _begins(version: str, axis: str) -> date | None:
    del version
    with db.read() as session:
        return queries.begins(session, axis)


@st.cache_data(max_entries=64, show_spinner=False)
def _topics(version: str, axis: str, first: date, last: date) -> pd.DataFrame:
    del version
    with db.read() as session:
        return queries.by_topic(session, axis=axis, first=first, last=last)


@st.fragment
def _body(practice: Practice) -> None:
    with frame.guard():
        version = db.version()
        with period.row():
            filters = period.choose(practice, topic=True, kind=True, version=version)
        with period.row():
            filters = period.choose_axis(practice, filters)
            picked = _picked(filters)
        first = min(filters.start, filters.before_start)
        rows = _daily(version, filters.axis, first, filters.end, filters.topic)
        what = _measure(rows, filters, picked)
        kept = shape.only(rows, filters, what)
        if kept.empty:
            _nothing(filters)
            return
        left, right = st.columns([5, 3], gap="small")
        with left:
            _totals(kept, filters, what, _begins(version, filters.axis))
        with right:
            _by_topic(version, filters, what)
        day_posts.show(practice, version, filters)
        left, right = st.columns([5, 3], gap="small")
        with left:
            _by_network(kept, filters, what)
        with right:
            _by_kind(kept, filters, what)
        _hours(practice, version, filters, what)


def _picked(filters: Filters) -> str | None:
    names = [n for n in MEASURES if n != "Posts" or filters.axis == "published"]
    return st.segmented_control(
        "Measure", names, default=names[0], required=True, key="measure", bind="query-params"
    )


def _measure(rows: pd.DataFrame, filters: Filters, picked: str | None) -> Measure:
    network = filters.network
    what = shape.measure(picked, rows if network is None else rows[rows["network"] == network])
    frame.note(
        f"{filters.label}, compared with {filters.before_label} · **{filters.axis_label}** · "
        f"{what.definition}"
    )
    return what


def _nothing(filters: Filters) -> None:
    if filters.axis == "happened":
        frame.empty(
            "Nothing happened in this period that was seen",
            "What happens on a day is known from when collecting began. The other time axis "
            "reaches back as far as the networks give posts.",
        )
    else:
        frame.empty(
            "No posts in this period",
            "Choose a longer period, or fewer filters.",
            link="connections",
            link_label="See what is connected",
        )


def _totals(kept: pd.DataFrame, filters: Filters, what: Measure, begins: date | None) -> None:
    step = shape.step(filters)
    now = shape.over_time(kept, filters.start, filters.end, what, step)
    axes = what.axes(filters.axis_label)
    total = shape.value_of(shape.between(kept, filters.start, filters.end), what)
    known = begins is not None and begins <= filters.before_start
    past = shape.between(kept, filters.before_start, filters.before_end)
    was = shape.value_of(past, what) if known else None
    before = shape.over_time(past, filters.before_start, filters.before_end, what, step)
    line = before["value"].to_numpy() if was is not None else None
    why = None if known or begins is None else begins
    with frame.card(
        said.moved(what, total, was), said.drawn(what, filters, now, step, why), key="totals"
    ):
        chart.show(
            charts.totals(now, axes, before=line, before_name=filters.before_label),
            now.assign(before=line if line is not None else float("nan"), axis=filters.axis),
            alt=alts.totals(what.title, now, axes),
            key="totals",
            on_click=day_posts.pick,
        )


def _by_topic(version: str, filters: Filters, what: Measure) -> None:
    rows = shape.only(_topics(version, filters.axis, filters.start, filters.end), filters, what)
    made = shape.grouped(rows, "topic", what).head(TOPICS_SHOWN)
    names = [str(name).capitalize() for name in made["topic"]]
    accent = None
    if filters.topic is not None and filters.topic.capitalize() in names:
        accent = names.index(filters.topic.capitalize())
    _bars("topic", said.best("topic", names, made, what), names, made, filters, what, accent or 0)


def _by_kind(kept: pd.DataFrame, filters: Filters, what: Measure) -> None:
    if filters.topic is not None:
        with frame.card("Kinds", "Totals of one topic know no kind.", key="kinds"):
            frame.note("Choose all topics to see the kinds of posts apart.")
        return
    made = shape.grouped(shape.between(kept, filters.start, filters.end), "kind", what)
    names = [kind_label(str(name)) for name in made["kind"]]
    _bars("kind", said.best("kind", names, made, what), names, made, filters, what, 0)


def _bars(
    key: str,
    title: str,
    names: Sequence[str],
    made: pd.DataFrame,
    filters: Filters,
    what: Measure,
    accent: int,
) -> None:
    axes = what.axes(filters.axis_label)
    with frame.card(title, f"{what.title} by {key}, {filters.axis_label}", key=f"by-{key}"):
        if made.empty:
            frame.note(f"No {key} has figures in this period.")
            return
        values = made["value"].to_numpy()
        chart.show(
            charts.bars(names, values, axes=axes, accent=accent),
            made,
            alt=alts.bars(f"{what.title} by {key}", names, values, axes),
            key=f"by-{key}",
        )


def _by_network(kept: pd.DataFrame, filters: Filters, what: Measure) -> None:
    step = shape.step(filters)
    lines = shape.by_network(kept, filters.start, filters.end, what, step)
    axes = what.axes(filters.axis_label)
    sums = shape.grouped(shape.between(kept, filters.start, filters.end), "network", what)
    with frame.card(
        said.leader(sums, what),
        f"{what.title} by network, {'mean of seven days' if step == 1 else 'a week'}, "
        f"{filters.axis_label}",
        key="networks",
    ):
        if lines.empty:
            frame.note("No network has figures in this period.")
            return
        chart.show(
            charts.lines(lines, axes),
            lines,
            alt=alts.lines(what.title, lines, axes),
            key="networks",
        )


def _hours(practice: Practice, version: str, filters: Filters, what: Measure) -> None:
    first = min(filters.start, filters.end - HOURS_OVER)
    posts = day_posts.load(
        version, practice.zone, first, filters.end, filters.network, filters.kind, filters.topic
    )
    if what.over is not None:
        posts = posts[posts["network"].isin(what.networks)]
    grid = shape.hours(posts, what)
    axes = charts.Axes(f"{what.unit} a post" if what.over is None else what.unit, "", 1)
    with frame.card(
        said.hour(grid, what),
        f"{what.title}{'' if what.over or what.name == 'Posts' else ', mean of a post,'} by the "
        f"hour it was published ({practice.zone}), {formats.span(first, filters.end)}",
        key="hours",
    ):
        chart.show(
            charts.week_grid(grid, axes),
            grid,
            alt=alts.week_grid(f"{what.title} by hour of the week", grid, axes),
            key="hours",
            height=270,
        )


practice = db.practice()
frame.page_header("Engagement", practice.name if practice else "")
if practice is None:
    navigation.link("welcome", "Set up my practice")
else:
    _body(practice)
