"""The sandbox's clock goes on by itself, unless it is told to stand."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from collectors.sandbox.clock import Clock, parse_instant

START = datetime(2026, 3, 1, tzinfo=UTC)


def test_it_starts_where_it_is_told_and_goes_on_at_real_speed() -> None:
    clock = Clock(START)
    time.sleep(0.02)
    assert timedelta(milliseconds=15) < clock.now() - START < timedelta(seconds=10)


def test_a_frozen_clock_moves_only_when_it_is_set() -> None:
    clock = Clock(START, frozen=True)
    time.sleep(0.01)
    assert clock.now() == START
    clock.advance(43_200)
    assert clock.now() == START + timedelta(hours=12)


def test_an_instant_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Clock(datetime(2026, 3, 1))


def test_a_date_alone_is_midnight_utc() -> None:
    assert parse_instant("2026-03-01") == START
    assert parse_instant("2026-03-01T01:00:00+01:00") == START
