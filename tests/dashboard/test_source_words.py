"""What is said of sources that are not added."""

from dashboard import source_words
from data.queries.portal_sources import LeftOut, Release

WEEKS = ("2026-09-07", "2026-09-14", "2026-09-21")


def left(source: str, shown: str, table: str, *periods: str) -> list[LeftOut]:
    return [LeftOut(Release(n, table, period, source), shown) for n, period in enumerate(periods)]


def test_nothing_left_out_is_not_spoken_of() -> None:
    assert source_words.sentences([]) == ""


def test_a_source_within_another_is_told_with_its_weeks_once_for_all_tables() -> None:
    both = [
        one
        for table in ("week_event_age", "week_event_zip3")
        for one in left("fhir", "clinic+fhir", table, *WEEKS)
    ]
    assert source_words.sentences(both) == (
        "For 3 weeks the source “fhir” is contained in “clinic+fhir” and is not added again."
    )


def test_days_and_months_are_told_beside_the_weeks() -> None:
    mixed = [
        *left("fhir", "clinic+fhir", "day_event", *WEEKS[:2]),
        *left("fhir", "clinic+fhir", "month_topic_age", "2026-09"),
        *left("fhir", "clinic+fhir", "week_event_age", WEEKS[0]),
    ]
    assert source_words.sentences(mixed).startswith("For 1 week and 1 month and 2 days the source")


def test_each_source_that_shares_a_part_has_its_sentence() -> None:
    said = source_words.sentences(
        [
            *left("fhir+lab", "clinic+fhir", "week_event_age", WEEKS[0]),
            *left("clinic", "clinic+fhir", "week_event_age", WEEKS[1]),
        ]
    )
    assert said == (
        "For 1 week the source “clinic” is contained in “clinic+fhir” and is not added again. "
        "For 1 week the source “fhir+lab” shares “fhir” with “clinic+fhir” and is left out: "
        "patients would count twice."
    )
