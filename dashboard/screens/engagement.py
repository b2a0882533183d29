"""Engagement: what the posts did, day by day, and what does best."""

import time
from dataclasses import replace

import streamlit as st

from dashboard.components import alongside, chart, day_posts, db, frame, navigation, period
from dashboard.components.engagement_view import view
from dashboard.figures.engagement import Card
from dashboard.filters import Filters
from dashboard.shape import FOLLOWERS, MEASURES, PER_CHOICES, REACH, Measure
from data.models import Practice

#: Seconds until the lower half follows: a browser draws all that it has before it shows any of
#: it, so the first chart stands 60 ms sooner when the others come after it.
REST_AFTER = 0.05


@st.fragment
def _body(practice: Practice) -> None:
    with frame.guard():
        version = db.version()
        with period.row():
            filters = period.choose(practice, topic=True, kind=True, version=version)
        with period.row():
            filters = period.choose_axis(practice, filters)
            picked = _picked(filters)
            over = _over() if picked == "Rate" else None
        if over == REACH:
            filters = replace(filters, axis="published")
        made = view(version, practice.zone, filters, picked, over)
        _note(filters)
        if not made.cards:
            _nothing(filters, made.what)
            return
        totals, topics, networks, kinds, hours = made.cards
        _pair(totals, topics)
        frame.note(f"**{made.what.name}:** {made.what.definition}")
        time.sleep(REST_AFTER)
        day_posts.show(practice, version, filters)
        _pair(networks, kinds)
        _show(hours)


def _pair(wide: Card, narrow: Card) -> None:
    for column, card in zip(st.columns([5, 3], gap="small"), (wide, narrow), strict=True):
        with column:
            _show(card)


def _picked(filters: Filters) -> str | None:
    names = [n for n in MEASURES if n != "Posts" or filters.axis == "published"]
    return st.segmented_control(
        "Measure", names, default=names[0], required=True, key="measure", bind="query-params"
    )


def _over() -> str | None:
    picked = st.segmented_control(
        "Rate per",
        list(PER_CHOICES),
        default=next(iter(PER_CHOICES)),
        required=True,
        key="per",
        bind="query-params",
    )
    return PER_CHOICES[picked or next(iter(PER_CHOICES))]


def _note(filters: Filters) -> None:
    kinds = " · one topic, all kinds" if filters.topic is not None else ""
    frame.note(
        f"{filters.label}, compared with {filters.before_label} · **{filters.axis_label}**{kinds}"
    )


def _nothing(filters: Filters, what: Measure) -> None:
    if what.over in (REACH, FOLLOWERS):
        frame.empty(
            f"No {what.over} known in this period",
            "Not every network names it. Choose another rate, another network or a longer period.",
        )
    elif filters.axis == "happened":
        frame.empty(
            "Nothing happened in this period that was seen",
            "What happens on a day is known from when collecting began. The other time axis "
            "reaches back as far as the networks give posts.",
        )
    else:
        frame.empty(
            "No posts in this period",
            "Choose a longer period, or fewer filters.",
            link="connections",
            link_label="See what is connected",
        )


def _show(card: Card) -> None:
    with frame.card(card.title, card.subtitle, key=card.key):
        if card.frame is None:
            frame.note(card.note)
        elif isinstance(card.drawn, str):
            chart.show_drawn(card.drawn, card.frame, key=card.key)
        else:
            click = day_posts.pick if card.key == "totals" else None
            chart.show(card.drawn, card.frame, alt=card.alt, key=card.key, on_click=click)


practice = db.practice()
frame.page_header("Engagement", practice.name if practice else "")
if practice is None:
    navigation.link("welcome", "Set up my practice")
else:
    _body(practice)
    alongside.show()
