"""Releasing more: what the practice states, how sure figures will be, files and days, the run."""

import json
from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from dashboard import formats, releasing, wordy_table
from dashboard.components import db, follow, frame, mapping_form, portal_settings
from dashboard.components.acting import acting
from data import crypto, requests
from data.models import Practice
from data.privacy import mappings
from data.queries import activity, portal
from data.settings import load_settings

KIND = "portal_release"
REQUEST = "portal-request"
VIEW, USE, RELEASE = "view", "Use", "Release"
COMMAND = "reachwell portal release FILE --from 2026-01-05 --through 2026-02-01"
BY_ITSELF = "By itself: FHIR, or the mapping whose columns fit"


def show(practice: Practice) -> None:
    """Four steps, one below the other."""
    with frame.guard():
        with db.read() as session:
            names = [one.name for one in mappings.all_of(session)]
            st.session_state.setdefault(REQUEST, activity.open_wish(session, KIND))
            newest = portal.newest_day(session)
        left, right = st.columns(2, gap="small")
        with left:
            portal_settings.card(practice)
        with right:
            mapping_form.card()
        _margins(practice)
        _run(practice, names, newest)


def _margins(practice: Practice) -> None:
    stated = practice.active_patients
    title = "3. How sure the figures will be"
    of = "no number of patients stated" if stated is None else f"{stated:,} active patients"
    with frame.card(title, f"With {of}, in 95 of 100 cases", key="portal-margins"):
        rows = releasing.margins(stated, practice.zip3s)
        st.html(
            wordy_table.table(
                rows, "The five tables: margin, cost of a period, share left out, whether released"
            )
        )
        frame.note(
            "A figure counts patients, each once. Cost: of the 1 that a year may cost; Privacy "
            "shows what is used. Left out: of patients who do very many things in one period only "
            "some of them count, so that nobody stands out; the share follows from an assumption, "
            "not from your data. A figure below its margin is “too few to say”."
        )


def _run(practice: Practice, names: Sequence[str], newest: date | None) -> None:
    with frame.card("4. Release", _until_words(newest), key="portal-run"):
        found = releasing.listing(practice.portal_folder)
        if found.problem:
            frame.note(found.problem)
        files, mapping = _what(found, names)
        first, last = _days(practice)
        correct, is_sure = _correct()
        may_be = _planned(practice, first, last, correct) and is_sure and bool(files)
        payload = {
            "mapping": mapping,
            "first": first and first.isoformat(),
            "last": last and last.isoformat(),
            "correct": correct,
        }
        st.button(
            "Release anew and pay for it" if correct else "Release", type="primary",
            icon=":material/publish:", key="portal-release", on_click=_ask, args=(files, payload),
            disabled=not may_be,
        )  # fmt: skip
        if st.session_state.get(REQUEST):
            follow.follow(
                st.session_state[REQUEST], key="portal", on_done=_released,
                stopped="Stopped: nothing was released and nothing was spent.",
            )  # fmt: skip
        frame.note(
            "The worker reads the files where they lie; this page sees their names alone. The "
            "same by command:"
        )
        st.code(COMMAND, language=None, wrap_lines=True)


def _planned(practice: Practice, first: date | None, last: date | None, correct: bool) -> bool:
    """Say what these days could release; whether there is anything."""
    if not first or not last:
        frame.note("Choose files, and the first and the last day that they hold wholly.")
        return False
    said, is_some = releasing.plan_words(
        first, last, practice.active_patients, practice.zip3s, correct=correct
    )
    frame.note(said)
    return is_some


def _until_words(newest: date | None) -> str:
    if newest is None:
        return "Nothing is released yet. Each period is released once, and its noise never changes"
    following = formats.day(newest + timedelta(days=1))
    return f"Released through {formats.day(newest)}; the next days begin on {following}"


def _what(found: releasing.Listing, names: Sequence[str]) -> tuple[list[str], str | None]:
    left, right = st.columns(2, gap="small")
    files = left.multiselect(
        "Files", list(found.names), key="portal-files", placeholder="Choose from the folder",
        help="Files that belong together are read together: events from one, ages from another",
    )  # fmt: skip
    if found.more:
        left.caption(f"{found.more:,} more are in the folder: by command any of them can be named.")
    picked = right.selectbox("How the columns are read", [BY_ITSELF, *names], key="portal-mapping")
    return files, None if picked in (None, BY_ITSELF) else picked


def _days(practice: Practice) -> tuple[date | None, date | None]:
    """The first and the last day that the files cover wholly."""
    latest = db.today(practice) - timedelta(days=1)
    left, right = st.columns(2, gap="small")
    first = left.date_input(
        "Complete from", None, max_value=latest, key="portal-first", format="YYYY-MM-DD",
        help="The first day of which the files hold everything: what they lack would look like "
        "fewer patients",
    )  # fmt: skip
    last = right.date_input(
        "Complete through", None, max_value=latest, key="portal-last", format="YYYY-MM-DD",
        help=f"The last such day. Days are those of {practice.zone}",
    )  # fmt: skip
    return first, last


def _correct() -> tuple[bool, bool]:
    """Whether to correct, and whether that is meant."""
    correct = st.checkbox(
        "Correct what was released already (costs from the reserve)", key="portal-correct"
    )
    if not correct:
        return False, True
    st.warning(
        "What was released of these days is counted anew, with new noise, and paid for from the "
        "reserve. The figures shown so far are replaced. Two figures of the same period tell a "
        "little more about its patients than one.",
        icon=":material/warning:",
    )
    return True, st.checkbox("Yes, release them anew", key="portal-sure")


def _ask(files: Sequence[str], payload: dict[str, object]) -> None:
    with acting(), db.write() as session:
        # A file's name may be a patient's: no byte of it stays readable in the database.
        sealed = crypto.seal(load_settings().resolved_home, json.dumps(list(files)).encode())
        st.session_state[REQUEST] = requests.ask(session, KIND, payload, sealed)
        st.session_state[VIEW] = RELEASE  # after the first release of all, the tabs begin here


def _released(found: follow.Followed) -> None:
    title, reasons = releasing.result_words(found.result or {})
    st.success(
        "The tab Use shows them. Privacy shows what they cost."
        if (found.result or {}).get("releases")
        else "Nothing was spent.",
        title=title,
        icon=":material/check_circle:",
    )
    if reasons:
        st.markdown("\n".join(f"- {one}" for one in reasons))
