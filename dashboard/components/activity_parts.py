"""Parts of the page Activity that draw themselves anew while something runs."""

from datetime import datetime

import streamlit as st

from dashboard import formats
from dashboard.backfills import Progress, progress
from dashboard.components import db, frame, navigation
from dashboard.components.acting import acting
from dashboard.theme import network_label
from data import accounts, heartbeat
from data.clock import now
from data.models import WorkerHeartbeat
from data.queries import activity as queries
from data.settings import load_settings

EVERY = 2.0
SKEW_MS = 60_000


@st.fragment(run_every=EVERY)
def workers() -> None:
    """Whether anybody is at work."""
    with frame.guard(), db.read() as session:
        alive = heartbeat.alive(session)
        latest = heartbeat.latest(session)
        due = queries.next_due(session)
    at = now()
    with frame.card(worker_title(alive), key="workers"):
        if not alive:
            st.markdown(f":red[:material/error:] {_absent(latest, at)}")
        for one in alive:
            st.markdown(
                f":green[:material/favorite:] **{one.host}**, process {one.pid}  \n"
                f"Since {formats.ago(one.started_at, at).removesuffix(' ago')} · last sign of "
                f"life {formats.ago(one.beat_at, at)}"
            )
            if one.clock_skew_ms and abs(one.clock_skew_ms) > SKEW_MS:
                st.warning(
                    f"Its clock is {abs(one.clock_skew_ms) / 60_000:.0f} min off. Set it: times "
                    "of new figures would be wrong.",
                    icon=":material/schedule:",
                )
        if due is not None:
            st.caption(f"Next piece of work {due_words(due, at)}")


def worker_title(alive: list[WorkerHeartbeat]) -> str:
    """The finding; pure."""
    if not alive:
        return "Nobody is at work"
    return "The worker is at work" if len(alive) == 1 else f"{len(alive)} workers are at work"


def due_words(due: datetime, at: datetime) -> str:
    """ "is due now" / "is due in 12 min"; pure."""
    seconds = (due - at).total_seconds()
    if seconds <= 0:
        return "is due now"
    if seconds < 90:
        return f"is due in {seconds:.0f} s"
    return f"is due in {seconds / 60:.0f} min" if seconds < 5400 else f"in {seconds / 3600:.0f} h"


def _absent(latest: WorkerHeartbeat | None, at: datetime) -> str:
    seen = f"The last sign of life was {formats.ago(latest.beat_at, at)}. " if latest else ""
    if load_settings().worker == "child":
        return f"{seen}The desk starts its worker again by itself, within seconds."
    return f"{seen}Start one on this or another machine: `reachwell worker`."


@st.fragment(run_every=EVERY)
def running() -> None:
    """What is being done at this moment."""
    with frame.guard(), db.read() as session:
        found = queries.running(session)
    at = now()
    count = len(found)
    title = (
        "Nothing runs at the moment"
        if not count
        else f"{count} thing{'s' if count > 1 else ''} running"
    )
    with frame.card(title, key="running"):
        if not found:
            st.caption("Work begins by itself when it is due: new posts hourly, ads daily.")
        for item, account in found:
            name = f"{network_label(account.network)} {account.handle}" if account else ""
            what = queries.STREAM_WORDS.get(item.stream or "", item.stream or item.kind)
            brought = f"{item.pages} pages, {item.inserted} new, {item.updated} changed"
            since = formats.ago(item.started_at, at).removesuffix(" ago")
            st.markdown(f":material/sync: **{name}** · {what}  \n{brought}, for {since}")


@st.fragment(run_every=EVERY)
def backfills() -> None:
    """The first reading of each account's past, with stop and resume."""
    with frame.guard(), db.read() as session:
        found = queries.backfills(session)
    at = now()
    open_ones = [one for one in found if one.done_at is None]
    title = backfill_title(found)
    with frame.card(title, "How far back each account was read", key="backfills"):
        if not found:
            st.caption("Begins as soon as an account is connected.")
            navigation.link("connections", "Connect an account")
            return
        for one in open_ones:
            _backfill(one, progress(one, at), at)
        if len(open_ones) < len(found):
            done = [one for one in found if one.done_at is not None]
            st.markdown("  \n".join(f":green[:material/check:] {done_words(one)}" for one in done))


def backfill_title(found: list[queries.Backfill]) -> str:
    """The finding; pure."""
    open_ones = [one for one in found if one.done_at is None]
    if not found:
        return "No past to read yet"
    if not open_ones:
        return "The past is read, as far as the networks give it"
    return f"Reading the past of {len(open_ones)} account{'s' if len(open_ones) > 1 else ''}"


def done_words(one: queries.Backfill) -> str:
    """One line for a backfill that is over; pure."""
    back = f", back to {formats.day(one.oldest_at.date())}" if one.oldest_at else ""
    what = "ad days" if one.stream == "ads" else "posts"
    return f"{_name(one)}: {formats.number(one.items)} {what} in {one.pages} pages{back}"


def progress_words(one: queries.Backfill, found: Progress, at: datetime) -> str:
    """One line for a backfill under way; pure."""
    words = done_words(one)
    if one.stopped:
        return f"{words}. Stopped by you"
    if one.state != "connected":
        return f"{words}. Waits: the account is {one.state.replace('_', ' ')}"
    if one.paused_until is not None and one.paused_until > at:
        return f"{words}. The network asked to wait until {one.paused_until:%H:%M} UTC"
    if found.ends_at is not None:
        return f"{words}. Done in {_span(found.ends_at, at)} at the latest"
    if not one.running:
        return f"{words}. Goes on with the next run"
    return f"{words}. The network does not say how far back it goes"


def _span(end: datetime, at: datetime) -> str:
    minutes = (end - at).total_seconds() / 60
    return f"{max(1, round(minutes))} min" if minutes < 90 else f"{minutes / 60:.0f} h"


def _name(one: queries.Backfill) -> str:
    return f"{network_label(one.network)} {one.account}"


def _backfill(one: queries.Backfill, found: Progress, at: datetime) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch"):
            st.progress(found.share or 0.0, text=progress_words(one, found, at))
        key = f"{one.account_id}-{one.stream}"
        if one.stopped:
            st.button("Resume", icon=":material/play_arrow:", key=f"backfill-on-{key}",
                      on_click=_change, args=(one, False))  # fmt: skip
        else:
            st.button("Stop", icon=":material/stop:", key=f"backfill-off-{key}",
                      on_click=_change, args=(one, True))  # fmt: skip


def _change(one: queries.Backfill, stop: bool) -> None:
    act = accounts.stop_backfill if stop else accounts.resume_backfill
    with acting(), db.write() as session:
        act(session, accounts.get(session, one.account_id), one.stream)
