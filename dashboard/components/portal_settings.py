"""What the practice states of itself for the portal: folder, active patients, ZIP areas."""

import streamlit as st

from dashboard import releasing
from dashboard.components import db, frame
from data import practice as practices
from data.errors import Refused
from data.models import Practice


def card(practice: Practice) -> None:
    """The form; what it keeps is audited by the names of the fields."""
    with (
        frame.card("1. What you state", "It decides what may be released", key="portal-stated"),
        st.form("portal-stated", border=False),
    ):
        folder = st.text_input(
            "Folder of the portal's logs", practice.portal_folder or "", max_chars=400,
            placeholder="/srv/portal-logs",
            help="On the machine of this desk. Logs are read there and never copied or uploaded",
        )  # fmt: skip
        patients = st.number_input(
            "Active patients", min_value=0, value=practice.active_patients, step=100,
            placeholder="not stated", format="%d",
            help="As you know them, not from the logs. From 3,000 on days are released too",
        )  # fmt: skip
        zip3s = st.text_input(
            "ZIP areas: the first three digits, at most 30", ", ".join(practice.zip3s),
            placeholder="100, 112", max_chars=200,
            help="Where most of your patients live; all others are told as “elsewhere”",
        )  # fmt: skip
        if st.form_submit_button("Save", icon=":material/check:"):
            _save(folder, None if patients is None else int(patients), zip3s)


def _save(folder: str | None, patients: int | None, zip3s: str | None) -> None:
    try:
        with db.write() as session:
            practices.describe(
                session,
                portal_folder=releasing.checked_folder(folder),
                active_patients=patients,
                zip3s=releasing.areas(zip3s),
            )
    except Refused as refusal:
        frame.failed(refusal)
        return
    st.toast("Saved", icon=":material/check_circle:")
    st.rerun()
