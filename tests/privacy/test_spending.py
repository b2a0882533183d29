"""The budget: never above the cap in any 365 days, whatever is asked for in whatever order."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from data.privacy.periods import touching
from data.privacy.spending import Budget, Spent, most_in_a_window
from data.privacy.tables import CAP_MICRO, PLAN_MICRO, RESERVE_MICRO, TABLES, WINDOW_DAYS, epsilon

EPOCH = date(2024, 1, 1)

releases = st.builds(
    lambda start, length, rho, correction: Spent(
        EPOCH + timedelta(days=start), EPOCH + timedelta(days=start + length), rho, correction
    ),
    st.integers(0, 900),
    st.integers(0, 30),
    st.integers(1, 300_000),
    st.booleans(),
)


@given(st.lists(releases, max_size=40))
def test_the_fullest_window_is_found(entries: list[Spent]) -> None:
    by_looking_at_every_day = max(
        (
            sum(
                one.rho_micro
                for one in entries
                if one.first <= start + timedelta(days=WINDOW_DAYS - 1) and one.last >= start
            )
            for start in (EPOCH + timedelta(days=n) for n in range(-WINDOW_DAYS, 960))
        ),
        default=0,
    )

    assert most_in_a_window(entries) == by_looking_at_every_day


@given(st.lists(releases, max_size=40))
def test_what_is_granted_never_passes_either_pot(asked: list[Spent]) -> None:
    budget = Budget()

    granted = [one for one in asked if budget.grant(one)]

    assert most_in_a_window([one for one in granted if not one.is_correction]) <= PLAN_MICRO
    assert most_in_a_window([one for one in granted if one.is_correction]) <= RESERVE_MICRO
    assert most_in_a_window(granted) <= CAP_MICRO


def test_all_tables_of_three_years_are_within_the_plan() -> None:
    budget = Budget()

    for table in TABLES:
        for period in touching(EPOCH, EPOCH + timedelta(days=3 * 365), table.unit):
            assert budget.grant(Spent(period.first, period.last, table.rho_micro))

    assert PLAN_MICRO == 789_200


def test_a_second_source_that_wants_as_much_is_refused_when_the_plan_is_full() -> None:
    budget = Budget()
    days = [EPOCH + timedelta(days=n) for n in range(365)]
    for day in days:
        budget.grant(Spent(day, day, PLAN_MICRO // 365))

    assert not budget.grant(Spent(days[100], days[100], PLAN_MICRO // 365))
    assert budget.grant(Spent(days[100], days[100], 800, is_correction=True))


def test_the_budget_knows_what_was_spent_before() -> None:
    full = [Spent(EPOCH, EPOCH, RESERVE_MICRO, is_correction=True)]

    assert not Budget.after(full).grant(Spent(EPOCH, EPOCH, 1, is_correction=True))
    later = EPOCH + timedelta(days=WINDOW_DAYS)
    assert Budget.after(full).grant(Spent(later, later, RESERVE_MICRO, is_correction=True))


def test_a_release_that_costs_nothing_is_none() -> None:
    assert not Budget().grant(Spent(EPOCH, EPOCH, 0))


def test_epsilon_of_the_cap_and_of_five_years() -> None:
    assert round(epsilon(1.0), 1) == 8.4
    assert round(epsilon(5.0), 1) == 21.6
