"""One post: how it grew, what it says, what it is about, and each figure's source."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from content.topics import match, topic_names
from dashboard import formats
from dashboard.components import chart, db, frame
from dashboard.components.acting import acting
from dashboard.figures import growth as drawn
from dashboard.theme import kind_of_one, network_colour, network_label
from data import topics
from data.metrics import BY_NAME, engagement
from data.models import Practice
from data.queries import growth
from data.queries.posts import PostDetail
from data.queries.posts import post_detail as read_detail

#: What a growth curve may show, best first, of what the network reports.
GROWN = ("engagement", "impressions", "views", "reach", "clicks")


@st.cache_data(max_entries=64, show_spinner=False)
def _growth(version: str, account_id: int, metric: str, post_id: int) -> pd.DataFrame:
    del version
    with db.read() as session:
        return growth.growth_frame(session, account_id, metric, post_id)


def show(post_id: int, practice: Practice, version: str) -> None:
    """The details of one post, below the table."""
    with db.read() as session:
        detail = read_detail(session, post_id)
    if detail is None:
        frame.empty("This post is not here", "It may belong to another database. Select a row.")
        return
    left, right = st.columns([3, 2])
    with left:
        _growth_card(detail, post_id, version)
    with right:
        _post_card(detail, practice.zone)
    _sources(detail, practice.zone)


def _growth_card(detail: PostDetail, post_id: int, version: str) -> None:
    known = {one.metric for one in detail.values}
    choices = [name for name in GROWN if name in known or (name == "engagement" and known)]
    if not choices:
        frame.empty("No figures yet", "The network has not reported any figure of this post.")
        return
    labels = {_label(name): name for name in choices}
    picked = st.session_state.get("growth")
    metric = labels.get(str(picked), choices[0])
    found = _growth(version, detail.post.account_id, metric, post_id)
    own = growth.curve(found, post_id)
    typical = drawn.near(growth.typical(found, leave_out=post_id), own)
    name = f"{network_label(detail.account.network)} {detail.account.handle}"
    with frame.card(drawn.title(drawn.judge(own, typical), metric), key="growth"):
        st.caption(_against(typical, name))
        st.segmented_control(
            "Figure", tuple(labels), default=_label(choices[0]), required=True, key="growth",
            label_visibility="collapsed",
        )  # fmt: skip
        chart.show(
            drawn.draw(own, typical, network_colour(detail.account.network)),
            pd.concat([own.assign(curve="this post"), typical.assign(curve="typical")]),
            alt=drawn.in_words(own, typical, metric),
            key="growth",
            height=320,
        )


def _against(typical: pd.DataFrame, name: str) -> str:
    if typical.empty:
        return (
            f"Since publishing (log axis). {name} has too few posts with a history for a typical "
            f"curve: {growth.FEWEST_POSTS} are needed."
        )
    return (
        f"Since publishing (log axis), against up to {int(typical['posts'].max())} other posts of "
        f"{name}: dashed the median, grey the middle 80 %"
    )


def _post_card(detail: PostDetail, zone: str) -> None:
    post, account = detail.post, detail.account
    when = post.published_at.astimezone(ZoneInfo(zone))
    with st.container(border=True, height="stretch", key="rw-card-post"):
        with st.container(horizontal=True, gap="xsmall"):
            st.badge(network_label(account.network), color="blue")
            st.badge(kind_of_one(post.kind), color="gray")
            if post.deleted_at is not None:
                gone = post.deleted_at.astimezone(ZoneInfo(zone))
                st.badge(
                    f"Deleted at the network, noticed {formats.day(gone.date())}",
                    icon=":material/delete:", color="red",
                )  # fmt: skip
        with st.container(height=220 if len(post.text) > 500 else "content", border=False):
            st.text(post.text or "(no text)")
        st.caption(f"{account.handle} · {formats.day(when.date())}, {when:%H:%M} ({zone})")
        _topics(detail)
        if post.permalink and post.permalink.startswith(("https://", "http://")):
            st.link_button(
                f"Open on {network_label(account.network)}", post.permalink,
                icon=":material/open_in_new:", disabled=post.deleted_at is not None,
            )  # fmt: skip


def _topics(detail: PostDetail) -> None:
    """Two clicks: open the list, choose. It is kept at once and can be taken back."""
    post_id = detail.post.id or 0
    key = f"topics-{post_id}"
    names = [name for name, _ in detail.topics]
    st.multiselect(
        "Topics", sorted({*topic_names(), *names}), default=names, key=key,
        max_selections=topics.MOST, placeholder="No topic: choose up to three",
        on_change=_correct, args=(post_id, key),
    )  # fmt: skip
    if detail.post.topics_by == "person":
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption("Corrected by hand; stays when the post is read again.", width="content")
            st.button(
                "Undo", key=f"undo-{post_id}", type="tertiary", icon=":material/undo:",
                on_click=_undo, args=(post_id, key),
            )  # fmt: skip
    else:
        st.caption(_why(detail))


def _why(detail: PostDetail) -> str:
    decided = [f"{name}: “{'”, “'.join(words)}”" for name, words in detail.topics if words]
    return "Found by its words. " + "; ".join(decided) if decided else "No word decided a topic."


def _correct(post_id: int, key: str) -> None:
    chosen = list(st.session_state.pop(key))  # what is stored is what the page shows
    with acting(), db.write() as session:
        topics.correct(session, post_id, chosen)
        st.toast("Topics corrected.", icon=":material/check:")


def _undo(post_id: int, key: str) -> None:
    st.session_state.pop(key, None)
    with acting(), db.write() as session:
        topics.undo(session, post_id, _matched)


def _matched(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(found.topic, tuple(found.words)) for found in match(text)]


def _sources(detail: PostDetail, zone: str) -> None:
    if not detail.values:
        return
    rows = pd.DataFrame(_source_rows(detail, zone))
    total = engagement({one.metric: one.value for one in detail.values})
    title = "Every figure names the reply it came from"
    with frame.card(title, _sum_words(total), key="sources"):
        st.dataframe(
            rows,
            key="post-sources",
            hide_index=True,
            height="content",
            column_config={
                "Value": st.column_config.NumberColumn(format="localized"),
                "Read at": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
                "Address": st.column_config.TextColumn(width="large"),
            },
            alt="The post's figures, each with the time and the reply it was read from",
        )
        chart.download(rows, key="post-sources")


def _sum_words(total: int | None) -> str:
    if total is None:
        return "Engagement is not known: the network reports none of its parts"
    return f"Engagement {formats.number(total)} is the sum of its parts; clicks stand apart"


def _source_rows(detail: PostDetail, zone: str) -> list[dict[str, object]]:
    rows = []
    for one in detail.values:
        source = one.source
        rows.append(
            {
                "Figure": _label(one.metric),
                "Value": one.value,
                "Read at": _local(one.captured_at, zone),
                "Reply": source.raw_id if source else None,
                "API": source.api_version if source else None,
                "Address": source.address if source else None,
                "Reply kept": ("yes" if source.kept else "hash only") if source else "no",
            }
        )
    return rows


def _local(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _label(metric: str) -> str:
    return BY_NAME[metric].label if metric in BY_NAME else metric.capitalize()
