"""The cards of the page Engagement: what each states, draws and offers as CSV. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from dashboard import alts, charts, formats, hours, markup, said, shape
from dashboard.filters import Filters
from dashboard.shape import FOLLOWERS, Measure
from data.queries.coverage import Known, Span

HOURS_OVER = timedelta(days=364)  # four weeks have too few posts to tell an hour by
TOPICS_SHOWN = 8


@dataclass(frozen=True)
class Rows:
    """The rows that the filters and the measure leave, and the days that they cover."""

    kept: pd.DataFrame
    what: Measure
    spans: tuple[Span, ...]
    known: Known | None


@dataclass(frozen=True)
class Card:
    """One card, ready to be shown: a figure or HTML with its tidy frame, or a note alone."""

    key: str
    title: str
    subtitle: str
    note: str = ""
    drawn: go.Figure | str = ""
    frame: pd.DataFrame | None = None
    alt: str = ""


def totals(rows: Rows, filters: Filters) -> Card:
    """The measure day by day (or week by week), beside the time before where that is known."""
    kept, what, known = rows.kept, rows.what, rows.known
    step = shape.step(filters)
    now = shape.over_time(kept, filters.start, filters.end, what, step, known)
    total = shape.value_of(shape.between(kept, filters.start, filters.end), what)
    covered = known is not None and known.begins <= filters.before_start
    past = shape.between(kept, filters.before_start, filters.before_end)
    was = shape.value_of(past, what) if covered else None
    before = shape.over_time(past, filters.before_start, filters.before_end, what, step, known)
    line = before["value"].to_numpy() if was is not None else None
    axes = what.axes(filters.axis_label)
    return Card(
        "totals",
        said.moved(what, total, was),
        said.drawn(what, filters, now, step, known),
        drawn=charts.totals(now, axes, before=line, before_name=filters.before_label),
        frame=now.assign(before=line if line is not None else float("nan"), axis=filters.axis),
        alt=alts.totals(what.title, now, axes),
    )


def ranking(
    by: str, names: Sequence[str], made: pd.DataFrame, what: Measure, filters: Filters
) -> Card:
    """Bars of the largest first; a topic that was chosen has the accent, else the first has."""
    title = said.best(by, names, made, what)
    subtitle = f"{what.title} by {by}, {filters.axis_label}"
    if made.empty:
        return Card(f"by-{by}", title, subtitle, f"No {by} has figures in this period.")
    axes, values = what.axes(filters.axis_label), made["value"].to_numpy()
    chosen = filters.topic.capitalize() if by == "topic" and filters.topic else None
    accent = names.index(chosen) if chosen in names else 0
    alt = alts.bars(f"{what.title} by {by}", names, values, axes)
    drawn = markup.bars(names, values, axes=axes, alt=alt, accent=accent)
    return Card(f"by-{by}", title, subtitle, drawn=drawn, frame=made, alt=alt)


def networks(rows: Rows, filters: Filters) -> Card:
    """A line a network."""
    kept, what = rows.kept, rows.what
    step = shape.step(filters)
    lines = shape.by_network(kept, filters.start, filters.end, what, step, rows.spans)
    sums = shape.grouped(shape.between(kept, filters.start, filters.end), "network", what)
    smooth = "mean of seven days" if step == 1 else "a week"
    title = said.leader(sums, what)
    subtitle = f"{what.title} by network, {smooth}, {filters.axis_label}"
    if lines.empty:
        return Card("networks", title, subtitle, "No network has figures in this period.")
    axes = what.axes(filters.axis_label)
    alt = alts.lines(what.title, lines, axes)
    return Card("networks", title, subtitle, drawn=charts.lines(lines, axes), frame=lines, alt=alt)


def first_of_hours(filters: Filters) -> date:
    """The first day whose posts tell the hours: a year back, or the period's own."""
    return min(filters.start, filters.end - HOURS_OVER)


def week(posts: pd.DataFrame, what: Measure, filters: Filters, zone: str) -> Card:
    """The hours of the week. posts: as `posts_between` gives them, from `first_of_hours` on."""
    if what.over == FOLLOWERS:
        note = "An hour has no followers of its own: choose another rate to see the hours."
        return Card("hours", "Hours of the week", "By the hour of publication", note)
    if what.summed:
        posts = posts[posts["network"].isin(what.networks)]
    grid = hours.hours(posts, what)
    counted = what.over is None and what.name != "Posts"
    axes = charts.Axes(
        f"{what.unit} a post" if counted else what.unit, "", 0 if what.name == "Posts" else 1
    )
    mean = "" if what.over or what.name == "Posts" else ", mean of a post,"
    over = formats.span(first_of_hours(filters), filters.end)
    subtitle = f"{what.title}{mean} by the hour it was published ({zone}), {over}"
    if grid.empty:
        return Card("hours", said.hour(grid, what), subtitle, "No posts in this time.")
    alt = alts.week_grid(f"{what.title} by hour of the week", grid, axes)
    drawn = markup.week_grid(grid, axes, alt=alt)
    return Card("hours", said.hour(grid, what), subtitle, drawn=drawn, frame=grid, alt=alt)
