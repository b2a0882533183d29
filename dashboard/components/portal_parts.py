"""Who uses the portal and about what, as intervals; telehealth beside the country's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard import leads
from dashboard.components import chart, frame, portal_rows
from dashboard.components.portal_rows import Days
from dashboard.figures import portal as figures
from dashboard.portal_names import (
    EVENTS,
    NEEDS,
    age_name,
    age_said,
    area_name,
    lowered,
    plural,
    topic_name,
)
from dashboard.usage import within
from data.privacy.keys import AGE_BANDS, UNKNOWN
from data.queries.portal_usage import Coverage, Part

MOST_TOPICS = 10


@dataclass(frozen=True)
class Cut:
    """One way to divide patients: the table, its dimension, and how its labels are called."""

    kind: str
    table: str
    dimension: str
    name: Callable[[str], str]  # beside its interval
    said: Callable[[str], str]  # in a heading


AGE = Cut("age group", "week_event_age", "age_band", age_name, age_said)
AREA = Cut("area", "week_event_zip3", "zip3", area_name, area_name)
TOPIC = Cut("topic", "week_event_topic", "topic", topic_name, topic_name)
AGE_OF_TOPIC = Cut("age group", "month_topic_age", "age_band", age_name, age_said)


def show(version: str, covered: Mapping[str, Coverage], event: str, shown: Days) -> None:
    """By age, by area, by topic, and the ages of one topic."""
    left, right = st.columns(2, gap="small")
    with left:
        _of_event(version, covered, event, shown, AGE)
    with right:
        _of_event(version, covered, event, shown, AREA)
    left, right = st.columns(2, gap="small")
    with left:
        _of_event(version, covered, event, shown, TOPIC)
    with right:
        _of_topic(version, covered, shown)


def _of_event(
    version: str, covered: Mapping[str, Coverage], event: str, shown: Days, cut: Cut
) -> None:
    where = (("event", event),)
    found = portal_rows.parts(version, cut.table, cut.dimension, shown, where)
    if cut.table not in covered or not found:
        _unreleased(cut)
        return
    found = leads.in_order(found, AGE_BANDS) if cut is AGE else leads.by_size(found)
    weeks = plural(max(one.periods for one in found), "week")
    what = f"{EVENTS[event][0]} by {cut.kind}"
    with frame.card(
        _leader(found, cut),
        f"{what}, patients a week, mean of {weeks}",
        key=f"portal-{cut.dimension}",
    ):
        _drawn(what, found, cut, key=f"{event}-{cut.dimension}")


def _of_topic(version: str, covered: Mapping[str, Coverage], shown: Days) -> None:
    cut = AGE_OF_TOPIC
    topics = portal_rows.parts(version, cut.table, "topic", shown) if cut.table in covered else []
    told = [
        one.label for one in leads.by_size(topics) if one.told is not None and one.label != UNKNOWN
    ]
    if not told:
        _unreleased(cut)
        return
    by_name = {topic_name(one): one for one in told}
    picked = str(st.session_state.get("about") or st.query_params.get("about"))
    topic = by_name.get(picked, told[0])
    found = portal_rows.parts(version, cut.table, cut.dimension, shown, (("topic", topic),))
    found = leads.in_order(found, AGE_BANDS)
    months = plural(max(one.periods for one in found), "month")
    title = f"{topic_name(topic)}: {lowered(_leader(found, cut))}"
    with frame.card(
        title, f"Patients a month, any kind of use, mean of {months}", key="portal-about"
    ):
        st.selectbox(
            "Topic", list(by_name), key="about", bind="query-params", width=260,
            label_visibility="collapsed",
        )  # fmt: skip
        what = f"{topic_name(topic)} by {cut.kind}"
        _drawn(what, found, cut, key=f"about-{topic}")


def _leader(found: Sequence[Part], cut: Cut) -> str:
    return leads.leader(found, {one.label: cut.said(one.label) for one in found}, cut.kind)


def _drawn(what: str, found: Sequence[Part], cut: Cut, *, key: str) -> None:
    """The intervals of those that can be told; what is without a topic is told apart."""
    names = {one.label: cut.name(one.label) for one in found}
    apart = [one for one in found if cut is TOPIC and one.label == UNKNOWN]
    among = [one for one in found if one not in apart]
    told = [one for one in among if one.told is not None]
    drawn = told[:MOST_TOPICS] if cut is TOPIC else told
    if drawn:
        chart.show(
            figures.intervals(drawn, {one.label: names[one.label] for one in among}),
            figures.intervals_frame(cut.dimension, found),
            alt=figures.intervals_words(what, drawn, names),
            key=f"portal-{key}",
            height=figures.intervals_height(drawn),
        )
    notes = [
        f"Without a topic: {within(one.value, one.margin)}."
        for one in apart
        if one.told is not None
    ]
    if len(told) > len(drawn):
        notes.append(f"{plural(len(told) - len(drawn), 'smaller topic')} more in the file.")
    if any(not leads.is_sure(one, len(among)) for one in drawn):
        notes.append(f"Grey: among {len(among)} {cut.kind}s, noise alone may have made it.")
    notes.append(leads.too_few(among, names, cut.kind))
    if any(notes):
        frame.note(" ".join(one for one in notes if one))


def _unreleased(cut: Cut) -> None:
    with frame.card(f"Nothing by {cut.kind}", key=f"portal-none-{cut.table}"):
        frame.note(f"Nothing of it is released in these days. It needs {NEEDS[cut.table]}.")
