"""Colours hold their contrast on both grounds, as the theme's file says them."""

import tomllib
from pathlib import Path

import pytest

from dashboard import theme

CONFIG = tomllib.loads(Path(".streamlit/config.toml").read_text(encoding="utf-8"))
MODES = ("light", "dark")


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_grounds_are_those_of_the_configuration() -> None:
    assert tuple(CONFIG["theme"][mode]["backgroundColor"] for mode in MODES) == theme.GROUNDS


@pytest.mark.parametrize("ground", theme.GROUNDS)
@pytest.mark.parametrize(
    "colour", [theme.BLUE, theme.VERMILION, theme.GREEN, theme.PURPLE, theme.GREY]
)
def test_marks_have_three_to_one(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 3


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "name", ["textColor", "linkColor", "grayTextColor", "greenTextColor", "redTextColor"]
)
def test_words_have_four_and_a_half_to_one(mode: str, name: str) -> None:
    section = CONFIG["theme"][mode]
    assert contrast(section[name], section["backgroundColor"]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_words_in_the_sidebar_have_four_and_a_half_to_one(mode: str) -> None:
    side = CONFIG["theme"][mode]["sidebar"]
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(side["textColor"], side[ground]) >= 4.5


def test_plotly_takes_ten_colours_or_none() -> None:
    assert len(CONFIG["theme"]["chartCategoricalColors"]) == 10


def test_fonts_and_pictures_are_served_from_here() -> None:
    for face in CONFIG["theme"]["fontFaces"]:
        name = face["url"].removeprefix("app/static/")
        assert (Path("dashboard/static") / name).is_file()
    assert "http" not in Path(".streamlit/config.toml").read_text(encoding="utf-8")


def test_networks_differ_by_dash_as_well_as_by_colour() -> None:
    shown = ("facebook", "instagram", "x", "bluesky")
    assert len({theme.network_colour(name) for name in shown}) == len(shown)
    assert len({theme.network_dash(name) for name in shown}) == len(shown)
