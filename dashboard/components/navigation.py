"""The pages, their groups, and links to them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

SCREENS = Path(__file__).parents[1] / "screens"


@dataclass(frozen=True)
class Screen:
    """One screen: file `screens/<key>.py`, address `/<key>`."""

    key: str
    title: str
    icon: str
    group: str


SCREEN_LIST: tuple[Screen, ...] = (
    Screen("overview", "Overview", ":material/monitor_heart:", "Understand"),
    Screen("engagement", "Engagement", ":material/show_chart:", "Understand"),
    Screen("posts", "Posts", ":material/article:", "Understand"),
    Screen("ads", "Ads", ":material/ads_click:", "Understand"),
    Screen("campaigns", "Campaigns", ":material/campaign:", "Understand"),
    Screen("portal", "Portal", ":material/health_metrics:", "Understand"),
    Screen("connections", "Connections", ":material/cable:", "Set up"),
    Screen("activity", "Activity", ":material/history:", "Set up"),
    Screen("privacy", "Privacy", ":material/shield_person:", "Set up"),
    Screen("welcome", "Set up my practice", ":material/waving_hand:", ""),
)
SCREENS_BY_KEY = {screen.key: screen for screen in SCREEN_LIST}


def built() -> tuple[Screen, ...]:
    """The screens that this version has."""
    return tuple(screen for screen in SCREEN_LIST if (SCREENS / f"{screen.key}.py").exists())


def pages(first: str = "overview") -> list[st.Page]:
    """Every screen as a page; `first` is the one at "/"."""
    return [
        st.Page(
            SCREENS / f"{screen.key}.py",
            title=screen.title,
            icon=screen.icon,
            url_path=screen.key,
            default=screen.key == first,
        )
        for screen in built()
    ]


def link(key: str, label: str | None = None, **options: Any) -> None:
    """A link to a screen by its key; nothing where this version has no such screen."""
    screen = next((screen for screen in built() if screen.key == key), None)
    if screen is not None:
        options.setdefault("icon", screen.icon)
        st.page_link(SCREENS / f"{key}.py", label=label or screen.title, **options)
