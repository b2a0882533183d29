"""What all figures share: air, a quiet grid, no chart junk, and no colour for text."""

import plotly.graph_objects as go

from dashboard.theme import GRID


def bare(*, right: int = 16, top: int = 12) -> go.Figure:
    """A figure without legend; text takes the theme's colour, so that a switch recolours it."""
    figure = go.Figure()
    figure.update_layout(
        margin={"l": 8, "r": right, "t": top, "b": 8},
        showlegend=False,
        hovermode="x unified",
        dragmode=False,
        bargap=0.25,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(showgrid=False, zeroline=False, fixedrange=True, automargin=True)
    figure.update_yaxes(
        gridcolor=GRID,
        zeroline=False,
        fixedrange=True,
        automargin=True,
        rangemode="tozero",
        nticks=6,
    )
    return figure


def tinted(colour: str, alpha: float) -> str:
    """`#RRGGBB` as rgba with this opacity."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"
