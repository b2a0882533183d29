"""The script of every visit: frame first, then the page the address names."""

import streamlit as st

from dashboard.components import db, frame, navigation

st.set_page_config(
    page_title="Reachwell", page_icon=str(frame.STATIC / "favicon.png"), layout="wide"
)
frame.style()
with frame.guard():
    practice = db.practice()
    current = st.navigation(
        navigation.pages("overview" if practice else "welcome"), position="hidden"
    )
    frame.sidebar()
    frame.banner(practice)
    with frame.guard():
        current.run()
