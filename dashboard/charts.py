"""Tidy frame in, figure out. Pure; numpy arrays, never px; text in the theme's own colour.

`dashboard.alts` says in words what each of them shows.
"""

from dataclasses import dataclass
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


def figure(value: float, axes: Axes) -> str:
    """A value as the axes say it."""
    return formats.MISSING if np.isnan(value) else f"{value:,.{axes.decimals}f}"


_X = {
    "title": None,
    "showgrid": False,
    "zeroline": False,
    "ticks": "",
    "tickformat": "%-d %b\n%Y",
}
_Y = {
    "title": None,
    "gridcolor": GRID,
    "zeroline": False,
    "rangemode": "tozero",
    "ticks": "",
    "tickformat": ",~s",
    "nticks": 6,
}


def _layout(axes: Axes, *, margin_right: int = 8, **more: Any) -> dict[str, Any]:
    """No box, thin lines across, the theme's own text: what all figures share.

    Room for the labels is fixed: Plotly draws a figure twice to find out its own.
    """
    return {
        "margin": {"l": 44, "r": margin_right, "t": 8, "b": 40},
        "xaxis": _X,
        "yaxis": _Y,
        "hoverlabel": {"align": "left"},
        "dragmode": False,
        "showlegend": False,
        "meta": {"unit": axes.unit, "time": axes.time},
        **more,
    }
