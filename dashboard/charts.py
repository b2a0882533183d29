"""Tidy frame in, figure out. Pure; numpy arrays, never px; text in the theme's own colour.

`dashboard.alts` says in words what each of them shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard import formats
from dashboard.theme import ACCENT, GREY, GRID, network_colour, network_dash, network_label

Values = NDArray[np.float64]
Days = NDArray[np.datetime64]
_LABEL_ROOM = 0.075  # of the height: closer labels are moved apart
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Axes:
    """What the axes say. `unit` stands in hovers after the figure."""

    unit: str
    time: str = ""
    decimals: int = 0


def totals(
    frame: pd.DataFrame, axes: Axes, *, before: Values | None = None, before_name: str = ""
) -> go.Figure:
    """Bars of a total by day or week; the estimated part hatched, the time before as a line.

    frame: day, value, estimated. `before` has a value for each bar, in order.
    """
    days = frame["day"].to_numpy()
    value = frame["value"].to_numpy(dtype=np.float64)
    estimated = np.nan_to_num(frame["estimated"].to_numpy(dtype=np.float64))
    drawn = go.Figure(layout=_layout(axes, bargap=0.25, barmode="stack"))
    hover = f"%{{x|%a %-d %b %Y}}<br>%{{customdata:,.{axes.decimals}f}} {axes.unit}<extra></extra>"
    drawn.add_bar(
        x=days,
        y=value - estimated,
        customdata=value,
        marker={"color": ACCENT},
        hovertemplate=hover,
        name="counted",
        showlegend=False,
    )
    if estimated.any():
        drawn.add_bar(
            x=days,
            y=estimated,
            customdata=value,
            name="estimated",
            marker={
                "color": ACCENT,
                "pattern": {"shape": "/", "size": 5, "solidity": 0.25},
            },
            hovertemplate=hover,
            showlegend=False,
        )
    if before is not None and not np.isnan(before).all():
        drawn.add_scatter(
            x=days,
            y=before,
            mode="lines",
            name=before_name,
            showlegend=False,
            line={"color": GREY, "width": 2.5, "dash": "dot"},
            hovertemplate=f"%{{y:,.{axes.decimals}f}} {before_name}<extra></extra>",
        )
    return drawn


def lines(frame: pd.DataFrame, axes: Axes) -> go.Figure:
    """One line a network, labelled at its end; dashes tell them apart without colour.

    frame: day, network, value.
    """
    drawn = go.Figure(layout=_layout(axes, margin_right=92, hovermode="x unified"))
    ends: list[tuple[float, str]] = []
    for network, part in frame.groupby("network", sort=True, observed=True):
        name = str(network)
        value = part["value"].to_numpy(dtype=np.float64)
        drawn.add_scatter(
            x=part["day"].to_numpy(),
            y=value,
            mode="lines",
            connectgaps=True,
            name=network_label(name),
            line={"color": network_colour(name), "width": 2.5, "dash": network_dash(name)},
            hovertemplate=f"%{{y:,.{max(1, axes.decimals)}f}} {axes.unit}"
            f"<extra>{network_label(name)}</extra>",
            showlegend=False,
        )
        known = value[~np.isnan(value)]
        if len(known):
            ends.append((float(known[-1]), network_label(name)))
    _label_ends(drawn, ends, float(np.nanmax(frame["value"].to_numpy(dtype=np.float64))))
    return drawn


def _label_ends(drawn: go.Figure, ends: list[tuple[float, str]], top: float) -> None:
    """Words at the lines' right ends, moved apart where they would cover each other."""
    room, floor = top * _LABEL_ROOM, -np.inf
    notes: list[dict[str, Any]] = []
    for value, label in sorted(ends):
        at = max(value, floor + room)
        floor = at
        notes.append(
            {
                "x": 1.01,
                "xref": "paper",
                "y": at,
                "text": f"<b>{label}</b>",
                "showarrow": False,
                "xanchor": "left",
                "yanchor": "middle",
            }
        )
    drawn.layout.annotations = notes


def bars(
    names: Sequence[str], values: Values, *, axes: Axes, alt: str, accent: int | None = 0
) -> str:
    """Horizontal bars as HTML, the largest on top, one of them in the accent colour, values at
    the end. Two small cards need no Plotly."""
    largest = float(np.nanmax(values)) if len(values) else 1.0
    rows = "".join(
        f"<span>{escape(name)}</span>"
        f'<span><i style="width:{max(0.0, value / (largest or 1.0)) * 78:.1f}%;'
        f'background:{ACCENT if index == accent else GREY}"></i>{figure(value, axes)}</span>'
        for index, (name, value) in enumerate(zip(names, values, strict=True))
    )
    return f'<div class="rw-bars" role="img" aria-label="{escape(alt)}">{rows}</div>'


def week_grid(frame: pd.DataFrame, axes: Axes) -> go.Figure:
    """The hours of the week: columns are hours of the day, rows weekdays; blank: no post.

    frame: weekday (0 Monday), hour, value, posts.
    """
    first, last = _hours(frame)
    grid = np.full((7, last - first + 1), np.nan)
    posts = np.zeros_like(grid)
    rows = frame["weekday"].to_numpy(dtype=int)
    columns = frame["hour"].to_numpy(dtype=int) - first
    grid[rows, columns] = frame["value"].to_numpy(dtype=np.float64)
    posts[rows, columns] = frame["posts"].to_numpy(dtype=np.float64)
    hours_of_day = {"type": "category", "tickformat": None}
    drawn = go.Figure(layout=_layout(axes, xaxis=hours_of_day, yaxis=_CATEGORIES))
    drawn.add_heatmap(
        z=grid,
        x=[f"{hour}:00" for hour in range(first, last + 1)],
        y=list(WEEKDAYS),
        customdata=posts,
        xgap=3,
        ygap=3,
        hoverongaps=False,
        colorscale=[[0.0, "rgba(0,114,178,0.10)"], [1.0, "rgba(0,114,178,1)"]],
        hovertemplate=f"%{{y}} %{{x}}<br>%{{z:,.{axes.decimals}f}} {axes.unit}"
        "<br>%{customdata:,.0f} posts<extra></extra>",
        colorbar={"thickness": 8, "outlinewidth": 0, "len": 0.9},
    )
    return drawn


def sparkline(values: Values, shown: int, *, width: int = 240, height: int = 44) -> str:
    """An SVG of a row of weeks: those of the period in the accent colour, older ones grey.

    `shown`: how many of the last values belong to the period.
    """
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return ""
    low, high = float(known.min()), float(known.max())
    reach = (high - low) or 1.0
    x = np.linspace(3, width - 5, len(values))
    y = height - 5 - (values - low) / reach * (height - 10)
    split = max(0, len(values) - shown - 1)
    points = [f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True) if not np.isnan(b)]
    end = np.flatnonzero(~np.isnan(values))[-1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" preserveAspectRatio="none">'
        f"{_path(points[: split + 1], GREY)}{_path(points[split:], ACCENT)}"
        f'<circle cx="{x[end]:.1f}" cy="{y[end]:.1f}" r="3.5" fill="{ACCENT}"/></svg>'
    )


def _path(points: Sequence[str], colour: str) -> str:
    return (
        f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" '
        'stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>'
    )


def _hours(frame: pd.DataFrame) -> tuple[int, int]:
    if frame.empty:
        return 8, 20
    return min(8, int(frame["hour"].min())), max(20, int(frame["hour"].max()))


def figure(value: float, axes: Axes) -> str:
    """A value as the axes say it."""
    return formats.MISSING if np.isnan(value) else f"{value:,.{axes.decimals}f}"


_X = {
    "title": None,
    "showgrid": False,
    "zeroline": False,
    "ticks": "",
    "automargin": True,
    "tickformat": "%-d %b\n%Y",
}
_Y = {
    "title": None,
    "gridcolor": GRID,
    "zeroline": False,
    "rangemode": "tozero",
    "automargin": True,
    "ticks": "",
    "tickformat": ",~s",
    "nticks": 6,
}
_CATEGORIES = {"autorange": "reversed", "showgrid": False, "dtick": 1, "nticks": None}


def _layout(
    axes: Axes,
    *,
    margin_right: int = 8,
    xaxis: dict[str, Any] | None = None,
    yaxis: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """No box, thin lines across, the theme's own text: what all figures share."""
    return {
        "margin": {"l": 8, "r": margin_right, "t": 8, "b": 8},
        "xaxis": _X | (xaxis or {}),
        "yaxis": _Y | (yaxis or {}),
        "hoverlabel": {"align": "left"},
        "dragmode": False,
        "showlegend": False,
        "meta": {"unit": axes.unit, "time": axes.time},
        **more,
    }
