"""How campaigns keep pace with their budgets, drawn as one bar each."""

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from campaigns.figures import Pacing, State
from campaigns.model import CampaignFacts
from dashboard import formats
from dashboard.components import chart, frame, navigation
from dashboard.figures.base import bare, tinted
from dashboard.theme import BLUE, GREY, VERMILION

TOLERANCE = 0.1
ORDER: tuple[State, ...] = ("running", "planned", "ended")


@dataclass(frozen=True)
class Row:
    """A campaign with a budget and how it stands today."""

    facts: CampaignFacts
    state: State
    pacing: Pacing


def card(rows: list[Row]) -> None:
    """All campaigns with a budget, the running ones first."""
    if not rows:
        with frame.card("No campaign has a budget yet", key="pacing"):
            st.caption("Give a campaign dates and a budget to see whether its spend keeps pace.")
            navigation.link("campaigns", "Add a campaign", icon=":material/add:")
        return
    ordered = sorted(rows, key=lambda row: (ORDER.index(row.state), row.facts.ends_on))
    with frame.card(
        title(ordered),
        "Share of the budget spent; the mark is the share of days gone",
        key="pacing",
    ):
        for row in ordered:
            frame.note(in_words(row))
        chart.show(
            draw(ordered),
            as_frame(ordered),
            alt="Budget spent by campaign. " + " ".join(in_words(row) for row in ordered),
            key="pacing",
            height=56 * len(ordered) + 40,
        )


def title(rows: list[Row]) -> str:
    """The finding: which running campaigns are off their pace."""
    running = [row for row in rows if row.state == "running"]
    off = [row.facts.name for row in running if off_pace(row.pacing)]
    if not running:
        return "No campaign with a budget is running"
    if not off:
        return "Spend keeps pace with the budget"
    return f"Look at the pace of {' and '.join(off[:2])}"


def off_pace(pace: Pacing) -> bool:
    """Whether spend and time are more than a tenth apart, or the budget is used up."""
    share = pace.budget_share
    return share is not None and (share > 1 or abs(share - pace.time_share) > TOLERANCE)


def in_words(row: Row) -> str:
    """ "Flu season: 1,114.87 of 1,500.00 USD (74 %) after 75 % of its days. On pace." """
    pace = row.pacing
    budget = f"{pace.budget:,.2f} {pace.currency}"
    spent = "unknown spend" if pace.spend is None else f"{pace.spend:,.2f}"
    share = f" ({formats.percent(pace.budget_share)})" if pace.budget_share is not None else ""
    others = pace.other_currencies
    apart = f" Spend in {', '.join(others)} is apart." if others else ""
    gone = formats.percent(pace.time_share)
    verdict = f"{pace.verdict.rstrip('.')}." if row.state == "running" else ""
    stand = f"{row.facts.name}: {spent} of {budget}{share} after {gone} of its days."
    return f"{stand} {verdict}{apart}".strip()


def draw(rows: list[Row]) -> go.Figure:
    """Bars of spent shares on a pale track, with a mark where time stands."""
    figure = bare(right=60, top=8)
    names = [row.facts.name for row in rows]
    shares = [row.pacing.budget_share for row in rows]
    figure.add_trace(
        go.Bar(x=[1.0] * len(rows), y=names, orientation="h", width=0.34, hoverinfo="skip",
               marker={"color": tinted(GREY, 0.22)})
    )  # fmt: skip
    figure.add_trace(
        go.Bar(
            x=[share or 0 for share in shares],
            y=names,
            orientation="h",
            width=0.34,
            marker={"color": [_colour(row) for row in rows]},
            hovertemplate="%{x:.0%} of the budget<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[row.pacing.time_share for row in rows],
            y=names,
            mode="markers",
            marker={"symbol": "line-ns", "size": 26, "line": {"width": 3, "color": GREY}},
            hovertemplate="%{x:.0%} of the days<extra></extra>",
        )
    )
    for name, share in zip(names, shares, strict=True):
        figure.add_annotation(
            x=1, xref="paper", y=name, text=f"<b>{formats.percent(share)}</b>", showarrow=False,
            xanchor="left", xshift=8,
        )  # fmt: skip
    widest = max([1.0, *(share or 0 for share in shares)])
    figure.update_layout(barmode="overlay", hovermode="closest")
    figure.update_xaxes(range=[0, widest * 1.06], tickformat=".0%", nticks=5)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6)
    return figure


def as_frame(rows: list[Row]) -> pd.DataFrame:
    """The tidy data behind it."""
    return pd.DataFrame(
        {
            "campaign": row.facts.name,
            "state": row.state,
            "currency": row.pacing.currency,
            "budget": row.pacing.budget,
            "spend": row.pacing.spend,
            "budget_share": row.pacing.budget_share,
            "time_share": row.pacing.time_share,
        }
        for row in rows
    )


def _colour(row: Row) -> str:
    """Only what is off its pace stands out."""
    share = row.pacing.budget_share
    fast = share is not None and (share > 1 or share - row.pacing.time_share > TOLERANCE)
    return VERMILION if fast and row.state == "running" else BLUE
