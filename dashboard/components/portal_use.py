"""The portal's use: up or down, how sure, by whom and about what."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard import formats, source_words, usage
from dashboard.components import (
    chart,
    db,
    frame,
    navigation,
    period,
    portal_parts,
    portal_rows,
    portal_telehealth,
)
from dashboard.components.portal_rows import Days
from dashboard.figures import portal as figures
from dashboard.portal_names import EVENTS
from dashboard.usage import DAY, FOUR_WEEKS, WEEK, Unit
from data.models import Practice
from data.privacy import truncation
from data.privacy.tables import BY_NAME
from data.queries.portal_usage import TOTALS, Coverage, Point

ICONS = {
    "up": ":green[:material/trending_up:]",
    "down": ":orange[:material/trending_down:]",
    "flat": ":material/trending_flat:",
}
DEFAULT_SPAN = "6 months"
DAYS = "day_event"
UNITS = {"4 weeks": FOUR_WEEKS, "Week": WEEK, "Day": DAY}
CUTS = {
    "four weeks": "mean of four weeks",
    "week": "by week (Monday to Sunday)",
    "day": "by day",
}


@dataclass(frozen=True)
class Choice:
    """What the controls say."""

    event: str
    unit: Unit
    shown: Days


@st.fragment
def show(practice: Practice) -> None:
    """All of it; something must be released already."""
    with frame.guard():
        version = db.version()
        covered = portal_rows.coverage(version)
        chosen = _choose(covered)
        if chosen is None:
            frame.empty(
                "No kind of use is released yet",
                "What is released tells of topics and ages alone. Files that name the events "
                "(sign-ins, messages, …) bring the rest.",
            )
            return
        _main(chosen, _points(version, covered, chosen))
        apart = source_words.sentences(portal_rows.left_out(version, chosen.shown))
        if apart:
            frame.note(apart)
        portal_parts.show(version, covered, chosen.event, chosen.shown)
        portal_telehealth.card(version, covered, chosen.shown, practice.active_patients)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption("Identifiers removed, aggregated, differentially private.", width="content")
            navigation.link("privacy", "What that means")


def _choose(covered: Mapping[str, Coverage]) -> Choice | None:
    events = [one for one in EVENTS if any(one in had.events for had in covered.values())]
    if not events:
        return None
    names = {EVENTS[one][0]: one for one in events}
    picked = st.pills(
        "Kind of use", list(names), default=next(iter(names)), required=True, key="event",
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    event = names[picked or next(iter(names))]
    has_days = DAYS in covered and event in covered[DAYS].events
    with period.row():
        by = st.segmented_control(
            "By", [name for name in UNITS if has_days or name != "Day"], default="Week",
            required=True, key="by", bind="query-params",
        )  # fmt: skip
        span = st.segmented_control(
            "Period", list(portal_rows.SPANS), default=DEFAULT_SPAN, required=True, key="span",
            bind="query-params",
        )  # fmt: skip
    return Choice(event, UNITS[by or "Week"], portal_rows.days(covered, span or DEFAULT_SPAN))


def _points(version: str, covered: Mapping[str, Coverage], chosen: Choice) -> list[Point]:
    if chosen.unit is DAY:
        return portal_rows.series(version, DAYS, chosen.event, chosen.shown)
    weeks = portal_rows.by_week(version, covered, chosen.event, chosen.shown)
    return usage.by_four_weeks(weeks) if chosen.unit is FOUR_WEEKS else weeks


def _main(chosen: Choice, points: list[Point]) -> None:
    event, unit = chosen.event, chosen.unit
    if not points:
        with frame.card(f"{EVENTS[event][0]}: no total", key="portal-main"):
            frame.note(
                "A total needs a table by age or by area, for each patient has one of those. "
                "Neither is released for these days; a longer period may hold more."
            )
        return
    span = formats.span(points[0].first, points[-1].last)
    subtitle = f"Patients who {EVENTS[event][1]}, each counted once a {unit.per}, {CUTS[unit.name]}"
    with frame.card(usage.heading(event, points, unit), f"{subtitle}, {span}", key="portal-main"):
        if not usage.is_drawable(points):
            _too_few(points, unit)
            return
        _verdict(points, unit)
        chart.show(
            figures.over_time(points, unit),
            figures.over_time_frame(points),
            alt=figures.over_time_words(event, points, unit),
            key=f"portal-{event}-{unit.days}",
            height=330,
        )
        frame.note(f"{usage.THE_BAND} {_left_out(unit)}")


def _too_few(points: list[Point], unit: Unit) -> None:
    few = sum(one.told is None for one in points)
    hint = {DAY: " The choice “Week” may tell more.", WEEK: " The choice “4 weeks” may tell more."}
    frame.note(
        f"{few:,} of {len(points):,} have {usage.TOO_FEW}, so no line is drawn: it would go "
        f"through the highest alone. The margin is ± {points[-1].margin:,.0f} patients: more are "
        f"needed to be seen through the noise.{hint.get(unit, '')}"
    )


def _verdict(points: list[Point], unit: Unit) -> None:
    """What four weeks say, which are surer than one."""
    if unit is not WEEK:
        return
    if points[-1].told is None:
        st.markdown(":material/lightbulb: One week holds too few. **4 weeks** may tell more.")
        return
    change = usage.over_four_weeks(points)
    if change is not None:
        way, said = usage.four_weeks(change)
        st.markdown(f"{ICONS[way]} {said}")


def _left_out(unit: Unit) -> str:
    share = truncation.loss(BY_NAME[DAYS if unit is DAY else TOTALS[0]])
    return (
        "Of very active patients some kinds of use are left out: by our assumption about "
        f"{formats.percent(share)} of all that is counted here, which the band does not show."
    )
