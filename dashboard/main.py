"""The script of every visit: frame first, then the page that the address names."""

import streamlit as st

from dashboard.components import db, frame, navigation
from dashboard.web.state import startup_problem, worker_note

st.set_page_config(
    page_title="Reachwell", page_icon=str(frame.STATIC / "favicon.png"), layout="wide"
)
frame.style()
closed = startup_problem()
frame.problem(closed)
practice, readable = None, False
if not closed:
    with frame.guard():
        practice, readable = db.practice(), True
current = st.navigation(
    navigation.pages("overview" if practice or not readable else "welcome"), position="hidden"
)
frame.sidebar()
if readable:
    frame.problem(None, worker=worker_note())
    frame.banner(practice)
    with frame.guard():
        current.run()
