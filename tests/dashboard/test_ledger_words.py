"""The ledger in words: what is used, what a year costs, how much a guess gains."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from dashboard import ledger_list, ledger_markup, ledger_words
from dashboard.components.chart import as_csv
from dashboard.guess import best_guess
from dashboard.ledger_words import Standing
from data.models import PrivacyLedger
from data.privacy.forecast import Pace, fullest, paces
from data.privacy.marker import Entry
from data.privacy.spending import Spent, most_in_a_window
from data.privacy.tables import BY_NAME, PLAN_MICRO, TABLES, Table

DAY = date(2026, 1, 5)
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def row(table: str = "week_event_age", first: date = DAY, **more: Any) -> PrivacyLedger:
    found = BY_NAME[table]
    values: dict[str, Any] = {
        "id": 1,
        "source": "fhir",
        "table_name": table,
        "period": first.isoformat(),
        "first_day": first,
        "last_day": first + timedelta(days=6),
        "rho_micro": found.rho_micro,
        "l": found.l,
        "sigma": found.sigma,
        "released_at": NOW,
        "released_by": "olivia",
        "revision": 0,
    }
    return PrivacyLedger(**{**values, **more})


@pytest.mark.parametrize(
    ("rho", "percent"), [(0.0008, 50.8), (0.0028, 51.5), (0.004, 51.8), (1, 76.0), (5, 94.3)]
)
def test_the_best_guess(rho: float, percent: float) -> None:
    assert 100 * best_guess(rho) == pytest.approx(percent, abs=0.05)
    assert best_guess(0) == 0.5


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_the_noise_that_is_drawn_helps_a_guess_no_more(table: Table) -> None:
    """The discrete Gaussian itself, in all L cells that one patient touches: what decides is the
    sum over them, and the best test is right with (1 + total variation) / 2."""
    reach = int(10 * table.sigma * math.sqrt(table.l)) + table.l
    one = np.exp(-(np.arange(-reach, reach + 1.0) ** 2) / (2 * table.sigma**2))
    summed = one / one.sum()
    for _ in range(table.l - 1):
        summed = np.convolve(summed, one / one.sum(), mode="same")
    distance = np.abs(summed - np.roll(summed, table.l)).sum() / 2
    assert (1 + distance) / 2 == pytest.approx(best_guess(table.rho), abs=1e-4)


def test_the_fullest_year_is_what_the_ledger_counts() -> None:
    entries = [
        Spent(DAY + timedelta(days=29 * n), DAY + timedelta(days=29 * n + 6), 2800, n % 5 == 0)
        for n in range(40)
    ]
    found = fullest(entries)
    assert found is not None
    assert found.micro == most_in_a_window(entries)
    inside = [one for one in entries if one.last >= found.first and one.first <= found.last]
    assert found.regular_micro == sum(one.rho_micro for one in inside if not one.is_correction)
    assert found.correction_micro == sum(one.rho_micro for one in inside if one.is_correction)
    assert (found.last - found.first).days == 364
    assert fullest([]) is None


def test_only_what_is_still_released_is_forecast() -> None:
    old = row("day_event", DAY - timedelta(days=200))
    again = row(first=DAY, revision=1)
    vendor = row("week_event_topic", source="vendor")
    found = paces([old, row(), again, vendor])
    assert [(one.source, one.table.name) for one in found] == [
        ("fhir", "week_event_age"),
        ("vendor", "week_event_topic"),
    ]
    assert found[0].a_year_micro == 2800 * 53
    assert paces([]) == []


def test_all_tables_of_one_source_fit_the_plan_and_two_do_not() -> None:
    one = [Pace("fhir", table) for table in TABLES]
    assert sum(pace.a_year_micro for pace in one) == PLAN_MICRO
    assert "within the plan" in ledger_words.forecast_title(one)
    two = [*one, *(Pace("vendor", table) for table in TABLES)]
    assert "more than the plan" in ledger_words.forecast_title(two)
    assert "refused" in ledger_words.forecast_note(two)
    assert ledger_words.forecast_rows(one)[0]["A year costs"] == "0.292"


def test_the_headline_says_what_is_used() -> None:
    found = fullest([Spent(DAY, DAY, 430_000)])
    standing = Standing(found, 785_000)
    assert ledger_words.headline(standing) == "0.43 of 1 is used in the fullest 365 days of data"
    assert "At this pace the next year costs 0.79" in ledger_words.fullest_words(standing)
    assert ledger_words.headline(Standing(None, 0)) == "Nothing is used yet: 0 of 1"
    assert ledger_words.amount(2800) == "0.0028"


def test_the_bar_fills_both_compartments() -> None:
    found = fullest([Spent(DAY, DAY, 400_000), Spent(DAY, DAY, 30_000, True)])
    made = ledger_markup.bar(Standing(found, 0))
    assert "left:0;width:40.00%" in made
    assert "left:78.92%;width:3.00%" in made
    assert 'role="img" aria-label="Of the budget of 1, 0.79 is the plan' in made


def test_years_add_up_in_words_and_bars() -> None:
    rows = ledger_words.guesses(Standing(fullest([Spent(DAY, DAY, 500_000)]), 0))
    assert [name for name, _ in rows][-1] == "5 years at the cap"
    assert [round(100 * chance) for _, chance in rows] == [52, 69, 76, 84, 94]
    assert "5 years at the cap: 94 %" in ledger_markup.guesses_words(rows)
    assert "width:44.3%" in ledger_markup.guesses(rows, "alt")


def test_tables_say_what_one_patient_changes() -> None:
    rows = ledger_words.table_rows()
    assert rows[1]["One patient changes it by"] == "at most one, in each of at most 5 cells"
    assert rows[1]["A guess of 50 % becomes at most"] == "51.5 %"


def test_a_correction_names_what_it_replaces() -> None:
    first = row(id=1)
    second = row(id=2, revision=1, replaces_id=1, released_at=NOW + timedelta(hours=1))
    lost = Entry("fhir", "day_event", "2026-01-04", 0, "2026-01-04", "2026-01-04", 800,
                 (NOW + timedelta(hours=2)).isoformat())  # fmt: skip
    found = ledger_list.releases([first, second], [lost], "America/New_York")
    assert [one.note for one in found] == [
        "known by the marker alone: this database has lost it",
        "replaces that of 24 Nov, 10:00",
        "replaced since",
    ]
    shown = ledger_list.shown(found)
    assert shown[0]["Days"] == "4 Jan 2026" and shown[1]["Days"] == "5 Jan – 11 Jan 2026"
    assert ledger_list.title([first, second]) == "2 releases, 1 of them corrections"
    assert ledger_list.title([]) == "No release yet"


def test_the_file_runs_no_formula() -> None:
    found = ledger_list.releases([row(released_by="=cmd()")], [], "UTC")
    text = as_csv(ledger_list.as_frame(found)).decode("utf-8-sig")
    assert "'=cmd()" in text
    assert text.splitlines()[0] == (
        "released_at,by,source,table,first_day,last_day,rho,l,sigma,note"
    )
