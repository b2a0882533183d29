"""Overview: whether to worry, within ten seconds."""

from datetime import date, timedelta

import streamlit as st

from dashboard import formats, markup
from dashboard.cards import Card
from dashboard.components import alongside, db, frame, navigation, period
from dashboard.filters import Filters
from dashboard.glance import Glance, glance
from dashboard.theme import network_label
from data.clock import now
from data.models import Practice
from data.queries import freshness
from data.queries import overview as queries

HISTORY = timedelta(days=53 * 7)  # what is usual is told from a year
MOODS = {
    "act": (":material/error:", "red"),
    "watch": (":material/trending_down:", "orange"),
    "good": (":material/trending_up:", "green"),
    "calm": (":material/check_circle:", "green"),
    "early": (":material/hourglass_empty:", "gray"),
}
SEVERITIES = {
    "error": ":red[:material/error:]",
    "warning": ":orange[:material/warning:]",
    "info": ":blue[:material/info:]",
}


@st.cache_data(max_entries=32, show_spinner=False)
def _load(version: str, axis: str, first: date, last: date) -> queries.Overview:
    del version
    with db.read() as session:
        return queries.overview(session, axis=axis, first=first, last=last)


@st.fragment
def _body(practice: Practice) -> None:
    with frame.guard():
        version = db.version()
        filters = period.choose(practice, axis=True, version=version)
        with db.read() as session:
            sources = freshness.sources(session)
            alerts = freshness.open_alerts(session)
        frame.note(
            f"{filters.label}, compared with {filters.before_label} · {filters.axis_label} · "
            f"{frame.freshness(sources)}"
        )
        first = min(filters.before_start - timedelta(days=28), filters.end - HISTORY)
        data = _load(version, filters.axis, first, filters.end)
        if data.daily.empty and data.posts.empty:
            _nothing(sources)
            return
        trouble = [alert.title for alert in alerts if alert.severity == "error"]
        trouble += [f"{s.label} could not be read" for s in sources if s.failing]
        seen = glance(data, filters, trouble=list(dict.fromkeys(trouble)))
        left, right = st.columns([5, 3], gap="small")
        with left:
            _verdict(seen, filters)
        with right:
            _alerts(alerts)
        _cards(seen.cards)
        _sources(sources)


def _nothing(sources: list[freshness.Source]) -> None:
    if not sources:
        frame.empty(
            "No account is connected yet",
            "Connect a Facebook Page, an Instagram or X account or an ad account, and its last "
            "30 days stand here within a minute.",
            link="connections",
            link_label="Connect an account",
            icon=":material/cable:",
        )
        return
    frame.empty(
        "The first figures are on their way",
        "The last 30 days come first, the rest fills in behind them.",
        link="activity",
        link_label="See what is running",
        icon=":material/hourglass_top:",
    )


def _verdict(seen: Glance, filters: Filters) -> None:
    icon, colour = MOODS[seen.mood]
    with st.container(border=True, height="stretch", key="rw-verdict"):
        st.header(f":{colour}[{icon}] {seen.headline}", anchor=False)
        st.markdown("\n".join(f"- {sentence}" for sentence in seen.sentences))
        if filters.axis == "published":
            frame.note("The newest posts are still gathering: their figures go on growing.")


def _alerts(alerts: list[freshness.OpenAlert]) -> None:
    with frame.card("Today's alerts" if alerts else "No alerts today", key="alerts"):
        if not alerts:
            frame.note("Tokens are valid, budgets hold, every source answers.")
        for alert in alerts[:4]:
            todo = f"  \n{alert.todo}" if alert.todo else ""
            st.markdown(f"{SEVERITIES.get(alert.severity, '')} **{alert.title}**{todo}")
        if len(alerts) > 4:
            navigation.link("activity", f"{len(alerts) - 4} more under Activity")


def _cards(cards: tuple[Card, ...]) -> None:
    with st.grid(3, min_column_width=155, gap="small", key="rw-cards") as grid:
        for card in cards:
            with grid.cell(), st.container(border=True, height="stretch", gap="xxsmall"):
                _card(card)


def _card(card: Card) -> None:
    verdict = card.finding.verdict
    calm = verdict in {"usual", "unknown"} or card.rising_is_good is None
    st.metric(
        card.label,
        card.value,
        card.delta,
        delta_color="off" if calm else "normal",
        delta_arrow=card.arrow,  # told from the change: the text bears a true minus
        delta_description={
            "usual": "usual",
            "unknown": "",
            "above": "above usual",
            "below": "below usual",
        }[verdict]
        or None,
        help=card.help,
    )
    line = markup.sparkline(card.weeks, card.shown)
    if line:
        st.image(line, width="stretch", alt=card.alt)
    else:
        frame.note("No weeks to draw yet.")


def _sources(sources: list[freshness.Source]) -> None:
    instant = now()
    with (
        frame.card("Sources", "When each of them last answered", key="sources"),
        st.grid(4, min_column_width=210, gap="small") as grid,
    ):
        for source in sources:
            grid.markdown(
                f"**{network_label(source.network)}** · {source.handle}  \n{_state(source)} · "
                f"{formats.ago(source.last_ok_at, instant)}"
            )


def _state(source: freshness.Source) -> str:
    if source.failing:
        why = source.reason or source.last_error or "could not be read"
        return f":red[:material/error:] {why}"
    if source.state == "paused":
        return ":material/pause_circle: paused by you"
    if source.paused_until is not None and source.paused_until > now():
        return ":orange[:material/schedule:] the network asks to wait"
    if source.backfilling:
        return ":material/downloading: still reading back"
    return ":green[:material/check_circle:] up to date"


practice = db.practice()
frame.page_header("Overview", practice.name if practice else "")
if practice is None:
    navigation.link("welcome", "Set up my practice")
else:
    _body(practice)
    alongside.show()
