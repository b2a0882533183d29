"""A topic's posts above, the portal's reading of it below, on one time axis. Pure."""

import math
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import formats
from dashboard.figures.base import bare
from dashboard.figures.portal import over_time
from dashboard.theme import ACCENT, GREY
from dashboard.usage import TOO_FEW, WEEK, within
from data.privacy.tables import margin
from data.queries.portal_usage import Point

NO_CAUSE = (
    "Side by side, week by week. That they move together does not show that the posts were the "
    "cause: a season or the news may move both."
)
HALF_A_WEEK = timedelta(days=3, hours=12)


def figure(posting: pd.DataFrame, points: Sequence[Point]) -> go.Figure:
    """posting: week, posts, engagement. Bars stand in the middle of their week, and so do dots."""
    below = over_time(points, WEEK) if points else bare()
    drawn = bare(right=96)
    weeks = [week + HALF_A_WEEK for week in posting["week"]]
    drawn.add_bar(
        x=weeks,
        y=posting["engagement"].to_numpy(dtype=np.float64),
        customdata=posting["posts"].to_numpy(dtype=np.int64),
        marker={"color": ACCENT},
        hovertemplate="%{y:,.0f} engagements from %{customdata} posts<extra></extra>",
        name="engagement",
    )
    for trace in below.data:
        trace.x = [pd.Timestamp(day) + HALF_A_WEEK for day in trace.x]
        drawn.add_trace(trace.update(yaxis="y2"))
    _axes(drawn, posting, below)
    return drawn


def _axes(drawn: go.Figure, posting: pd.DataFrame, below: go.Figure) -> None:
    first, last = posting["week"].iloc[0], posting["week"].iloc[-1] + timedelta(days=7)
    drawn.update_xaxes(range=[first, last], tickformat="%-d %b\n%Y", nticks=9, anchor="y2")
    drawn.update_layout(
        yaxis={"domain": [0.58, 0.94]},
        yaxis2={
            "domain": [0, 0.40],
            "range": below.layout.yaxis.range,
            "gridcolor": drawn.layout.yaxis.gridcolor,
            "fixedrange": True,
            "zeroline": False,
            "nticks": 5,
            "tickformat": ",.0f",
        },
    )
    for text, height in (("Engagement with posts", 1.0), ("Patients who read about it", 0.46)):
        drawn.add_annotation(
            text=text, x=0, xref="paper", y=height, yref="paper", showarrow=False,
            xanchor="left", font={"size": 13},
        )  # fmt: skip
    drawn.add_hline(y=0, yref="y2", line={"color": GREY, "width": 1})


def said(posting: pd.DataFrame, points: Sequence[Point]) -> str:
    """The mean week with a post and without one, with the margin that the noise gives them.

    A week too small to be told alone counts all the same: its noisy figure is released.
    """
    posted = {week.date() for week, posts in zip(posting["week"], posting["posts"], strict=True)
              if posts}  # fmt: skip
    having = [one for one in points if one.first in posted]
    without = [one for one in points if one.first not in posted]
    if not having or not without:
        return f"{len(having)} of {len(points)} weeks had a post on it."
    return (
        f"In the {_weeks(having)} with a post **{_mean(having)}** patients a week read about it, "
        f"in the {_weeks(without)} without one **{_mean(without)}**."
    )


def _weeks(points: Sequence[Point]) -> str:
    return f"{len(points)} weeks" if len(points) > 1 else "one week"


def _mean(points: Sequence[Point]) -> str:
    mean = sum(one.value for one in points) / len(points)
    variance = sum(one.sigma**2 for one in points) / len(points) ** 2
    return within(max(mean, 0.0), margin(math.sqrt(variance)))


def words(topic: str, posting: pd.DataFrame, points: Sequence[Point]) -> str:
    """The alternative text."""
    posts = int(posting["posts"].sum())
    told = [one for one in points if one.told is not None]
    span = formats.span(posting["week"].iloc[0].date(), posting["week"].iloc[-1].date())
    read = TOO_FEW
    if told:
        high = max(told, key=lambda one: one.value)
        read = (
            f"between {round(min(one.value for one in told)):,} and "
            f"{within(high.value, high.margin)} patients a week, most from "
            f"{formats.day(high.first)}"
        )
    return f"{topic.capitalize()}, weeks of {span}: {posts} posts above; read below: {read}."


def frame(posting: pd.DataFrame, points: Sequence[Point]) -> pd.DataFrame:
    """What is drawn, for a file; patients are empty where there are too few to say."""
    known = {pd.Timestamp(one.first): one for one in points}
    found = [known.get(week) for week in posting["week"]]
    told = [None if one is None or one.told is None else round(one.told) for one in found]
    margins = [None if one is None else round(one.margin, 1) for one in found]
    return posting.assign(
        patients=pd.array(told, dtype="Int64"), margin_95=pd.array(margins, dtype="Float64")
    )
