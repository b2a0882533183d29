"""How the columns of the practice's own exports are read: the list, and the form in a drawer."""

from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from content.topics.vocabulary import topic_names
from dashboard import mapping_fields as fields
from dashboard.components import db, frame
from data.errors import Refused
from data.privacy import columns, mappings
from data.privacy.keys import EVENTS


def card() -> None:
    """All mappings, and a way to add one."""
    with db.read() as session:
        found = [(one.name, dict(one.mapping)) for one in mappings.all_of(session)]
    with frame.card(
        "2. How columns are read", "FHIR and Synthea files need no mapping", key="portal-mappings"
    ):
        for name, said in found:
            with st.container(
                horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
            ):
                st.markdown(f"**{name}**  \n{_reads(said)}", width="stretch")
                if st.button("Change", icon=":material/edit:", key=f"mapping-{name}"):
                    edit(name, said)
        if not found:
            frame.note(
                "A table (CSV, TSV, Parquet) of your own needs one: it names the columns that are "
                "read. Any other column is never looked at."
            )
        if st.button("Add a mapping", icon=":material/add:", key="mapping-add"):
            edit("", {})


def _reads(said: dict[str, Any]) -> str:
    try:
        return f"reads {', '.join(columns.parse(said, topic_names()).columns)}"
    except Refused as refusal:
        return f":red[:material/error:] {refusal}"


@st.dialog("How columns are read", width="medium", position="right", icon=":material/table_chart:")
def edit(name: str, said: dict[str, Any]) -> None:
    """Ask for a mapping; on success it is kept, instead of the one of that name."""
    with st.form("mapping", border=False):
        wanted = name or st.text_input(
            "Name", max_chars=40, placeholder="vendor", required=True,
            help="Small letters, digits, dots and dashes. The ledger calls the source by it",
        )  # fmt: skip
        if name:
            st.markdown(f"**{name}**")
        st.caption("Names of columns, exactly as the file's first line has them. No other is read.")
        named = _columns(said)
        zones, kept = ["", *sorted(available_timezones())], said.get("time_zone") or ""
        zone = st.selectbox(
            "Time zone of the instants that carry none", zones,
            index=zones.index(kept) if kept in zones else 0,
        )  # fmt: skip
        age = _age(said)
        events = st.text_area(
            "What was done: value in the file = kind of use, one a line",
            fields.lines(said.get("events")), placeholder="LOGIN = sign_in\nMSG = message",
            help=f"The kinds of use: {', '.join(EVENTS)}. Empty: the file has them already",
        )  # fmt: skip
        topics = st.text_area(
            "Topics: value in the file = topic, one a line",
            fields.lines(said.get("topics")), placeholder="BP = blood pressure",
            help="Topics of the vocabulary: a value that is none of them is “no topic”",
        )  # fmt: skip
        sent = st.form_submit_button("Save", type="primary", icon=":material/check:")
    if sent:
        _keep((wanted or "").strip(), named, zone, age, (events, topics))
    if name:
        _removal(name)


def _columns(said: dict[str, Any]) -> dict[str, str | None]:
    named: dict[str, str | None] = {}
    halves = st.columns(2)
    for index, (key, (label, example, meaning)) in enumerate(fields.COLUMNS.items()):
        more = "" if key in fields.REQUIRED else " (may stay empty)"
        named[key] = halves[index % 2].text_input(
            label + more, said.get(key) or "", placeholder=example, help=meaning, max_chars=200
        )
    return named


def _age(said: dict[str, Any]) -> tuple[str, str | None]:
    kinds = [fields.NO_AGE, *fields.AGE_KEYS]
    left, right = st.columns(2)
    now = fields.age_kind(said)
    kind = left.selectbox("Ages", kinds, index=kinds.index(now))
    column = right.text_input(
        "Column of ages", said.get(fields.AGE_KEYS.get(now, "")) or "", placeholder="DOB"
    )
    return kind or fields.NO_AGE, column


def _keep(
    name: str,
    named: dict[str, str | None],
    zone: str | None,
    age: tuple[str, str | None],
    texts: tuple[str | None, str | None],
) -> None:
    try:
        said = fields.assembled(named, zone, age, *texts)
        columns.parse(said, topic_names())
        with db.write() as session:
            mappings.put(session, name, said)
    except Refused as refusal:
        frame.failed(refusal)
        return
    st.rerun()


def _removal(name: str) -> None:
    with st.expander("Remove this mapping"):
        st.caption("What was released by it stays.")
        if st.button("Remove", icon=":material/delete:", key="mapping-remove"):
            with db.write() as session:
                mappings.remove(session, name)
            st.rerun()
