"""Campaigns: the list with state and pace, and one campaign's posts beside its ads."""

from datetime import date
from typing import Literal

import pandas as pd
import streamlit as st

from campaigns import export
from campaigns.figures import CampaignSummary
from campaigns.reports import words
from dashboard import formats
from dashboard.components import (
    campaign_form,
    campaign_posts,
    campaign_sides,
    chart,
    db,
    follow,
    frame,
    pacing,
)
from data import campaigns, requests
from data.errors import Refused
from data.models import Practice

STATES = {"running": "Running", "planned": "Planned", "ended": "Ended"}
BADGES: dict[str, Literal["green", "blue", "gray"]] = {
    "running": "green",
    "planned": "blue",
    "ended": "gray",
}
FORMATS = {"PDF": "pdf", "Excel (XLSX)": "xlsx", "CSV": "csv"}


@st.cache_data(max_entries=8, show_spinner=False)
def _load(version: str, today: date) -> list[CampaignSummary]:
    del version
    with db.read() as session:
        found = [export.summary(session, one.id or 0, today) for one in campaigns.all_of(session)]
    return sorted(found, key=lambda one: list(STATES).index(one.state))


def _page(practice: Practice) -> None:
    today = db.today(practice)
    with frame.page_header("Campaigns", "What each one is for, how it keeps pace, what it did"):
        if st.button("Add a campaign", icon=":material/add:", type="primary", key="campaign-add"):
            campaign_form.add(practice)
    found = _load(db.version(), today)
    if not found:
        frame.empty(
            "No campaigns yet",
            "A campaign is a name, dates and a goal. Its posts are found by a label or a link, "
            "its ads by name. Add the first one with the button above.",
            icon=":material/campaign:",
        )
        return
    chosen = _list(found)
    _one(chosen, practice)


def _list(found: list[CampaignSummary]) -> CampaignSummary:
    """The table of all; the campaign that the address or the selection names."""
    table = as_table(found)
    with frame.card(_title(found), "Select a row to see what it did", key="campaigns"):
        event = st.dataframe(
            table,
            key="campaigns-table",
            hide_index=True,
            height="content" if len(table) <= 8 else 330,
            on_select="rerun",
            selection_mode="single-row",
            placeholder="–",
            column_config={
                "Campaign": st.column_config.TextColumn(width="medium"),
                "Budget used": st.column_config.ProgressColumn(
                    format="percent", min_value=0, max_value=1, color="primary"
                ),
                "Days gone": st.column_config.ProgressColumn(
                    format="percent", min_value=0, max_value=1, color="gray"
                ),
                "Posts": st.column_config.NumberColumn(format="localized"),
                "Engagement": st.column_config.NumberColumn(format="localized"),
            },
            alt="Campaigns with state, dates, budget used, posts and engagement",
        )
        chart.download(table, key="campaigns")
    rows = event.selection.rows
    picked = found[rows[0]].facts.id if rows and rows[0] < len(found) else None
    before = st.session_state.get("campaigns-picked")
    st.session_state["campaigns-picked"] = picked
    if picked is not None:
        st.query_params["campaign"] = str(picked)
    elif before is not None:
        st.query_params.pop("campaign", None)
    named = st.query_params.get("campaign")
    return next((one for one in found if str(one.facts.id) == named), found[0])


def as_table(found: list[CampaignSummary]) -> pd.DataFrame:
    """One row a campaign; spend in each currency by itself; pure."""
    rows = []
    for one in found:
        engagement = one.get("engagement", "organic")
        pace = one.pacing
        rows.append(
            {
                "Campaign": one.facts.name,
                "State": STATES[one.state],
                "Dates": formats.span(one.facts.starts_on, one.facts.ends_on),
                "Budget used": None if pace is None else pace.budget_share,
                "Days gone": days_gone(one),
                "Pace": pace_words(one),
                "Spend": " + ".join(spends(one)) or None,
                "Posts": len(one.posts),
                "Engagement": engagement.value if engagement else None,
            }
        )
    return pd.DataFrame(rows)


def spends(one: CampaignSummary) -> list[str]:
    """What its ads cost, an entry for each currency."""
    figures = (one.get("spend", scope) for scope in one.scopes("paid"))
    return [
        words.figure(figure)
        for figure in figures
        if figure and figure.value is not None and figure.scope == f"paid {figure.unit}"
    ]


def days_gone(one: CampaignSummary) -> float:
    """The share of its days that are over."""
    length = (one.facts.ends_on - one.facts.starts_on).days + 1
    return min(max((one.today - one.facts.starts_on).days / length, 0.0), 1.0)


def pace_words(one: CampaignSummary) -> str | None:
    """The pace of a running campaign; None without a budget."""
    if one.pacing is None or one.state != "running":
        return None
    return one.pacing.verdict.rstrip(".")


def _title(found: list[CampaignSummary]) -> str:
    running = sum(one.state == "running" for one in found)
    all_words = f"{len(found)} campaign{'s' if len(found) != 1 else ''}"
    return f"{all_words}, {running or 'none'} running"


def _one(found: CampaignSummary, practice: Practice) -> None:
    facts = found.facts
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
    ):
        with st.container(width="content", gap="xxsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.header(facts.name, anchor=False, width="content")
                st.badge(STATES[found.state], color=BADGES[found.state])
            goal = f"{facts.goal} · " if facts.goal else ""
            st.caption(f"{goal}{formats.span(facts.starts_on, facts.ends_on)} ({facts.zone})")
        with st.container(horizontal=True, width="content", gap="small"):
            if st.button("Change", icon=":material/edit:", key=f"change-{facts.id}"):
                campaign_form.change(facts.id, practice)
            form = st.menu_button(
                "Export summary", list(FORMATS), icon=":material/download:",
                key=f"export-{facts.id}",
            )  # fmt: skip
    _export(facts.id, form)
    if found.pacing is not None:
        pacing.card([pacing.Row(facts, found.state, found.pacing)])
    campaign_sides.show(found)
    campaign_posts.card(found, practice)
    campaign_sides.sources(found)


def _export(campaign_id: int, form: str | None) -> None:
    """Ask the worker for the file, follow it, offer it."""
    key = f"export-request-{campaign_id}"
    if form in FORMATS:
        wish = {"campaign_id": campaign_id, "format": FORMATS[form]}
        try:
            with db.write() as session:
                st.session_state[key] = requests.ask(session, "render_report", wish)
        except Refused as refusal:
            frame.failed(refusal)
    if key in st.session_state:
        follow.follow(st.session_state[key], key=key, waiting="Writing the summary")


found_practice = db.practice()
if found_practice is not None:
    _page(found_practice)
