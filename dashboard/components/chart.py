"""Puts a figure on a page: with words for those who do not see it, and its data as CSV."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}


def show(
    figure: go.Figure,
    frame: pd.DataFrame,
    *,
    alt: str,
    key: str,
    height: int = 300,
    on_select: bool = False,
    on_click: Callable[[Any], None] | None = None,
) -> list[Any]:
    """Draw a figure and offer its tidy frame. Returns the x values of the points clicked.

    `alt` says what the figure shows, computed from the data. The CSV is built at the click.
    `on_click` is called, before the next run, with the x value of a point that was clicked.
    """
    widget = f"chart-{key}"

    def _told() -> None:
        clicked = _clicked(st.session_state.get(widget))
        if on_click is not None and clicked:
            on_click(clicked[0])

    event = st.plotly_chart(
        figure,
        width="stretch",
        height=height,
        theme="streamlit",
        key=widget,
        config=CONFIG,
        alt=alt,
        on_select=_told if on_click else "rerun" if on_select else "ignore",
        selection_mode="points",
    )
    download(frame, key=key)
    return _clicked(event) if on_select else []


def show_drawn(drawn: str, frame: pd.DataFrame, *, key: str) -> None:
    """Show what `dashboard.markup` drew and offer its tidy frame."""
    st.html(drawn)
    download(frame, key=key)


def download(frame: pd.DataFrame, *, key: str, label: str = "Download CSV") -> None:
    """The data behind a chart or table, built when asked for."""
    st.download_button(
        label,
        data=lambda: as_csv(frame),
        file_name=f"reachwell-{key}.csv",
        mime="text/csv",
        key=f"csv-{key}",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
        help=None,
    )


def _clicked(event: Any) -> list[Any]:
    points: Sequence[dict[str, Any]] = event.selection.points if event else []
    return [point["x"] for point in points if "x" in point]


def as_csv(frame: pd.DataFrame) -> bytes:
    """UTF-8 with the mark that spreadsheets look for; no text of it runs as a formula."""
    plain = frame.map(lambda cell: _text(cell) if isinstance(cell, str) else cell)
    return plain.to_csv(index=False).encode("utf-8-sig")


def _text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
