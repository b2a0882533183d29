"""Connecting one more account: steps, permissions, the form, and what it will cost."""

import re

import streamlit as st

from dashboard import formats
from dashboard.components import account_card, db, follow, frame, navigation
from dashboard.steps import NETWORKS, Steps
from data import crypto, requests
from data.errors import Refused
from data.settings import load_settings
from data.x_prices import BILLED_DAYS_A_POST, OWN_POST_MICROS, POST_MICROS, estimate

REQUEST = "connect-request"
LOOPBACK = r"https?://(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?/?"


def show() -> None:
    """Choose a network, see what to do where, paste, connect."""
    labels = {steps.label: network for network, steps in NETWORKS.items()}
    picked = st.segmented_control(
        "Network", tuple(labels), default="Facebook", required=True, key="connect",
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    network = labels[picked or "Facebook"]
    steps = NETWORKS[network]
    left, right = st.columns([3, 2])
    with left:
        _steps(steps)
    with right:
        _form(network, steps)
    if network == "x":
        _cost()


def _steps(steps: Steps) -> None:
    with frame.card(f"What to do at {steps.where}", f"{steps.reads}.", key="steps"):
        st.markdown("\n".join(f"{n}. {text}" for n, text in enumerate(steps.steps, 1)))
        st.markdown("**Permissions to tick**")
        st.markdown("\n".join(f"- `{name}`: {why}" for name, why in steps.permissions))
        st.caption(steps.lasts)


def _form(network: str, steps: Steps) -> None:
    with frame.card("Paste the token here", _sealed_words(), key="connect-form"):
        with st.form(f"connect-{network}", border=False, clear_on_submit=True):
            handle = st.text_input(
                steps.handle, placeholder=steps.handle_example, max_chars=200, required=True
            )
            token = st.text_input(
                steps.token, type="password", max_chars=8000, required=True, autocomplete="off"
            )
            budget = None
            if network == "x":
                budget = st.number_input(
                    "Budget, US dollars a month", 0.0, 100_000.0, 25.0, 5.0, format="%.2f",
                    help="Reading stops for the month once this is used up",
                )  # fmt: skip
            with st.expander("Advanced"):
                base_url = st.text_input(
                    "Base address (a test server on this machine)",
                    placeholder="http://127.0.0.1:8700",
                    help="Only addresses of this machine. Empty: the network itself",
                )
            sent = st.form_submit_button(
                "Connect and test", type="primary", icon=":material/cable:"
            )
        if sent:
            try:
                _ask(network, handle or "", token or "", base_url or "", budget)
            except Refused as refusal:
                frame.failed(refusal)
        if REQUEST in st.session_state:
            follow.follow(
                st.session_state[REQUEST], key="connect", waiting="Asking the network",
                on_done=_connected,
            )  # fmt: skip


def _sealed_words() -> str:
    return "Sealed at once for the worker alone: this page can store a token and never read one"


def _ask(network: str, handle: str, token: str, base_url: str, budget: float | None) -> None:
    if not handle.strip() or not token.strip():
        raise Refused("Name and token are both needed.", "Fill in both, then connect.")
    payload: dict[str, object] = {"network": network, "handle": handle.strip().removeprefix("@")}
    if address := checked_base(base_url):
        payload["base_url"] = address
    if budget is not None:
        payload["budget_minor"] = round(budget * 100)
    sealed = crypto.seal(load_settings().resolved_home, token.strip().encode())
    with db.write() as session:
        st.session_state[REQUEST] = requests.ask(session, "connect_account", payload, sealed)


def checked_base(text: str) -> str | None:
    """A loopback address without a closing slash, None where empty; Refused for all else."""
    address = text.strip().rstrip("/")
    if not address:
        return None
    if not re.fullmatch(LOOPBACK, address, re.IGNORECASE):
        raise Refused(
            "The base address is not on this machine.",
            "Leave it empty, or give one such as http://127.0.0.1:8700.",
        )
    return address


def _connected(found: follow.Followed) -> None:
    result = found.result or {}
    st.success(
        account_card.tested_words(result),
        title=f"{result.get('account', 'The account')} is connected",
        icon=":material/check_circle:",
    )
    st.caption("The newest posts come first, the past fills in behind them.")
    navigation.link("activity", "Watch it come in")


def _cost() -> None:
    with frame.card("What reading X will cost", "An estimate at X's prices per use", key="cost"):
        left, middle, right = st.columns(3, vertical_alignment="bottom")
        a_day = left.number_input("Posts a day", 0.0, 200.0, 1.0, 0.5, format="%.1f", key="x-day")
        past = middle.number_input("Posts so far", 0, 1_000_000, 1000, 100, key="x-past")
        own = right.toggle("The token is the account's own", True, key="x-own")
        found = estimate(float(a_day), own=own, past_posts=int(past))
        with st.grid(3, min_column_width=170):
            st.metric("Each month", f"${found.month_cents / 100:,.2f}", border=True)
            st.metric("Once, for the past", f"${found.first_cents / 100:,.2f}", border=True)
            st.metric("Posts read a month", formats.number(found.reads_a_month), border=True)
        st.caption(
            f"Assumed: {_dollars(OWN_POST_MICROS)} for an own post, {_dollars(POST_MICROS)} for "
            f"another's, billed once a day; each post is read on {BILLED_DAYS_A_POST} days (daily "
            "for 30 days, then weekly until day 90); followers once a day at \\$0.010; of the past "
            "X gives the newest 3,200 posts. What is really spent is counted and shown above."
        )


def _dollars(micros: int) -> str:
    return f"\\${micros / 1_000_000:.3f}"
