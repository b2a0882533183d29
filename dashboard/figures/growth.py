"""A post's growth against its account's typical growth."""

import math
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats
from dashboard.figures.base import bare, tinted
from dashboard.theme import GREY

DAY = 24.0
_TICKS = ((1, "1 h"), (6, "6 h"), (24, "1 day"), (72, "3"), (168, "7"), (336, "14"), (720, "30"),
          (1440, "60"), (2160, "90"))  # fmt: skip
UNITS = {"engagement": "engagements", "reach": "people reached"}
LEAST_SHOWN = 7 * DAY


@dataclass(frozen=True)
class Verdict:
    """Where the post stands at its newest age. `place`: above, below, within or None."""

    place: str | None
    value: float
    age_hours: float
    median: float | None
    low: float | None
    high: float | None
    posts: int

    @property
    def age(self) -> str:
        """The age in words."""
        return age_words(self.age_hours)


def judge(own: pd.DataFrame, typical: pd.DataFrame) -> Verdict | None:
    """Compare the newest point with the band at the nearest age not beyond it; pure.

    None without a point. `place` is None where the account has no typical curve there.
    """
    if own.empty:
        return None
    last = own.iloc[-1]
    age, value = float(last["age_hours"]), float(last["value"])
    near = typical[typical["age_hours"] <= age * 1.05]
    if near.empty:
        return Verdict(None, value, age, None, None, None, 0)
    at = near.iloc[-1]
    own_then = _at(own, float(at["age_hours"]))
    low, median, high = float(at["low"]), float(at["median"]), float(at["high"])
    place = "above" if own_then > high else "below" if own_then < low else "within"
    return Verdict(place, own_then, float(at["age_hours"]), median, low, high, int(at["posts"]))


def near(typical: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """The part of the typical curve up to thrice the post's age, at least a week; pure."""
    age = float(own["age_hours"].max()) if not own.empty else 0.0
    return typical[typical["age_hours"] <= max(3 * age, LEAST_SHOWN)]


def title(verdict: Verdict | None, metric: str) -> str:
    """The finding, as a heading."""
    unit = UNITS.get(metric, metric)
    if verdict is None:
        return f"No {unit} known yet"
    count = f"{formats.number(verdict.value)} {unit} at {verdict.age}"
    if verdict.median is None:
        return count
    typical = f"typical is {formats.number(verdict.median)}"
    words = {
        "above": f"Well ahead: {count}, {typical}",
        "below": f"Behind: {count}, {typical}",
        "within": f"As usual: {count}, {typical}",
    }
    return words[verdict.place or "within"]


def draw(own: pd.DataFrame, typical: pd.DataFrame, colour: str) -> go.Figure:
    """The post as a line over the account's band and median; ages on a log axis."""
    figure = bare(right=70)
    if not typical.empty:
        _band(figure, typical)
    if not own.empty:
        _line(figure, own, colour)
    _labels(figure, own, typical)
    last = max([*own["age_hours"], *typical["age_hours"].tail(1), DAY])
    shown = [(hours, text) for hours, text in _TICKS if hours <= last * 1.4]
    figure.update_xaxes(
        type="log",
        tickangle=0,
        tickvals=[hours for hours, _ in shown],
        ticktext=[text for _, text in shown],
        range=[math.log10(0.8), math.log10(last * 1.12)],
    )
    return figure


def in_words(own: pd.DataFrame, typical: pd.DataFrame, metric: str) -> str:
    """The chart's alternative text."""
    verdict = judge(own, typical)
    return f"Growth of {metric} since publishing, in hours on a logarithmic axis. " + (
        title(verdict, metric) + "."
    )


def age_words(hours: float) -> str:
    """30.0 -> "30 hours"; 168 -> "7 days"."""
    if hours < 48:
        number = max(1, round(hours))
        return f"{number} hour{'s' if number > 1 else ''}"
    return f"{round(hours / DAY)} days"


def _at(own: pd.DataFrame, age: float) -> float:
    """The post's own value at an age, by a straight line; its newest beyond the last."""
    before = own[own["age_hours"] <= age]
    after = own[own["age_hours"] > age]
    if before.empty or after.empty:
        return float((own.iloc[-1] if after.empty else own.iloc[0])["value"])
    a, b = before.iloc[-1], after.iloc[0]
    share = (age - a["age_hours"]) / (b["age_hours"] - a["age_hours"])
    return float(a["value"] + share * (b["value"] - a["value"]))


def _band(figure: go.Figure, typical: pd.DataFrame) -> None:
    hours = typical["age_hours"]
    figure.add_trace(
        go.Scatter(x=hours, y=typical["high"], mode="lines", line={"width": 0}, hoverinfo="skip")
    )
    figure.add_trace(
        go.Scatter(
            x=hours,
            y=typical["low"],
            mode="lines",
            line={"width": 0},
            fill="tonexty",
            fillcolor=tinted(GREY, 0.22),
            hoverinfo="skip",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=hours,
            y=typical["median"],
            mode="lines",
            line={"color": GREY, "width": 2, "dash": "dash"},
            hovertemplate="typical %{y:,.0f}<extra></extra>",
        )
    )


def _line(figure: go.Figure, own: pd.DataFrame, colour: str) -> None:
    figure.add_trace(
        go.Scatter(
            x=own["age_hours"],
            y=own["value"],
            customdata=[age_words(hours) for hours in own["age_hours"]],
            mode="lines+markers",
            line={"color": colour, "width": 3},
            marker={"size": 6},
            hovertemplate="%{y:,.0f} at %{customdata}<extra></extra>",
        )
    )


def _labels(figure: go.Figure, own: pd.DataFrame, typical: pd.DataFrame) -> None:
    """Words at the lines' ends, in the theme's own text colour, the higher one lifted."""
    ends = [(typical, "median", "typical"), (own, "value", "<b>this post</b>")]
    known = [(one.iloc[-1], name, text) for one, name, text in ends if not one.empty]
    highest = max((float(row[name]) for row, name, _ in known), default=0.0)
    for row, name, text in known:
        shift = 0 if len(known) == 1 else 10 if float(row[name]) == highest else -10
        figure.add_annotation(
            x=math.log10(float(row["age_hours"])),
            y=float(row[name]),
            text=text,
            showarrow=False,
            xanchor="left",
            xshift=8,
            yshift=shift,
        )
