"""The portal's figures with their uncertainty: bands over time, intervals by part.

Below what may be told nothing is drawn: a gap, never a zero.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import formats
from dashboard.figures.base import bare, tinted
from dashboard.leads import is_sure
from dashboard.portal_names import EVENTS
from dashboard.theme import ACCENT, GREY
from dashboard.usage import TOO_FEW, Unit, within
from data.privacy.tables import least_shown
from data.queries.portal_usage import Part, Point

BAND = tinted(ACCENT, 0.24)
ROW_HEIGHT = 34


def over_time(points: Sequence[Point], unit: Unit) -> go.Figure:
    """A line in its band, one figure a period, the newest with its value at the end."""
    figure = bare(right=96)
    for run in _runs(points, unit):
        _band(figure, run, unit)
        _line(figure, run, unit)
    floor = max((least_shown(one.sigma) for one in points), default=0.0)
    if any(one.told is None for one in points):
        _floor(figure, floor)
    newest = points[-1]
    if newest.told is not None:
        figure.add_annotation(
            x=newest.first, y=newest.told, text=f"<b>{within(newest.value, newest.margin)}</b>",
            showarrow=False, xanchor="left", xshift=10,
        )  # fmt: skip
    pad = timedelta(days=max(1, (newest.first - points[0].first).days // 60))
    figure.update_xaxes(
        tickformat="%-d %b\n%Y", nticks=9, range=[points[0].first - pad, newest.first + pad]
    )
    top = max((one.told + one.margin for one in points if one.told is not None), default=floor)
    figure.update_yaxes(range=[0, max(top, floor) * 1.06], tickformat=",.0f")
    return figure


def _runs(points: Sequence[Point], unit: Unit) -> Iterator[list[Point]]:
    """Stretches of neighbouring periods that can be told: the line breaks between them."""
    run: list[Point] = []
    for one in points:
        is_next = bool(run) and one.first == run[-1].first + timedelta(days=unit.days)
        if run and (one.told is None or not is_next):
            yield run
            run = []
        if one.told is not None:
            run.append(one)
    if run:
        yield run


def _band(figure: go.Figure, run: Sequence[Point], unit: Unit) -> None:
    """Both edges as one closed outline; a lone period has a bar instead of a band."""
    value = np.array([one.value for one in run], dtype=np.float64)
    half = np.array([one.margin for one in run])
    low, high = np.maximum(value - half, 0), value + half
    days = [one.first for one in run]
    shape = (
        {"x": [*days, *reversed(days)], "y": np.concatenate([high, low[::-1]]), "fill": "toself"}
        if len(run) > 1
        else {"x": [*days, *days], "y": np.concatenate([low, high])}
    )
    figure.add_scatter(
        **shape,
        mode="lines",
        line={"width": 0 if len(run) > 1 else 7 if unit.days > 1 else 3, "color": BAND},
        fillcolor=BAND,
        hoverinfo="skip",
    )


def _line(figure: go.Figure, run: Sequence[Point], unit: Unit) -> None:
    figure.add_scatter(
        x=[one.first for one in run],
        y=[one.value for one in run],
        customdata=[f"{within(one.value, one.margin)} patients" for one in run],
        mode="lines+markers" if len(run) < 60 else "lines",
        line={"color": ACCENT, "width": 2.5},
        marker={"size": 5},
        hovertemplate="%{customdata}<extra></extra>",
        name=unit.name,
    )


def _floor(figure: go.Figure, floor: float) -> None:
    """Below it nothing is told: why the line has gaps."""
    figure.add_hline(y=floor, line={"color": GREY, "width": 1.5, "dash": "dot"})
    figure.add_annotation(
        x=0, xref="paper", y=floor, text=f"below: {TOO_FEW}", showarrow=False, xanchor="left",
        yanchor="bottom",
    )  # fmt: skip


def over_time_words(event: str, points: Sequence[Point], unit: Unit) -> str:
    """The alternative text of `over_time`."""
    name = EVENTS[event][0]
    told = [one for one in points if one.told is not None]
    if not told:
        return f"{name} by {unit.name}: {TOO_FEW} in any {unit.name}."
    first, last = told[0], told[-1]
    high = max(told, key=lambda one: one.value)
    gaps = len(points) - len(told)
    return (
        f"{name} by {unit.name} with a band of 95 %: {within(first.value, first.margin)} patients "
        f"from {formats.day(first.first)}, most with {within(high.value, high.margin)} from "
        f"{formats.day(high.first)}, {within(last.value, last.margin)} from "
        f"{formats.day(last.first)}." + (f" {gaps} periods: {TOO_FEW}." if gaps else "")
    )


def over_time_frame(points: Sequence[Point]) -> pd.DataFrame:
    """What is drawn, for a file; patients are empty where there are too few to say."""
    return pd.DataFrame(
        {
            "from": [one.first for one in points],
            "through": [one.last for one in points],
            "patients": [None if one.told is None else round(one.told) for one in points],
            "margin_95": [round(one.margin, 1) for one in points],
        }
    )


def intervals(parts: Sequence[Part], names: Mapping[str, str]) -> go.Figure:
    """A dot in its interval for each part that can be told, in the order given, top first.

    Grey where noise alone may have made it, among so many labels.
    """
    told = [one for one in parts if one.told is not None]
    colours = [ACCENT if is_sure(one, len(names)) else GREY for one in told]
    figure = bare(right=86, top=4)
    for one, colour in zip(told, colours, strict=True):
        _interval(figure, one, names[one.label], colour)
    figure.add_scatter(
        x=[one.value for one in told],
        y=[names[one.label] for one in told],
        customdata=[within(one.value, one.margin) for one in told],
        mode="markers",
        marker={"size": 8, "color": colours},
        hovertemplate="%{y}: %{customdata} patients<extra></extra>",
    )
    figure.update_layout(hovermode="closest")
    top = max((one.value + one.margin for one in told), default=1.0)
    figure.update_xaxes(range=[0, top * 1.04], tickformat=",.0f", nticks=5, rangemode="tozero")
    figure.update_yaxes(autorange="reversed", showgrid=True, ticklabelstandoff=6, dtick=1)
    return figure


def _interval(figure: go.Figure, one: Part, name: str, colour: str) -> None:
    """Where the true number lies, and the figure in words at the right."""
    figure.add_scatter(
        x=[max(one.value - one.margin, 0), one.value + one.margin],
        y=[name, name],
        mode="lines",
        line={"color": tinted(colour, 0.32), "width": 14},
        hoverinfo="skip",
    )
    figure.add_annotation(
        x=1, xref="paper", y=name, text=within(one.value, one.margin), showarrow=False,
        xanchor="left", xshift=8,
    )  # fmt: skip


def intervals_height(parts: Sequence[Part]) -> int:
    """Room for each part that is drawn."""
    return ROW_HEIGHT * max(2, sum(one.told is not None for one in parts)) + 40


def intervals_words(what: str, parts: Sequence[Part], names: Mapping[str, str]) -> str:
    """The alternative text of `intervals`."""
    said = (
        f"{names[one.label]} {within(one.value, one.margin)}"
        for one in parts
        if one.told is not None
    )
    return f"{what}, with intervals of 95 %: {', '.join(said)} patients."


def intervals_frame(kind: str, parts: Sequence[Part]) -> pd.DataFrame:
    """What is drawn, for a file; patients are empty where there are too few to say."""
    return pd.DataFrame(
        {
            kind: [one.label for one in parts],
            "patients": [None if one.told is None else round(one.told, 1) for one in parts],
            "margin_95": [round(one.margin, 1) for one in parts],
            "periods": [one.periods for one in parts],
        }
    )
