"""Posts: a table to search and sort, and one post with its growth and every figure's source."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.components import chart, db, frame, period, post_detail
from dashboard.filters import Filters
from dashboard.theme import kind_of_one, network_label
from data.models import Practice
from data.queries import posts as queries

SORTS = {
    "Newest": "published_at",
    "Engagement": "engagement",
    "Engagement rate": "rate",
    "Impressions": "impressions",
    "Views": "views",
    "Reach": "reach",
    "Clicks": "clicks",
}
LONGEST_SEARCH = 80


@st.cache_data(max_entries=32, show_spinner=False)
def _load(version: str, wanted: queries.Wanted) -> tuple[pd.DataFrame, int]:
    del version
    with db.read() as session:
        found = queries.posts_table(session, wanted)
        more = len(found) == queries.MOST_ROWS
        return found, queries.count_posts(session, wanted) if more else len(found)


def wanted_posts(filters: Filters, words: str, zone: str) -> queries.Wanted:
    """The filters as instants of the practice's days."""
    home = ZoneInfo(zone)
    until = datetime.combine(filters.end + timedelta(days=1), time(), home)
    return queries.Wanted(
        since=datetime.combine(filters.start, time(), home).astimezone(UTC),
        until=until.astimezone(UTC),
        networks=(filters.network,) if filters.network else (),
        topics=(filters.topic,) if filters.topic else (),
        kinds=(filters.kind,) if filters.kind else (),
        words=words[:LONGEST_SEARCH],
    )


def _page(practice: Practice) -> None:
    version = db.version()
    with frame.page_header("Posts", "What was said, how it grew, and where each figure is from"):
        words = st.text_input(
            "Search", key="q", bind="query-params", placeholder="Words in the text", width=240,
            icon=":material/search:", label_visibility="collapsed", max_chars=LONGEST_SEARCH,
        )  # fmt: skip
        sort = st.selectbox(
            "Sort by", tuple(SORTS), key="sort", bind="query-params", width=170,
            label_visibility="collapsed", format_func=str,
        )  # fmt: skip
    filters = period.choose(practice, topic=True, kind=True, compares=False, version=version)
    found, total = _load(version, wanted_posts(filters, words or "", practice.zone))
    if found.empty:
        _nothing(words)
    else:
        ordered = in_order(found, sort or "Newest")
        _table(ordered, total, filters, practice.zone)
    chosen = chosen_post()
    if chosen is not None:
        post_detail.show(chosen, practice, version)
    elif not found.empty:
        frame.note("Select a row to see how the post grew and where its figures come from.")


def in_order(found: pd.DataFrame, sort: str) -> pd.DataFrame:
    """Largest or newest first, missing last; pure."""
    return found.sort_values(
        SORTS.get(sort, "published_at"), ascending=False, na_position="last", kind="stable"
    ).reset_index(drop=True)


def shown(found: pd.DataFrame, zone: str) -> pd.DataFrame:
    """The frame as the table shows it: local times, words for networks and kinds; pure."""
    local = found["published_at"].dt.tz_convert(zone).dt.tz_localize(None)
    gone = found["deleted_at"].notna()
    table = pd.DataFrame(
        {
            "Published": local,
            "Network": found["network"].map(network_label),
            "Text": found["text"].where(~gone, "✕ deleted · " + found["text"]),
            "Engagement": as_numbers(found["engagement"]),
            "Rate": found["rate"] * 100,
        }
    )
    for name in ("impressions", "views", "reach", "clicks"):
        if found[name].notna().any():
            table[name.capitalize()] = as_numbers(found[name])
    table["Topics"] = found["topics"]
    table["Kind"] = found["kind"].map(kind_of_one)
    table["Link"] = found["permalink"]
    return table


def as_numbers(column: "pd.Series[int]") -> "pd.Series[float]":
    """Integers that may be missing, as the table wants them."""
    return column.astype("Float64").astype(float)


def _table(found: pd.DataFrame, total: int, filters: Filters, zone: str) -> None:
    table = shown(found, zone)
    most = float(table["Engagement"].max()) if table["Engagement"].notna().any() else 1.0
    with frame.card(_title(found, total), f"{filters.label} · figures as last read", key="posts"):
        event = st.dataframe(
            table,
            key="posts-table",
            hide_index=True,
            height=frame.table_height(len(table), 430),
            on_select="rerun",
            selection_mode="single-row",
            placeholder="–",
            column_config=_columns(most),
            alt=f"{len(table)} posts with their newest figures; select one for its growth",
            lazy=False,
        )
        chart.download(_plain(found), key="posts")
    rows = event.selection.rows
    picked = int(found["post_id"].iloc[rows[0]]) if rows and rows[0] < len(found) else None
    _remember(picked)


def _columns(most: float) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "Published": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", width=140),
        "Network": st.column_config.TextColumn(width=80),
        "Kind": st.column_config.TextColumn(width=75),
        "Text": st.column_config.TextColumn(width=330),
        "Topics": st.column_config.ListColumn(width=130),
        "Engagement": st.column_config.ProgressColumn(
            format="localized", min_value=0, max_value=max(most, 1.0), color="primary", width=140,
            help="Reactions or likes, comments or replies, shares, reposts, quotes, saves",
        ),
        "Rate": number(
            format="%.1f %%", width=70, help="Engagement over impressions (X) or views (Meta)"
        ),
        "Impressions": number(format="localized", width=100),
        "Views": number(format="localized", width=80),
        "Reach": number(format="localized", width=80),
        "Clicks": number(format="localized", width=70),
        "Link": st.column_config.LinkColumn("Link", display_text="Open", width=60),
    }  # fmt: skip


def _title(found: pd.DataFrame, total: int) -> str:
    if total > len(found):
        return f"The newest {formats.number(len(found))} of {formats.number(total)} posts"
    return f"{formats.number(total)} post{'s' if total != 1 else ''}"


def _plain(found: pd.DataFrame) -> pd.DataFrame:
    """For the CSV: topics as words, no cell that a spreadsheet would run as a formula."""
    plain = found.drop(columns=["post_id"]).copy()
    plain["topics"] = ["; ".join(names) for names in plain["topics"]]
    return plain


def _remember(picked: int | None) -> None:
    """Keep the selected post in the address; a row that is deselected closes it again."""
    before = st.session_state.get("posts-picked")
    st.session_state["posts-picked"] = picked
    if picked is not None:
        st.query_params["post"] = str(picked)
    elif before is not None:
        st.query_params.pop("post", None)


def chosen_post() -> int | None:
    """The post that the address names."""
    text = str(st.query_params.get("post", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _nothing(words: str | None) -> None:
    if words:
        frame.empty(
            "No post says that",
            f"No post of this period holds “{words}”. Try fewer words or a longer period.",
            icon=":material/search_off:",
        )
        return
    frame.empty(
        "No posts in this period",
        "Choose a longer period, or connect an account whose posts should appear here.",
        link="connections",
        link_label="Connect an account",
        icon=":material/article:",
    )


found_practice = db.practice()
if found_practice is not None:
    _page(found_practice)
