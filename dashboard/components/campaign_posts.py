"""A campaign's posts: why each belongs, and choosing them by hand."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from campaigns.figures import CampaignSummary
from dashboard.components import chart, db, frame
from dashboard.components.acting import acting
from dashboard.theme import network_label
from data import campaigns
from data.models import Practice
from data.queries import posts as queries
from data.queries.campaigns import PostRow, days_between, links_of, posts_of
from data.session import Session

VIEWS = ("In the campaign", "Pick more", "Left out")
Change = Callable[[Session, int, int], None]


def card(found: CampaignSummary, practice: Practice) -> None:
    """The posts, and two ways to choose by hand."""
    campaign_id = found.facts.id
    with frame.card("Its posts", _rule_words(campaign_id), key="campaign-posts"):
        view = st.segmented_control(
            "Posts", VIEWS, default=VIEWS[0], required=True, key="campaign-view",
            label_visibility="collapsed",
        )  # fmt: skip
        if view == VIEWS[1]:
            _pick_more(found, practice)
        elif view == VIEWS[2]:
            _left_out(campaign_id, practice)
        else:
            _belonging(found, practice)


def _rule_words(campaign_id: int) -> str:
    with db.read() as session:
        links = links_of(session, campaign_id)
    rules = [f"says {label}" for label in links.labels]
    rules += [f"links with utm_campaign={utm}" for utm in links.utms]
    if not rules:
        return "Picked by hand: the campaign has no label and no utm_campaign"
    return "A post belongs that " + ", or ".join(rules) + ", within the dates; or picked by hand"


def _belonging(found: CampaignSummary, practice: Practice) -> None:
    with db.read() as session:
        rows = posts_of(session, campaigns.get(session, found.facts.id))
    if not rows:
        st.caption("None yet. Posts appear here as soon as one fits, or pick them by hand.")
        return
    engaged = {line.post.post_id: line.engagement for line in found.posts}
    rows = rows[::-1]
    table = _table(rows, practice.zone, {row.post_id: engaged[row.post_id] for row in rows})
    picked = _choose(table, "in", "The posts that belong to the campaign")
    _act("Leave out", ":material/playlist_remove:", picked, [row.post_id for row in rows],
         found.facts.id, campaigns.leave_out)  # fmt: skip
    chart.download(table, key="campaign-posts")


def _pick_more(found: CampaignSummary, practice: Practice) -> None:
    words = st.text_input(
        "Search all posts", key="campaign-search", placeholder="Words in the text",
        icon=":material/search:", max_chars=80,
    )  # fmt: skip
    begin, end = days_between(found.facts.starts_on, found.facts.ends_on, found.facts.zone)
    wanted = queries.Wanted(words=words) if words else queries.Wanted(since=begin, until=end)
    mine = {line.post.post_id for line in found.posts}
    with db.read() as session:
        others = queries.posts_table(session, wanted, limit=300)
    others = others[~others["post_id"].isin(mine)].reset_index(drop=True)
    if others.empty:
        st.caption("No other post fits." if words else "No other post lies within the dates.")
        return
    table = pd.DataFrame(
        {
            "Published": others["published_at"].dt.tz_convert(practice.zone).dt.tz_localize(None),
            "Network": others["network"].map(network_label),
            "Text": others["text"],
            "Engagement": others["engagement"].astype("Float64").astype(float),
        }
    )
    picked = _choose(table, "more", "Other posts, to pick from")
    _act("Pick", ":material/playlist_add:", picked, others["post_id"].tolist(),
         found.facts.id, campaigns.pick)  # fmt: skip


def _left_out(campaign_id: int, practice: Practice) -> None:
    with db.read() as session:
        ids = sorted(links_of(session, campaign_id).left_out)
        details = [queries.post_detail(session, one) for one in ids]
    rows = [one for one in details if one is not None]
    if not rows:
        st.caption("No post was left out by hand.")
        return
    table = pd.DataFrame(
        {
            "Published": pd.to_datetime([one.post.published_at for one in rows])
            .tz_convert(practice.zone)
            .tz_localize(None),
            "Network": [network_label(one.account.network) for one in rows],
            "Text": [one.post.text for one in rows],
        }
    )
    picked = _choose(table, "out", "Posts left out by hand")
    _act("Let the rules decide", ":material/undo:", picked, ids, campaign_id, campaigns.unpick)


def _table(rows: Sequence[PostRow], zone: str, engaged: dict[int, int | None]) -> pd.DataFrame:
    published = pd.to_datetime([row.published_at for row in rows], utc=True)
    return pd.DataFrame(
        {
            "Published": published.tz_convert(zone).tz_localize(None),
            "Network": [network_label(row.network) for row in rows],
            "Text": [("✕ deleted · " if row.deleted_at else "") + row.text for row in rows],
            "Engagement": pd.Series([engaged[row.post_id] for row in rows], dtype="Float64"),
            "Why": [row.why for row in rows],
            "Link": [row.permalink for row in rows],
        }
    )


def _choose(table: pd.DataFrame, key: str, alt: str) -> list[int]:
    event = st.dataframe(
        table,
        key=f"campaign-posts-{key}",
        hide_index=True,
        height=frame.table_height(len(table), 360),
        on_select="rerun",
        selection_mode="multi-row",
        placeholder="–",
        column_config={
            "Published": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
            "Text": st.column_config.TextColumn(width=430),
            "Engagement": st.column_config.NumberColumn(format="localized"),
            "Link": st.column_config.LinkColumn(display_text="Open"),
        },
        alt=alt,
        lazy=False,
    )
    return [row for row in event.selection.rows if row < len(table)]


def _act(
    label: str, icon: str, picked: list[int], ids: Sequence[int], campaign_id: int, change: Change
) -> None:
    count = f" {len(picked)} post{'s' if len(picked) != 1 else ''}" if picked else ""
    st.button(
        f"{label}{count}" if picked else f"{label}: select rows first",
        icon=icon,
        disabled=not picked,
        key=f"act-{label}",
        on_click=_change,
        args=([ids[row] for row in picked], campaign_id, change),
    )


def _change(post_ids: list[int], campaign_id: int, change: Change) -> None:
    with acting(), db.write() as session:
        for post_id in post_ids:
            change(session, campaign_id, int(post_id))
