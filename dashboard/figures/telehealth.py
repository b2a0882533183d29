"""Medicare's telehealth use in the whole country, to look at beside the practice's own."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats
from dashboard.figures.base import bare
from dashboard.theme import GREY
from data.queries.telehealth import PublicQuarter


def national(quarters: Sequence[PublicQuarter]) -> go.Figure:
    """The share of people with Medicare by quarter, in grey: it is not the practice's own."""
    figure = bare(right=96)
    days = [middle(one) for one in quarters]
    share = [one.share for one in quarters]
    figure.add_scatter(
        x=days,
        y=share,
        customdata=[f"{one.year} Q{one.quarter}" for one in quarters],
        mode="lines+markers",
        line={"color": GREY, "width": 2.5},
        marker={"size": 5},
        hovertemplate="%{y:.1%} in %{customdata}<extra></extra>",
    )
    known = [(day, one) for day, one in zip(days, share, strict=True) if one is not None]
    if known:
        figure.add_annotation(
            x=known[-1][0], y=known[-1][1], text=f"<b>{formats.percent(known[-1][1])}</b>",
            showarrow=False, xanchor="left", xshift=10,
        )  # fmt: skip
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(tickformat="%Y", dtick="M12")
    figure.update_yaxes(tickformat=".0%", nticks=4)
    return figure


def middle(quarter: PublicQuarter) -> date:
    """A day to draw the quarter at."""
    return quarter.first_day + timedelta(days=45)


def national_words(quarters: Sequence[PublicQuarter]) -> str:
    """The alternative text of `national`."""
    known = [one for one in quarters if one.share is not None]
    if not known:
        return "No national figures."
    high = max(known, key=lambda one: one.share or 0.0)
    last = known[-1]
    return (
        "Share of people with Medicare who had a telehealth visit, by quarter, United States: "
        f"highest in {high.year} Q{high.quarter} with {formats.percent(high.share)}, "
        f"{formats.percent(last.share)} in {last.year} Q{last.quarter}."
    )


def national_frame(quarters: Sequence[PublicQuarter]) -> pd.DataFrame:
    """What is drawn, for a file."""
    return pd.DataFrame(
        [(one.year, one.quarter, one.users, one.eligible, one.share) for one in quarters],
        columns=["year", "quarter", "people_with_telehealth", "people_eligible", "share"],
    )
