"""Figures in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard import formats


def test_missing_is_a_dash_and_zero_is_a_zero() -> None:
    assert formats.number(None) == formats.percent(None) == formats.money(None, "USD") == "–"
    assert formats.number(0) == "0"


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.123, "+12 %"), (-0.06, "−6.0 %"), (0.0, "0 %"), (0.0996, "+10 %"), (-0.0004, "0 %")],
)
def test_signed_percent(value: float, words: str) -> None:
    assert formats.percent(value, signed=True) in {words, words.replace("0 %", "0.0 %")}


def test_no_change_without_a_before() -> None:
    assert formats.change(5, None) is None
    assert formats.change(5, 0) is None


def test_money_names_its_currency() -> None:
    assert formats.money(184_000, "USD") == "1,840.00 USD"


def test_a_span_names_the_year_once_where_it_can() -> None:
    assert formats.span(date(2026, 10, 1), date(2026, 11, 25)) == "1 Oct – 25 Nov 2026"
    assert formats.span(date(2025, 12, 1), date(2026, 1, 25)) == "1 Dec 2025 – 25 Jan 2026"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "3 s ago"), (240, "4 min ago"), (7200, "2 h ago"), (300_000, "3 days ago")],
)
def test_ago(seconds: int, words: str) -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert formats.ago(now - timedelta(seconds=seconds), now) == words
    assert formats.ago(None, now) == "never"


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [(184_000, "USD", "1,840.00 USD"), (1840, "JPY", "1,840 JPY"), (1840, "KWD", "1.840 KWD")],
)
def test_money_has_the_digits_of_its_currency(minor: int, currency: str, words: str) -> None:
    assert formats.money(minor, currency) == words
    assert formats.money(minor, currency, named=False) == words.split()[0]
