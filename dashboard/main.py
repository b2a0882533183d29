"""The script of every visit: frame first, then the page that the address names."""

import streamlit as st

from dashboard.components import db, frame, navigation
from dashboard.web.state import startup_problem, worker_note

st.set_page_config(
    page_title="Reachwell", page_icon=str(frame.STATIC / "favicon.png"), layout="wide"
)
frame.style()
closed = startup_problem()
practice = None
with frame.guard():
    practice = None if closed else db.practice()
current = st.navigation(
    navigation.pages("overview" if practice or closed else "welcome"), position="hidden"
)
frame.sidebar()
frame.problem(closed, worker=worker_note())
frame.banner(practice)
if not closed:
    with frame.guard():
        current.run()
