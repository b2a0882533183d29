"""Engagement: what the posts did, day by day, and what does best."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import streamlit as st

from dashboard import alts, charts, formats, hours, said, shape
from dashboard.components import (
    chart,
    day_posts,
    db,
    engagement_rows,
    frame,
    navigation,
    period,
)
from dashboard.components.engagement_rows import Rows
from dashboard.filters import Filters
from dashboard.shape import FOLLOWERS, MEASURES, PER_CHOICES, REACH, Measure
from dashboard.theme import kind_label
from data.models import Practice

HOURS_OVER = timedelta(days=364)  # four weeks have too few posts to tell an hour by
TOPICS_SHOWN = 8


@st.fragment
def _body(practice: Practice) -> None:
    with frame.guard():
        version = db.version()
        with period.row():
            filters = period.choose(practice, topic=True, kind=True, version=version)
        with period.row():
            filters = period.choose_axis(practice, filters)
            picked = _picked(filters)
            over = _over() if picked == "Rate" else None
        if over == REACH:
            filters = replace(filters, axis="published")
        rows = engagement_rows.load(practice, version, filters, picked, over)
        _note(filters, rows.what)
        if rows.kept.empty:
            _nothing(filters, rows.what)
            return
        left, right = st.columns([5, 3], gap="small")
        with left:
            _totals(rows, filters)
        with right:
            _by_topic(practice, version, rows, filters)
        day_posts.show(practice, version, filters)
        left, right = st.columns([5, 3], gap="small")
        with left:
            _by_network(rows, filters)
        with right:
            _by_kind(rows, filters)
        _hours(practice, version, filters, rows.what)


def _picked(filters: Filters) -> str | None:
    names = [n for n in MEASURES if n != "Posts" or filters.axis == "published"]
    return st.segmented_control(
        "Measure", names, default=names[0], required=True, key="measure", bind="query-params"
    )


def _over() -> str | None:
    picked = st.segmented_control(
        "Rate per",
        list(PER_CHOICES),
        default=next(iter(PER_CHOICES)),
        required=True,
        key="per",
        bind="query-params",
    )
    return PER_CHOICES[picked or next(iter(PER_CHOICES))]


def _note(filters: Filters, what: Measure) -> None:
    kinds = " · one topic, all kinds" if filters.topic is not None else ""
    frame.note(
        f"{filters.label}, compared with {filters.before_label} · **{filters.axis_label}**"
        f"{kinds} · {what.definition}"
    )


def _nothing(filters: Filters, what: Measure) -> None:
    if what.over in (REACH, FOLLOWERS):
        frame.empty(
            f"No {what.over} known in this period",
            "Not every network names it. Choose another rate, another network or a longer period.",
        )
    elif filters.axis == "happened":
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


def _totals(rows: Rows, filters: Filters) -> None:
    kept, what, known = rows.kept, rows.what, rows.known
    step = shape.step(filters)
    now = shape.over_time(kept, filters.start, filters.end, what, step, known)
    axes = what.axes(filters.axis_label)
    total = shape.value_of(shape.between(kept, filters.start, filters.end), what)
    covered = known is not None and known.begins <= filters.before_start
    past = shape.between(kept, filters.before_start, filters.before_end)
    was = shape.value_of(past, what) if covered else None
    before = shape.over_time(past, filters.before_start, filters.before_end, what, step, known)
    line = before["value"].to_numpy() if was is not None else None
    with frame.card(
        said.moved(what, total, was), said.drawn(what, filters, now, step, known), key="totals"
    ):
        chart.show(
            charts.totals(now, axes, before=line, before_name=filters.before_label),
            now.assign(before=line if line is not None else float("nan"), axis=filters.axis),
            alt=alts.totals(what.title, now, axes),
            key="totals",
            on_click=day_posts.pick,
        )


def _by_topic(practice: Practice, version: str, rows: Rows, filters: Filters) -> None:
    what = rows.what
    made = engagement_rows.topics(practice, version, filters, rows).head(TOPICS_SHOWN)
    names = [str(name).capitalize() for name in made["topic"]]
    accent = None
    if filters.topic is not None and filters.topic.capitalize() in names:
        accent = names.index(filters.topic.capitalize())
    _bars("topic", said.best("topic", names, made, what), names, made, filters, what, accent or 0)


def _by_kind(rows: Rows, filters: Filters) -> None:
    what = rows.what
    if filters.topic is not None:
        with frame.card("Kinds", "Totals of one topic know no kind.", key="kinds"):
            frame.note("Choose all topics to see the kinds of posts apart.")
        return
    part = shape.between(rows.kept, filters.start, filters.end)
    made = shape.grouped(part, "kind", what, engagement_rows.followers(rows, filters))
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
        alt = alts.bars(f"{what.title} by {key}", names, values, axes)
        drawn = charts.bars(names, values, axes=axes, alt=alt, accent=accent)
        chart.show_bars(drawn, made, key=f"by-{key}")


def _by_network(rows: Rows, filters: Filters) -> None:
    kept, what = rows.kept, rows.what
    step = shape.step(filters)
    lines = shape.by_network(kept, filters.start, filters.end, what, step, rows.spans)
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
    if what.over == FOLLOWERS:
        with frame.card("Hours of the week", "By the hour of publication", key="hours"):
            frame.note("An hour has no followers of its own: choose another rate to see the hours.")
        return
    first = min(filters.start, filters.end - HOURS_OVER)
    posts = day_posts.load(
        version, practice.zone, first, filters.end, filters.network, filters.kind, filters.topic
    )
    if what.summed:
        posts = posts[posts["network"].isin(what.networks)]
    grid = hours.hours(posts, what)
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
