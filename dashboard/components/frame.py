"""The frame of every page: sidebar, header, banner, and the states a page can be in."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from dashboard import formats
from dashboard.components import navigation
from data.clock import now
from data.errors import Refused, where
from data.models import Practice
from data.queries.freshness import Source

STATIC = Path(__file__).parents[1] / "static"
STYLE = Path(__file__).with_name("frame.css")
_log = logging.getLogger("reachwell.dashboard")


def sidebar() -> None:
    """The mark, then the groups of pages. Links of our own: Streamlit's sections fail axe."""
    st.logo(str(STATIC / "logo.svg"), icon_image=str(STATIC / "mark.svg"), size="large")
    with st.sidebar.container(key="rw-nav", gap="xxsmall"):
        group = ""
        for screen in navigation.built():
            if not screen.group:
                continue
            if screen.group != group:
                if group:
                    st.space("xsmall")
                group = screen.group
                st.caption(group)
            navigation.link(screen.key, width="stretch")


def style() -> None:
    """The few rules that the theme has no option for."""
    st.html(STYLE)


def banner(practice: Practice | None) -> None:
    """Across the top of a demo: its figures are made up, and the way out."""
    if practice is None or not practice.is_demo:
        return
    with st.container(
        key="rw-banner",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        gap="small",
    ):
        st.markdown(
            ":material/science: **Demo practice.** All figures here are made up.", width="content"
        )
        navigation.link("welcome", "Set up my practice")


def problem(sentence: str | None, *, worker: str | None = None) -> None:
    """Across the top: why the database cannot be opened, or why nothing is collected."""
    if sentence:
        st.error(sentence, title="The desk cannot open its database", icon=":material/error:")
    if worker:
        st.warning(worker, title="Nothing is collected now", icon=":material/sync_problem:")


def page_header(title: str, subtitle: str = "") -> AbstractContextManager[Any]:
    """Title and grey subtitle at the left; use the result as a context for controls right."""
    row = st.container(
        key="rw-header",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="bottom",
    )
    with row.container(key="rw-title", width="content", gap="xxsmall"):
        st.title(title, anchor=False)
        if subtitle:
            st.caption(subtitle)
    return row.container(
        key="rw-controls",
        horizontal=True,
        vertical_alignment="bottom",
        width="content",
        gap="small",
    )


@contextmanager
def card(title: str = "", subtitle: str = "", *, key: str | None = None) -> Iterator[None]:
    """A bordered card. The title states the finding, the subtitle says what is drawn."""
    with st.container(border=True, height="stretch", key=key and f"rw-card-{key}", gap="small"):
        if title:
            st.header(title, anchor=False)
        if subtitle:
            st.caption(subtitle)
        yield


def table_height(rows: int, most: int = 430) -> int | Literal["content"]:
    """As high as its rows, up to `most` pixels: then it scrolls inside."""
    return most if rows * 34 + 34 > most else "content"


def note(text: str) -> None:
    """Small grey words under a chart."""
    st.caption(text)


def empty(
    title: str,
    body: str,
    *,
    link: str | None = None,
    link_label: str | None = None,
    icon: str = ":material/inbox:",
) -> None:
    """Nothing to show, why, and what would change that."""
    with st.container(
        border=True, horizontal_alignment="center", key=f"rw-empty-{_slug(title)}", gap="small"
    ):
        st.markdown(icon, text_alignment="center")
        st.header(title, anchor=False, text_alignment="center")
        st.caption(body, text_alignment="center")
        if link:
            navigation.link(link, link_label)


def failed(problem: Refused | str, todo: str | None = None) -> None:
    """Something did not work: a sentence that says what, and what to do. Never a traceback."""
    what = str(problem)
    todo = todo or (problem.todo if isinstance(problem, Refused) else None)
    st.error(todo or "Nothing was lost. Load the page again.", title=what, icon=":material/error:")


@contextmanager
def guard() -> Iterator[None]:
    """Turn what goes wrong inside into a sentence. The log names the error's kind alone:
    database errors quote their parameters, and those hold posts."""
    try:
        yield
    except Refused as refusal:
        failed(refusal)
    except Exception as error:
        _log.error("a page failed: %s", where(error))
        failed(
            "This page could not be drawn.",
            "Nothing was lost. Load the page again; if it stays so, look at Activity.",
        )


def freshness(sources: list[Source], instant: datetime | None = None) -> str:
    """One line: how new the oldest of the sources is, and whether any of them fails."""
    instant = instant or now()
    if not sources:
        return "no account connected yet"
    failing = [source.label for source in sources if source.failing]
    if failing:
        return f"{', '.join(failing)} could not be read"
    times = [source.last_ok_at for source in sources if source.last_ok_at is not None]
    if not times:
        return "nothing read yet"
    return f"updated {formats.ago(max(times), instant)}"


def _slug(title: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in title.lower())[:40]
