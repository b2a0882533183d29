"""Privacy: what was released, what it cost, and what it can tell of one patient. For printing."""

import streamlit as st

from dashboard import formats
from dashboard.components import db, frame, navigation, print_button, privacy_parts
from dashboard.ledger_words import Standing
from data.errors import Refused
from data.models import Practice
from data.privacy import ledger
from data.privacy.forecast import fullest, paces
from data.privacy.ledger import Known
from data.queries import portal
from data.settings import load_settings


def _page(practice: Practice) -> None:
    privacy_parts.style()
    today = formats.day(db.today(practice))
    with frame.page_header(
        "Privacy",
        f"{practice.name} · {today} · identifiers removed, aggregated, differentially private",
    ):
        print_button.show()
    with frame.guard():
        known = _known()
        going_on = paces(known.rows)
        standing = Standing(fullest(known.spent), sum(one.a_year_micro for one in going_on))
        left, right = st.columns(2, gap="small")
        with left:
            privacy_parts.budget(standing)
        with right:
            privacy_parts.forecast(going_on)
        privacy_parts.tables()
        left, right = st.columns(2, gap="small")
        with left:
            privacy_parts.years(standing)
        with right:
            privacy_parts.limits()
        privacy_parts.never_kept()
        privacy_parts.releases(known, practice)


def _known() -> Known:
    """All that was released; where the marker cannot be trusted, that is said above the rest."""
    with db.read() as session:
        try:
            known = ledger.known(session, load_settings().resolved_home)
        except Refused as refusal:
            frame.failed(refusal)
            return Known(portal.ledger_rows(session), [])
    if known.lost:
        st.warning(
            "They are counted below, and their periods stay closed. Bring back the newest backup.",
            title=f"This database has lost {len(known.lost):,} releases that were made",
            icon=":material/history_toggle_off:",
        )
    return known


practice = db.practice()
if practice is None:
    frame.page_header("Privacy")
    navigation.link("welcome", "Set up my practice")
else:
    _page(practice)
