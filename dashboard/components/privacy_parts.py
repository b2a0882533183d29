"""The cards of the page Privacy."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from dashboard import ledger_list, ledger_markup, ledger_words, wordy_table
from dashboard.components import chart, frame
from dashboard.guess import best_guess
from dashboard.ledger_words import Standing
from data.models import Practice
from data.privacy.forecast import Pace
from data.privacy.ledger import Known
from data.privacy.tables import CAP_MICRO, MILLIONTHS

A_PAGE = 20
STYLE = Path(__file__).with_name("paper.css")


def style() -> None:
    """How these pages' tables look, and how they print."""
    st.html(STYLE)


def budget(standing: Standing) -> None:
    """The bar that fills."""
    title, said = ledger_words.headline(standing), ledger_words.fullest_words(standing)
    with frame.card(title, said, key="ledger"):
        st.html(ledger_markup.bar(standing))
        frame.note(
            "The budget is written as ρ (rho), the measure by which what releases tell of a single "
            "patient adds up. The line parts the plan of regular releases from the reserve."
        )


def forecast(paces: Sequence[Pace]) -> None:
    """What the next year of the same releases costs."""
    with frame.card(
        ledger_words.forecast_title(paces),
        "If all that was released in the last 90 days of data goes on" if paces else "",
        key="forecast",
    ):
        if paces:
            st.html(
                wordy_table.table(
                    ledger_words.forecast_rows(paces),
                    "Tables and sources with what each period and a year of them costs",
                )
            )
            frame.note(ledger_words.forecast_note(paces))
        else:
            frame.note("Nothing is released, so nothing is going on that would cost.")


def tables() -> None:
    """What one patient can change, and what that tells."""
    with frame.card(
        "One patient changes little, and the noise hides it",
        "The five tables that are ever released, and no other",
        key="tables",
    ):
        st.html(
            wordy_table.table(
                ledger_words.table_rows(),
                "The five tables: what one patient changes, noise, best guess, epsilon, rho",
            )
        )
        frame.note(
            "The guess: someone knows every other patient, sees one period of the table, and asks "
            "whether a certain patient's events are in it. Without the table a coin is right 50 "
            "times in 100; with it nobody can be right more often than stated (Gaussian "
            "differential privacy: Dong, Roth and Su 2022). ε (epsilon) is the same protection as "
            "other reports state it, at δ = 0.000001: the smaller, the less is told."
        )


def years(standing: Standing) -> None:
    """What time adds up to, said honestly."""
    a_year = best_guess(CAP_MICRO / MILLIONTHS)
    rows = ledger_words.guesses(standing)
    with frame.card(
        f"A whole year tells more: a guess is right at most {100 * a_year:.0f} times in 100",
        "The best guess of someone who knows every other patient and sees all that is released",
        key="years",
    ):
        st.html(ledger_markup.guesses(rows, ledger_markup.guesses_words(rows)))
        frame.note(
            "Grey: what a coin has. This is the worst case that mathematics allows, about a "
            "patient whose use is in the logs in every period; whoever knows less guesses worse."
        )


def limits() -> None:
    """What nobody should read into it."""
    with frame.card("What this does not promise", key="limits"):
        st.markdown("\n".join(f"- {one}" for one in ledger_words.NOT_PROMISED))
        frame.note(
            "“Identifiers removed, aggregated, differentially private” is what it is. Whether that "
            "meets a rule of law is for the practice and its advisers to say."
        )


def never_kept() -> None:
    """What no release, log or database holds."""
    with frame.card("What is never kept", key="never"):
        st.markdown("\n".join(f"- {one}" for one in ledger_words.NEVER_KEPT))


def releases(known: Known, practice: Practice) -> None:
    """Every release, the newest first, a page at a time; all of them as a file."""
    title = ledger_list.title(known.rows)
    with frame.card(title, f"The newest first; times of {practice.zone}", key="releases"):
        found = ledger_list.releases(known.rows, known.lost, practice.zone)
        if not found:
            frame.note("Each release will stand here: when, by whom, what, and its cost.")
            return
        pages = -(-len(found) // A_PAGE)
        with st.container(key="rw-screen-only"):
            page = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
        rows = ledger_list.shown(found[(page - 1) * A_PAGE : page * A_PAGE])
        st.html(
            wordy_table.table(
                rows,
                "Releases: when, by whom, source, table, days, cost, whether replaced",
                whole=("Released", "Days"),
            )
        )
        if pages > 1:
            frame.note(f"Page {page} of {pages}; the file holds all {len(found):,}.")
        chart.download(
            ledger_list.as_frame(found), key="ledger", label="Download the ledger as CSV"
        )
