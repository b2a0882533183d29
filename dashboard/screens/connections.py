"""Connections: the accounts that are read, and how to connect one more."""

import streamlit as st

from dashboard.components import account_card, connect_form, db, frame, navigation
from data.models import Practice
from data.queries import connections as queries


def _page(practice: Practice) -> None:
    with db.read() as session:
        found = queries.connected(session)
    with frame.page_header("Connections", _subtitle(found)):
        pass
    if found:
        with st.grid(2, min_column_width=330):
            for one in found:
                account_card.show(one)
    st.header("Connect an account" if not found else "Connect another account", anchor=False)
    if practice.is_demo:
        st.info(
            "This is the demo practice: it takes test accounts on this machine only. For the real "
            "ones, set up your practice first.",
            icon=":material/science:",
        )
        navigation.link("welcome", "Set up my practice")
    connect_form.show()


def _subtitle(found: list[queries.Connected]) -> str:
    if not found:
        return "None yet. Each network takes about ten minutes, once"
    well = sum(one.account.state == "connected" for one in found)
    if well == len(found):
        return f"{len(found)} account{'s' if len(found) != 1 else ''}, all well"
    return f"{len(found) - well} of {len(found)} need a look"


found_practice = db.practice()
if found_practice is not None:
    _page(found_practice)
