"""Spend by day, with the days that the network may still restate set apart."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats
from dashboard.figures.base import bare, tinted
from dashboard.theme import BLUE, GREY
from data.money import digits
from data.queries.ads import RESTATED_DAYS

MEASURES = {
    "Spend": "spend_minor",
    "Impressions": "impressions",
    "Clicks": "clicks",
    "Results": "results",
}


def moving_from(today: date) -> date:
    """The first day whose figures may still change."""
    return today - timedelta(days=RESTATED_DAYS - 1)


def by_day(days: pd.DataFrame, measure: str, currency: str, today: date) -> go.Figure:
    """Bars of one measure and currency: firm days full, days still moving pale."""
    figure = bare()
    column = MEASURES[measure]
    values = days[column].astype("Float64").astype(float)
    if measure == "Spend":
        values = values / 10 ** digits(currency)
    moving = pd.Series([day >= moving_from(today) for day in days["day"]], dtype=bool)
    hover = f"%{{y:,.2f}} {currency}" if measure == "Spend" else "%{y:,.0f}"
    for still, name in ((False, "firm"), (True, "may still change")):
        chosen = moving.to_numpy() == still
        figure.add_trace(
            go.Bar(
                x=days["day"][chosen],
                y=values[chosen],
                name=name,
                marker={
                    "color": tinted(BLUE, 0.35) if still else BLUE,
                    "line": {"color": BLUE, "width": 1 if still else 0},
                },
                hovertemplate=f"{hover} · {name}<extra></extra>",
            )
        )
    if moving.any() and not moving.all():
        _border(figure, moving_from(today))
    figure.update_layout(barmode="overlay", bargap=0.3)
    figure.update_xaxes(tickformat="%-d %b", nticks=8)
    return figure


def by_day_words(days: pd.DataFrame, measure: str, currency: str, today: date) -> str:
    """The chart's alternative text."""
    column = MEASURES[measure]
    known = days[days[column].notna()]
    if known.empty:
        return f"{measure} by day: nothing known in this period."
    top = known.iloc[int(known[column].astype(float).to_numpy().argmax())]
    most = _said(int(top[column]), measure, currency)
    total = _said(int(known[column].sum()), measure, currency)
    moving = sum(day >= moving_from(today) for day in known["day"])
    return (
        f"Bars of {measure.lower()} by day of the ad account: {total} in {len(known)} days, most "
        f"on {formats.day(top['day'])} with {most}. The newest {moving} days may still change."
    )


def cost_bars(frame: pd.DataFrame, currency: str) -> go.Figure:
    """Cost per result of each row, the cheapest in the accent colour, labelled directly."""
    figure = bare(right=56, top=4)
    rows = frame[frame["cost"].notna()].sort_values("cost", ascending=False)
    colours = [GREY] * (len(rows) - 1) + [BLUE] if len(rows) > 1 else [BLUE] * len(rows)
    figure.add_trace(
        go.Bar(
            x=rows["cost"] / 10 ** digits(currency),
            y=shortened(rows["label"].tolist()),
            customdata=rows["label"],
            orientation="h",
            marker={"color": colours},
            text=[formats.money(round(cost), currency, named=False) for cost in rows["cost"]],
            textposition="outside",
            cliponaxis=False,
            hovertemplate=f"%{{customdata}}: %{{x:,.2f}} {currency}<extra></extra>",
        )
    )
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(visible=False)
    figure.update_yaxes(showgrid=False, ticklabelstandoff=6, dtick=1)
    return figure


def shortened(labels: Sequence[str], most: int = 26) -> list[str]:
    """Long names without their first parts ("Flu | Adults | Video" -> "Adults | Video"), where
    they stay distinct; pure."""
    short = [_last_parts(label, most) for label in labels]
    return short if len(set(short)) == len(set(labels)) else list(labels)


def _last_parts(label: str, most: int) -> str:
    parts = label.split(" | ")
    while len(parts) > 1 and len(" | ".join(parts)) > most:
        parts = parts[1:]
    return " | ".join(parts)


def _border(figure: go.Figure, day: date) -> None:
    """A thin line where the figures that may still change begin."""
    at = f"{day - timedelta(days=1)} 12:00"
    figure.add_shape(
        type="line", x0=at, x1=at, y0=0, y1=1, yref="paper", line={"color": GREY, "dash": "dot"}
    )
    figure.add_annotation(
        x=at, y=1, yref="paper", text="may still change →", showarrow=False, xanchor="left",
        yanchor="bottom", xshift=4,
    )  # fmt: skip
    figure.update_layout(margin={"t": 26})


def _said(value: int, measure: str, currency: str) -> str:
    return formats.money(value, currency) if measure == "Spend" else formats.number(value)
