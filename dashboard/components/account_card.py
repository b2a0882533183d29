"""One connected account: how it is, what can be read of it, and what to do with it."""

from datetime import datetime, timedelta
from typing import Literal

import streamlit as st

from dashboard import formats
from dashboard.components import db, follow
from dashboard.components.acting import acting
from dashboard.theme import network_label
from data import accounts, requests
from data.clock import now
from data.models import Account
from data.queries.connections import Connected

Colour = Literal["green", "orange", "red", "gray", "blue"]
STATES: dict[str, tuple[str, Colour, str]] = {
    "connected": ("Connected", "green", ":material/check_circle:"),
    "paused": ("Paused by you", "gray", ":material/pause_circle:"),
    "needs_reauth": ("Needs a new token", "red", ":material/key_off:"),
    "permission": ("A permission is missing", "orange", ":material/lock:"),
    "out_of_credit": ("Out of credit", "orange", ":material/credit_card_off:"),
    "gone": ("Gone at the network", "red", ":material/link_off:"),
}
SOON = timedelta(days=14)


def show(one: Connected) -> None:
    """The card of one account."""
    account = one.account
    with st.container(border=True, height="stretch", key=f"rw-card-account-{account.id}"):
        _head(one)
        _facts(one)
        _rights(account)
        st.space("stretch")
        _actions(account)
        key = f"test-request-{account.id}"
        if key in st.session_state:
            follow.follow(st.session_state[key], key=key, on_done=_tested)


def _head(one: Connected) -> None:
    account = one.account
    words, colour, icon = STATES.get(account.state, (account.state, "gray", ":material/help:"))
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.header(network_label(account.network), anchor=False, width="content")
        st.badge(words, color=colour, icon=icon)
        if one.is_demo:
            st.badge("Demo", color="blue", icon=":material/science:")
    name = f"{account.name} · " if account.name and account.name != account.handle else ""
    st.caption(f"{name}{account.handle}")
    if account.state_reason and account.state not in ("connected", "paused"):
        st.warning(account.state_reason, icon=":material/warning:")


def _facts(one: Connected) -> None:
    at, account = now(), one.account
    lines = [f":material/inventory_2: {read_words(one)}"]
    lines.append(f":material/schedule: Last read {formats.ago(one.last_ok_at, at)}")
    if account.paused_until and account.paused_until > at:
        wait = formats.day(account.paused_until.date())
        lines.append(
            f":material/hourglass: The network asked to wait until {wait}, "
            f"{account.paused_until:%H:%M} UTC. It goes on by itself."
        )
    if account.token_ends_at is not None:
        lines.append(f":material/key: {token_words(account.token_ends_at, at)}")
    if one.last_error:
        lines.append(f":material/error: {formats.ago(one.last_error_at, at)}: {one.last_error}")
    for metric, since in one.unavailable:
        lines.append(f":material/block: {metric} is no longer given, noticed {since[:10]}")
    st.markdown("  \n".join(lines))
    if account.network == "x":
        _budget(one)


def read_words(one: Connected) -> str:
    """ "We have read 214 posts, back to 3 Aug 2026"; pure."""
    what = "ad days" if one.account.network == "meta_ads" else "posts"
    back = f", back to {formats.day(one.oldest_at.date())}" if one.oldest_at else ""
    return f"We have read {formats.number(one.figures)} {what}{back}"


def token_words(ends_at: datetime, at: datetime) -> str:
    """When the token ends, and how urgent that is; pure."""
    left = (ends_at - at).days
    day = formats.day(ends_at.date())
    if ends_at <= at:
        return f":red[The token ended on {day}. Connect again with a new one.]"
    if ends_at - at < SOON:
        return f":orange[The token ends in {left} day{'s' if left != 1 else ''}, on {day}]"
    return f"The token ends on {day}"


def _budget(one: Connected) -> None:
    account = one.account
    limit = account.budget_minor
    spent = one.spent_micros / 1_000_000
    if limit is None:
        st.caption(f"${spent:,.2f} spent this month, no budget set")
    else:
        share = min(spent * 100 / limit, 1.0) if limit else 1.0
        st.progress(share, text=f"\\${spent:,.2f} of \\${limit / 100:,.2f} spent this month")
    with st.popover("Change the budget", type="tertiary", icon=":material/payments:"):
        dollars = st.number_input(
            "US dollars a month", 0.0, 100_000.0, (limit or 0) / 100, 5.0,
            key=f"budget-{account.id}", format="%.2f",
        )  # fmt: skip
        st.caption("Reading stops for the month once this is used up.")
        if st.button("Save the budget", key=f"budget-save-{account.id}"):
            with db.write() as session:
                row = accounts.get(session, account.id or 0)
                accounts.set_budget(session, row, round(dollars * 100))
            st.rerun()


def _rights(account: Account) -> None:
    if account.can:
        st.markdown(f":green[:material/check:] We can {', '.join(account.can)}.")
    for one in account.cannot:
        st.markdown(f":orange[:material/close:] {one['what'].capitalize()}: no, {one['why']}.")
    if account.tested_at:
        st.caption(f"Tested {formats.ago(account.tested_at, now())}")


def _actions(account: Account) -> None:
    key = account.id
    with st.container(horizontal=True, gap="small"):
        st.button("Test", icon=":material/network_check:", key=f"test-{key}",
                  on_click=_ask_test, args=(account.id,))  # fmt: skip
        if account.state == "paused":
            st.button("Resume", icon=":material/play_arrow:", key=f"resume-{key}",
                      on_click=_change, args=(account.id, "resume"))  # fmt: skip
        else:
            st.button("Pause", icon=":material/pause:", key=f"pause-{key}",
                      on_click=_change, args=(account.id, "pause"))  # fmt: skip
        with st.popover("Remove", icon=":material/delete:"):
            st.markdown(f"Remove **{accounts.label(account)}**?")
            st.caption("Its token is deleted and nothing more is read. Posts and figures stay.")
            st.button("Remove it", type="primary", key=f"remove-{key}",
                      on_click=_change, args=(account.id, "remove"))  # fmt: skip


def _ask_test(account_id: int) -> None:
    with acting(), db.write() as session:
        request = requests.ask(session, "test_account", {"account_id": account_id})
        st.session_state[f"test-request-{account_id}"] = request


def _change(account_id: int, what: Literal["pause", "resume", "remove"]) -> None:
    change = {"pause": accounts.pause, "resume": accounts.resume, "remove": accounts.remove}[what]
    with acting(), db.write() as session:
        change(session, accounts.get(session, account_id))


def _tested(found: follow.Followed) -> None:
    st.success(tested_words(found.result or {}), icon=":material/check_circle:")


def tested_words(result: dict[str, object]) -> str:
    """A test's result: "We can read 214 posts. Ad spend: no, permission … is missing."; pure."""
    can, cannot = result.get("can"), result.get("cannot")
    parts = []
    if isinstance(can, list) and can:
        parts.append(f"We can {', '.join(str(one) for one in can)}.")
    for one in cannot if isinstance(cannot, list) else []:
        parts.append(f"{str(one['what']).capitalize()}: no, {one['why']}.")
    return " ".join(parts) or "The token works."
