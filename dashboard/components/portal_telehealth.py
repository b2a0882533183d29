"""The practice's telehealth visits above, Medicare's share of the country below."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import formats, usage
from dashboard.components import chart, frame, portal_rows
from dashboard.components.portal_rows import Days
from dashboard.figures import portal as figures
from dashboard.figures import telehealth as country
from dashboard.portal_names import TELEHEALTH
from dashboard.usage import FOUR_WEEKS
from data.queries.portal_usage import Coverage, Point
from data.queries.telehealth import PublicQuarter

HEIGHT = 200


def card(version: str, covered: Mapping[str, Coverage], shown: Days, patients: int | None) -> None:
    """Both, each on its own axes; nothing where neither is known."""
    weeks = portal_rows.by_week(version, covered, TELEHEALTH, shown)
    points = usage.by_four_weeks(weeks)
    quarters = portal_rows.national(version)
    if not points and not quarters:
        return
    title = usage.heading(TELEHEALTH, points, FOUR_WEEKS) if points else "Telehealth in the country"
    with frame.card(title, "Here, and in the country for orientation", key="portal-telehealth"):
        if points:
            _here(points, patients)
        _country(quarters, bool(points))


def _here(points: Sequence[Point], patients: int | None) -> None:
    st.markdown(
        "**Your practice:** patients with a telehealth visit a week, mean of four weeks"
        f"{_share(points[-1], patients)}."
    )
    if not usage.is_drawable(points):
        frame.note(f"Most of these weeks have {usage.TOO_FEW}.")
        return
    chart.show(
        figures.over_time(points, FOUR_WEEKS),
        figures.over_time_frame(points),
        alt=figures.over_time_words(TELEHEALTH, points, FOUR_WEEKS),
        key="portal-telehealth",
        height=HEIGHT,
    )


def _share(newest: Point, patients: int | None) -> str:
    """What part of the active patients the newest figure is, where both can be told."""
    if not patients or newest.told is None:
        return ""
    low, high = (max(0.0, newest.told + sign * newest.margin) / patients for sign in (-1, 1))
    return (
        f"; in the newest, {formats.percent(low)} to {formats.percent(high)} of your "
        f"{formats.number(patients)} active patients"
    )


def _country(quarters: Sequence[PublicQuarter], below: bool) -> None:
    if not quarters:
        st.markdown(
            "**The United States:** not imported yet. Take the file “Medicare Telehealth Trends” "
            "from CMS and type:"
        )
        st.code("reachwell import FILE", language=None, wrap_lines=True)
        return
    st.markdown(
        "**The United States:** share of people with Medicare who had a visit by telehealth, of "
        "those with a visit that could have been one, by quarter."
    )
    chart.show(
        country.national(quarters),
        country.national_frame(quarters),
        alt=country.national_words(quarters),
        key="portal-country",
        height=HEIGHT,
    )
    if below:
        frame.note(
            "For orientation only, for the two measure different things: above are patients of all "
            "ages in a week at your practice; below is a share of people with Medicare, most of "
            "them 65 and older, in a quarter. Source: CMS, Medicare Telehealth Trends."
        )
