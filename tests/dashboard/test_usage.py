"""What may be said of noisy figures, and how: roundings, changes, leads."""

from datetime import date, timedelta
from math import sqrt

import pytest

from dashboard import leads, usage
from dashboard.figures import portal as figures
from dashboard.portal_names import (
    EVENTS,
    NEEDS,
    SHORT,
    TABLES,
    age_name,
    area_name,
    lowered,
    topic_name,
)
from dashboard.usage import DAY, FOUR_WEEKS, WEEK
from data.privacy.keys import EVENTS as PUBLIC_EVENTS
from data.privacy.tables import BY_NAME
from data.queries.portal_usage import Part, Point

MONDAY = date(2026, 9, 7)
FHIR = frozenset({"fhir"})


def weeks(*values: float, sigma: float = 30.0, source: str = "fhir") -> list[Point]:
    return [
        Point(MONDAY + timedelta(days=7 * n), MONDAY + timedelta(days=7 * n + 6), value, sigma,
              frozenset({source}))
        for n, value in enumerate(values)
    ]  # fmt: skip


def test_every_event_and_table_has_a_name() -> None:
    assert set(EVENTS) == set(PUBLIC_EVENTS)
    assert set(TABLES) == set(SHORT) == set(NEEDS) == set(BY_NAME)


@pytest.mark.parametrize(
    ("value", "margin", "said"),
    [
        (1243, 60, "1,240 ± 60"),
        (1243, 176, "1,240 ± 180"),
        (1243, 600, "1,200 ± 600"),
        (523.6, 11.2, "524 ± 11"),
        (14.2, 2.0, "14 ± 2"),
    ],
)
def test_a_figure_has_no_false_digits(value: float, margin: float, said: str) -> None:
    assert usage.within(value, margin) == said


def test_a_change_is_named_only_where_noise_would_not_make_it() -> None:
    just = 1.96 * sqrt(2) * 30
    below = usage.since_before(weeks(1000, 1000 + just - 1), WEEK)
    above = usage.since_before(weeks(1000, 1000 + just + 1), WEEK)
    assert below is not None and not below.is_clear
    assert above is not None and above.is_clear


def test_the_heading_states_the_finding() -> None:
    steady = usage.heading("sign_in", weeks(1240, 1243), WEEK)
    assert steady == (
        "Sign-ins: about 1,240 patients a week, ± 60; no clear change since the week before"
    )
    fell = usage.heading("sign_in", weeks(1640, 1243), WEEK)
    assert fell.endswith("; about 400 fewer than the week before")
    assert usage.heading("refill", weeks(1000, 40), WEEK) == (
        "Refills: too few to say in the newest week"
    )


def test_a_missing_week_or_another_source_is_compared_with_nothing() -> None:
    gap = [weeks(1000, 1000, 2000)[0], weeks(1000, 1000, 2000)[2]]
    assert usage.since_before(gap, WEEK) is None
    two = [*weeks(1000), *weeks(0, 2000, source="clinic+fhir")[1:]]
    assert usage.since_before(two, WEEK) is None
    assert usage.heading("sign_in", two, WEEK).endswith("± 60")
    assert usage.over_four_weeks(weeks(*[1000.0] * 7)) is None


def test_a_day_is_compared_with_the_same_day_a_week_before() -> None:
    days = [
        Point(MONDAY + timedelta(days=n), MONDAY + timedelta(days=n), 500.0 + n, 10.0, FHIR)
        for n in range(8)
    ]
    change = usage.since_before(days, DAY)
    assert change is not None and (change.now, change.before) == (507, 500)


def test_four_weeks_are_surer_than_one() -> None:
    points = weeks(*[1000.0] * 4, *[1060.0] * 4)
    one, four = usage.since_before(points, WEEK), usage.over_four_weeks(points)
    assert one is not None and not one.is_clear
    assert four is not None and four.is_clear
    way, said = usage.four_weeks(four)
    assert way == "up" and "about 60 more a week" in said and "(+6.0 %)" in said
    assert usage.four_weeks(usage.Change(10, 0, 50))[0] == "flat"
    assert usage.four_weeks(usage.Change(10, 100, 50))[0] == "down"


def test_means_of_four_weeks_are_counted_back_from_the_newest() -> None:
    points = weeks(0, 1, 2, 3, 4, 5, 6, 7, 8)
    made = usage.by_four_weeks(points)
    assert [(one.first, one.value) for one in made] == [
        (points[1].first, 2.5),
        (points[5].first, 6.5),
    ]
    assert made[0].sigma == pytest.approx(30 / 2)
    broken = [*points[:2], *points[3:]]
    assert [one.value for one in usage.by_four_weeks(broken)] == [6.5]
    assert usage.by_four_weeks(points[:3]) == []


def test_two_estimates_of_one_total_are_weighted_by_how_sure_they_are() -> None:
    sure, unsure = weeks(100, sigma=10), weeks(130, 140, sigma=20)
    both = usage.combined([sure, unsure])
    assert [one.value for one in both] == [pytest.approx(106), 140]
    assert both[0].sigma == pytest.approx(1 / sqrt(1 / 100 + 1 / 400))
    assert usage.combined([]) == []


def told(points: list[Point]) -> list[tuple[float, list[str]]]:
    return [(one.value, sorted(one.sources)) for one in points]


def test_totals_of_different_sources_are_never_averaged() -> None:
    ages, areas = weeks(100, 100, sigma=20), weeks(300, 300, sigma=10, source="clinic")

    both = usage.combined([ages, areas])

    assert told(both) == [(300, ["clinic"])] * 2  # equals: the smaller margin
    assert [one.sigma for one in both] == [pytest.approx(10)] * 2


def test_of_totals_as_wide_that_of_the_most_weeks_is_taken() -> None:
    ages, areas = weeks(100, 100, 100, sigma=20), weeks(300, sigma=10, source="clinic")

    assert told(usage.combined([areas, ages])) == [(100, ["fhir"])] * 3


def test_the_wider_total_is_taken_though_it_is_less_sure_and_tells_of_fewer_weeks() -> None:
    ages, areas = weeks(150, sigma=40, source="clinic+fhir"), weeks(100, 100, 100, sigma=10)

    assert told(usage.combined([ages, areas])) == [
        (150, ["clinic+fhir"]),
        (100, ["fhir"]),
        (100, ["fhir"]),
    ]


def test_weeks_with_the_same_sources_in_both_tables_are_still_made_surer() -> None:
    ages = [*weeks(100, sigma=20), *weeks(0, 150, sigma=20, source="clinic")[1:]]

    both = usage.combined([ages, weeks(100, 100, sigma=20)])

    assert [one.sigma for one in both] == pytest.approx([20 / sqrt(2), 20])
    assert told(both)[1] == (100, ["fhir"])


def parts(**values: float) -> list[Part]:
    return [Part(label, value, 5.0, 10) for label, value in values.items()]


def test_a_part_is_called_leading_only_where_it_clearly_is() -> None:
    names = {"a": "Sleep", "b": "Flu", "c": "Pain", "unknown": "No topic"}
    assert leads.leader(parts(a=200, b=100), names, "topic") == "Sleep clearly leads"
    assert leads.leader(parts(a=100, b=101), names, "topic") == "Flu and sleep are close"
    assert leads.leader(parts(a=100, b=3), names, "topic") == "Only sleep stands out from the noise"
    assert leads.leader(parts(a=3, unknown=900), names, "topic") == (
        "No topic stands out from the noise"
    )
    assert leads.too_few(parts(a=3, b=100, c=4), names, "topic") == "Too few to say: sleep, pain."
    assert leads.too_few(parts(a=3, c=4), names, "topic", most=1) == "Too few to say: 2 topics."
    assert leads.too_few(parts(a=100), names, "topic") == ""


def test_among_many_labels_more_is_asked_of_one() -> None:
    one = Part("a", 12, 5.0, 10)
    assert one.told == 12
    assert leads.is_sure(one, 1) and not leads.is_sure(one, 80)


def test_labels_are_words() -> None:
    assert [age_name("50-64"), age_name("unknown")] == ["50–64", "Age unknown"]
    assert [area_name("000"), area_name("other"), area_name("112")] == [
        "Areas of few people",
        "Elsewhere",
        "ZIP 112…",
    ]
    assert [topic_name("blood pressure"), topic_name("unknown")] == ["Blood pressure", "No topic"]
    assert lowered("ZIP 112…") == "ZIP 112…"
    assert [one.label for one in leads.in_order(parts(b=1, a=2), ("a", "b"))] == ["a", "b"]


def test_what_cannot_be_told_is_a_gap_and_never_a_zero() -> None:
    points = weeks(400, 420, 10, 430)
    drawn = figures.over_time(points, WEEK)
    lines = [trace for trace in drawn.data if trace.mode != "lines"]
    assert [list(trace.y) for trace in lines] == [[400, 420], [430]]
    assert any("too few to say" in str(note.text) for note in drawn.layout.annotations)
    frame = figures.over_time_frame(points)
    assert frame["patients"].isna().tolist() == [False, False, True, False]
    assert "1 periods: too few" in figures.over_time_words("sign_in", points, WEEK)
    assert figures.over_time_words("refill", weeks(1), WEEK) == (
        "Refills by week: too few to say in any week."
    )


def test_a_line_through_few_is_not_drawn() -> None:
    assert usage.is_drawable(weeks(400, 420, 10))
    assert not usage.is_drawable(weeks(400, 10))
    day = [Point(MONDAY, MONDAY, 1, 30.0, FHIR)]
    assert usage.heading("refill", day, DAY) == "Refills: too few to say on the newest day"


def test_the_band_is_as_wide_as_the_margin_and_never_below_nothing() -> None:
    (band, _line) = figures.over_time(weeks(400, 100, sigma=40), WEEK).data
    high, low = list(band.y)[:2], list(band.y)[2:]
    assert high == [pytest.approx(400 + 78.4), pytest.approx(100 + 78.4)]
    assert low == [pytest.approx(100 - 78.4), pytest.approx(400 - 78.4)]
    (lone, _) = figures.over_time(weeks(90, sigma=40), FOUR_WEEKS).data
    assert min(lone.y) == pytest.approx(90 - 78.4)


def test_intervals_are_drawn_for_those_that_can_be_told() -> None:
    found = parts(a=200, b=11.4, c=3)
    names = {"a": "Sleep", "b": "Flu", "c": "Pain"}
    drawn = figures.intervals(found, names)
    dots = drawn.data[-1]
    assert list(dots.y) == ["Sleep", "Flu"]
    assert dots.marker.color[0] != dots.marker.color[1]  # the second may be noise alone
    assert "Sleep 200 ± 10, Flu 11 ± 10 patients" in figures.intervals_words("By", found, names)
    assert figures.intervals_frame("topic", found)["patients"].isna().tolist() == [0, 0, 1]
    assert figures.intervals_height(found) > 0
