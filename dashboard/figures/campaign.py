"""A campaign's days: engagement by day published and network, spend by day it happened."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from campaigns.figures import DayValue
from dashboard import formats
from dashboard.figures.base import bare
from dashboard.theme import BLUE, network_colour, network_label


def engagement_frame(days: Sequence[DayValue]) -> pd.DataFrame:
    """Columns day, network, engagement: by day published; missing days are not there."""
    rows = [
        (one.day, one.scope.removeprefix("organic "), one.value)
        for one in days
        if one.metric == "engagement" and one.axis == "published" and one.value is not None
    ]
    return pd.DataFrame(rows, columns=["day", "network", "engagement"])


def spend_frame(days: Sequence[DayValue], currency: str) -> pd.DataFrame:
    """Columns day, spend in whole units of one currency."""
    rows = [
        (one.day, float(one.value), currency)
        for one in days
        if one.metric == "spend" and one.unit == currency and one.value is not None
    ]
    return pd.DataFrame(rows, columns=["day", "spend", "currency"])


def engagement(frame: pd.DataFrame) -> go.Figure:
    """Stacked bars by day of publication, a colour for each network and a legend above."""
    figure = bare(top=30)
    for network, own in frame.groupby("network", sort=True):
        name = network_label(str(network))
        figure.add_trace(
            go.Bar(
                x=own["day"],
                y=own["engagement"],
                name=name,
                marker={"color": network_colour(str(network))},
                hovertemplate=f"{name} %{{y:,.0f}}<extra></extra>",
            )
        )
    figure.update_layout(
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )
    figure.update_xaxes(tickformat="%-d %b", nticks=6)
    return figure


def spend(frame: pd.DataFrame, currency: str) -> go.Figure:
    """Bars of spend by day of the ad account."""
    figure = bare(top=30)
    figure.add_trace(
        go.Bar(
            x=frame["day"],
            y=frame["spend"],
            marker={"color": BLUE},
            hovertemplate=f"%{{y:,.2f}} {currency}<extra></extra>",
        )
    )
    figure.update_xaxes(tickformat="%-d %b", nticks=6)
    return figure


def engagement_words(frame: pd.DataFrame) -> str:
    """The alternative text of `engagement`."""
    totals = frame.groupby("network")["engagement"].sum()
    parts = [f"{network_label(str(name))} {formats.number(int(n))}" for name, n in totals.items()]
    return f"Engagement of the campaign's posts by day published. In all: {', '.join(parts)}."


def spend_words(frame: pd.DataFrame, currency: str) -> str:
    """The alternative text of `spend`."""
    total = f"{frame['spend'].sum():,.2f} {currency}"
    return f"Ad spend by day it happened: {total} on {len(frame)} days."
