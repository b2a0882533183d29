"""Portal: how many patients use the patient portal, how sure that is, and releasing more."""

import streamlit as st

from dashboard.components import (
    db,
    frame,
    navigation,
    portal_release,
    portal_rows,
    portal_use,
    privacy_parts,
)
from data.models import Practice

SUBTITLE = "How many patients use it. Identifiers removed, aggregated, differentially private"


def _page(practice: Practice) -> None:
    privacy_parts.style()
    with frame.page_header("Portal", SUBTITLE):
        pass
    if not portal_rows.coverage(db.version()):
        _nothing()
        portal_release.show(practice)
        return
    views = (portal_release.USE, portal_release.RELEASE)
    use, release = st.tabs(views, key=portal_release.VIEW, bind="query-params")
    if use.open:
        with use:
            portal_use.show(practice)
    if release.open:
        with release:
            portal_release.show(practice)


def _nothing() -> None:
    frame.empty(
        "Nothing is released yet",
        "This page will show how many patients sign in, look at their record, book or visit by "
        "video, week by week, with how sure each figure is. It takes three things: the folder "
        "where your portal's logs lie, a mapping of their columns (FHIR needs none), and the "
        "number of your active patients. The four steps below do it; so does the command "
        "“reachwell portal release”.",
        icon=":material/health_metrics:",
    )


practice = db.practice()
if practice is None:
    frame.page_header("Portal", SUBTITLE)
    navigation.link("welcome", "Set up my practice")
else:
    _page(practice)
