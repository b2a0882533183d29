"""Sources that hold the same events are not added: the rule, and every sum that follows it."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from data.models import Practice
from data.queries import alongside, portal, portal_sources, portal_usage
from data.queries.portal_sources import Release, overlapping
from data.session import open_session
from tests.data.test_portal_usage import Cells, add

AGES, TOPICS = "week_event_age", "week_event_topic"
LABELS = ("clinic", "fhir", "lab", "xray")

sources = st.sets(st.sampled_from(LABELS), min_size=1).map(lambda parts: "+".join(sorted(parts)))
keys = st.tuples(st.sampled_from((AGES, TOPICS)), st.sampled_from(("2026-09-07", "2026-09-14")))
#: As the ledger has them: one current release of a source, table and period.
ledgers = st.lists(st.tuples(keys, sources), unique=True, max_size=16).map(
    lambda rows: [Release(n, *key, source) for n, (key, source) in enumerate(rows)]
)


def releases(*sources: str) -> list[Release]:
    """Of one week, the oldest first."""
    return [Release(n, AGES, "2026-09-07", source) for n, source in enumerate(sources)]


def added(made: list[Release]) -> list[Release]:
    apart = {one.release for one in overlapping(made)}
    return [one for one in made if one not in apart]


@pytest.mark.parametrize(
    ("released", "shown"),
    [
        pytest.param(("fhir", "clinic+fhir"), ("clinic+fhir",), id="contained"),
        pytest.param(("clinic+fhir", "fhir"), ("clinic+fhir",), id="contained-though-newer"),
        pytest.param(("clinic", "lab"), ("clinic", "lab"), id="disjoint"),
        pytest.param(("clinic", "fhir", "clinic+fhir", "lab"), ("clinic+fhir", "lab"), id="both"),
        pytest.param(("clinic+fhir", "fhir+lab"), ("fhir+lab",), id="partly-the-newest"),
        pytest.param(
            ("clinic+fhir+lab", "fhir+xray"), ("clinic+fhir+lab",), id="partly-the-widest"
        ),
        pytest.param(
            ("clinic+fhir+lab", "fhir+xray", "xray"), ("clinic+fhir+lab", "xray"), id="what-is-free"
        ),
        pytest.param(("fhir", "fhirs"), ("fhir", "fhirs"), id="names-alike"),
    ],
)
def test_which_sources_of_one_week_are_added(
    released: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    assert tuple(one.source for one in added(releases(*released))) == shown


@given(ledgers)
def test_no_part_is_ever_added_twice_in_a_period(made: list[Release]) -> None:
    for one, other in combinations(added(made), 2):
        if (one.table, one.period) == (other.table, other.period):
            assert not one.parts & other.parts


@given(ledgers)
def test_nothing_is_left_out_but_for_one_as_wide_that_is_shown_and_shares_a_part(
    made: list[Release],
) -> None:
    shown = {(one.table, one.period, one.source): one for one in added(made)}
    for one in overlapping(made):
        holder = shown[one.release.table, one.release.period, one.shown]
        assert one.common == one.release.parts & holder.parts != frozenset()
        wide, wider = len(one.release.parts), len(holder.parts)
        assert (wide, one.release.id) < (wider, holder.id)
        assert one.is_contained == (one.release.parts < holder.parts)


@given(ledgers, st.randoms())
def test_the_order_of_reading_changes_nothing(made: list[Release], dice: Random) -> None:
    mixed = list(made)
    dice.shuffle(mixed)
    assert overlapping(mixed) == overlapping(made)


@given(ledgers)
def test_periods_and_tables_are_decided_each_by_itself(made: list[Release]) -> None:
    apart = {one.release for one in overlapping(made)}
    for key in {(one.table, one.period) for one in made}:
        alone = [one for one in made if (one.table, one.period) == key]
        assert {one.release for one in overlapping(alone)} == apart & set(alone)


def _cells(value: int, event: str = "sign_in") -> Cells:
    return [(event, "0-17", None, value)]


@pytest.fixture
def filled(engine: Engine, practice: Practice) -> Engine:
    """Week 0: fhir, again within clinic+fhir, and a lab. Week 1: fhir, and a replaced wider one.
    Week 2: two that share fhir, the older one with an event of its own."""
    with open_session(engine, "test", write=True) as session:
        add(session, AGES, 0, _cells(100))
        add(session, AGES, 0, _cells(150), source="clinic+fhir", sigma=40.0)
        add(session, AGES, 0, _cells(7), source="lab")
        add(session, AGES, 1, _cells(110))
        add(session, AGES, 1, _cells(999), source="clinic+fhir", is_current=False)
        add(session, AGES, 2, [*_cells(300), *_cells(5, "refill")], source="fhir+lab")
        add(session, AGES, 2, _cells(200), source="clinic+fhir")
        read = [("education_view", None, "flu", 60)]
        add(session, TOPICS, 0, read)
        add(session, TOPICS, 0, read, source="fhir+lab")
    return engine


def test_a_series_takes_the_wider_source_and_adds_what_is_apart(filled: Engine) -> None:
    with open_session(filled, "test") as session:
        found = portal_usage.series(session, AGES, "sign_in")
        newest = portal_usage.series(session, AGES, "sign_in", found[2].first)

    assert [(one.value, sorted(one.sources)) for one in found] == [
        (157, ["clinic+fhir", "lab"]),
        (110, ["fhir"]),
        (200, ["clinic+fhir"]),
    ]
    assert [one.sigma for one in found] == pytest.approx([50, 30, 30])
    assert newest == found[2:]


def test_parts_cells_and_topics_leave_out_the_same(filled: Engine) -> None:
    with open_session(filled, "test") as session:
        (young,) = portal_usage.parts(session, AGES, "age_band", event="sign_in")
        cells = portal.cells(session, AGES)
        first, last = cells[0].first, cells[0].last
        (read,) = alongside.reading(session, "education_view", "flu", first, last)
        topics = alongside.topics(session)

    assert young.value == pytest.approx((157 + 110 + 200) / 3) and young.periods == 3
    assert [one.value for one in cells] == [157, 110, 200]
    assert (read.value, sorted(read.sources)) == (60, ["fhir+lab"])
    assert topics == ("education_view", ["flu"])


def test_an_event_that_is_left_out_everywhere_is_not_offered(filled: Engine) -> None:
    with open_session(filled, "test") as session:
        found = portal_usage.coverage(session)[AGES]

    assert (found.periods, found.events) == (3, ("sign_in",))


def test_what_is_left_out_is_told_for_the_days_that_are_shown(filled: Engine) -> None:
    with open_session(filled, "test") as session:
        every = portal_sources.left_out(session)
        ages = portal_sources.left_out(session, AGES)
        late = portal_sources.left_out(session, None, portal.cells(session, AGES)[1].first)

    assert sorted((one.release.table, one.release.source, one.shown) for one in every) == [
        (AGES, "fhir", "clinic+fhir"),
        (AGES, "fhir+lab", "clinic+fhir"),
        (TOPICS, "fhir", "fhir+lab"),
    ]
    assert {one.release.table for one in ages} == {AGES} and len(ages) == 2
    assert [one.release.source for one in late] == ["fhir+lab"]


def test_the_ledger_still_has_all_of_them(filled: Engine) -> None:
    with open_session(filled, "test") as session:
        assert len(portal.ledger_rows(session)) == 9
