"""All cards of the page Engagement for one choice, made once for each state of the database."""

from dataclasses import dataclass

import streamlit as st

from dashboard import shape
from dashboard.components import day_posts, engagement_rows
from dashboard.figures import engagement
from dashboard.figures.engagement import Card, Rows
from dashboard.filters import Filters
from dashboard.shape import Measure
from dashboard.theme import kind_label


@dataclass(frozen=True)
class View:
    """What the page shows. No cards: nothing stands in the period."""

    what: Measure
    cards: tuple[Card, ...] = ()


@st.cache_resource(max_entries=64, show_spinner=False)
def view(version: str, zone: str, filters: Filters, picked: str | None, over: str | None) -> View:
    """The cards: totals, topics, networks, kinds, hours. Shared by all visits: only read them."""
    rows = engagement_rows.load(zone, version, filters, picked, over)
    if rows.kept.empty:
        return View(rows.what)
    return View(
        rows.what,
        (
            engagement.totals(rows, filters),
            _topics(version, zone, rows, filters),
            engagement.networks(rows, filters),
            _kinds(rows, filters),
            _hours(version, zone, rows.what, filters),
        ),
    )


def _topics(version: str, zone: str, rows: Rows, filters: Filters) -> Card:
    made = engagement_rows.topics(zone, version, filters, rows).head(engagement.TOPICS_SHOWN)
    names = [str(name).capitalize() for name in made["topic"]]
    return engagement.ranking("topic", names, made, rows.what, filters)


def _kinds(rows: Rows, filters: Filters) -> Card:
    if filters.topic is not None:
        note = "Choose all topics to see the kinds of posts apart."
        return Card("by-kind", "Kinds", "Totals of one topic know no kind.", note)
    part = shape.between(rows.kept, filters.start, filters.end)
    made = shape.grouped(part, "kind", rows.what, engagement_rows.followers(rows, filters))
    names = [kind_label(str(name)) for name in made["kind"]]
    return engagement.ranking("kind", names, made, rows.what, filters)


def _hours(version: str, zone: str, what: Measure, filters: Filters) -> Card:
    first = engagement.first_of_hours(filters)
    posts = day_posts.load(
        version, zone, first, filters.end, filters.network, filters.kind, filters.topic
    )
    return engagement.week(posts, what, filters, zone)
