"""Sums of released cells by period and part, on SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from math import hypot, sqrt

import pytest
from sqlalchemy import Engine

from data.models import PortalCell, PortalRelease, Practice, PrivacyLedger
from data.queries import portal_usage
from data.queries.portal_usage import Part, Point
from data.session import Session, open_session

MONDAY = date(2026, 9, 7)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
Cells = Sequence[tuple[str | None, str | None, str | None, int]]  # event, age, topic, value


def add(
    session: Session,
    table: str,
    week: int,
    cells: Cells,
    *,
    sigma: float = 30.0,
    source: str = "fhir",
    is_current: bool = True,
    revision: int = 0,
) -> None:
    first = MONDAY + timedelta(days=7 * week)
    row = PrivacyLedger(
        source=source, table_name=table, period=first.isoformat(), first_day=first,
        last_day=first + timedelta(days=6), rho_micro=2800, l=5, sigma=sigma, released_at=NOW,
        released_by="test", revision=revision,
    )  # fmt: skip
    session.add(row)
    session.flush()
    release = PortalRelease(
        ledger_id=int(row.id or 0), zone="UTC", starts_at=NOW, ends_at=NOW, cell_count=len(cells),
        is_current=is_current,
    )  # fmt: skip
    session.add(release)
    session.flush()
    session.add_all(
        PortalCell(
            release_id=int(release.id or 0), number=number, event=event, age_band=age, topic=topic,
            value=value,
        )
        for number, (event, age, topic, value) in enumerate(cells)
    )  # fmt: skip


@pytest.fixture
def filled(engine: Engine, practice: Practice) -> Engine:
    """Three weeks: one replaced, one from two sources; a month of topics."""
    with open_session(engine, "test", write=True) as session:
        first = [("sign_in", "0-17", None, 10), ("sign_in", "90+", None, 30)]
        add(session, "week_event_age", 0, [*first, ("message", "0-17", None, 5)])
        add(session, "week_event_age", 1, [("sign_in", "0-17", None, 999)], is_current=False)
        add(session, "week_event_age", 1, [("sign_in", "0-17", None, 20)], revision=1)
        add(session, "week_event_age", 2, [("sign_in", "0-17", None, -5)])
        add(session, "week_event_age", 2, [("sign_in", "0-17", None, 8)], source="x", sigma=40.0)
        add(session, "month_topic_age", 0, [(None, "0-17", "flu", 7), (None, "90+", "flu", 9)])
    return engine


def test_coverage_names_tables_days_and_events(filled: Engine) -> None:
    with open_session(filled, "test") as session:
        found = portal_usage.coverage(session)
    assert set(found) == {"week_event_age", "month_topic_age"}
    week = found["week_event_age"]
    assert (week.first, week.last) == (MONDAY, MONDAY + timedelta(days=20))
    assert (week.periods, week.events) == (3, ("message", "sign_in"))
    assert found["month_topic_age"].events == ()


def test_a_series_sums_over_ages_and_sources(filled: Engine) -> None:
    with open_session(filled, "test") as session:
        found = portal_usage.series(session, "week_event_age", "sign_in")
        late = portal_usage.series(
            session, "week_event_age", "sign_in", MONDAY + timedelta(days=14)
        )
    assert [one.first for one in found] == [MONDAY + timedelta(days=7 * n) for n in range(3)]
    assert {one.last - one.first for one in found} == {timedelta(days=6)}
    assert [(one.value, sorted(one.sources)) for one in found] == [
        (40, ["fhir"]),
        (20, ["fhir"]),
        (3, ["fhir", "x"]),
    ]
    assert [one.sigma for one in found] == pytest.approx([hypot(30, 30), 30, 50])
    assert late == found[2:]


def test_parts_are_means_of_the_periods_they_have(filled: Engine) -> None:
    with open_session(filled, "test") as session:
        found = portal_usage.parts(session, "week_event_age", "age_band", event="sign_in")
        topics = portal_usage.parts(session, "month_topic_age", "topic")
        until = portal_usage.parts(
            session, "week_event_age", "age_band", None, MONDAY, event="message"
        )
    by_label = {one.label: one for one in found}
    assert [by_label[age].value for age in ("0-17", "90+")] == pytest.approx([33 / 3, 30])
    assert [by_label[age].periods for age in ("0-17", "90+")] == [3, 1]
    assert by_label["0-17"].sigma == pytest.approx(sqrt(3 * 900 + 1600) / 3)
    assert [(one.label, one.value, one.periods) for one in topics] == [("flu", 16, 1)]
    assert [one.label for one in until] == ["0-17"]


def test_what_may_be_told_follows_the_noise_alone() -> None:
    told = [Point(MONDAY, MONDAY, value, 30.0, frozenset()).told for value in (58, 59)]
    assert told == [None, 59]
    assert Part("a", 10.9, 1.0, 3).told is None
    assert Part("a", 11.2, 1.0, 3).told == 11.2


def test_nothing_is_an_empty_answer(engine: Engine, practice: Practice) -> None:
    with open_session(engine, "test") as session:
        assert portal_usage.coverage(session) == {}
        assert portal_usage.series(session, "week_event_age", "sign_in") == []
        assert portal_usage.parts(session, "week_event_age", "age_band", event="sign_in") == []
