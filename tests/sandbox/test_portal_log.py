"""The made portal log: the same for the same seed, whatever its length, with planted truth."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import sqrt
from statistics import mean
from typing import Any

import numpy as np
import pytest

from collectors.sandbox import plan, portal_plan
from collectors.sandbox.portal_days import Rows
from collectors.sandbox.portal_log import MadeLog, made_log, made_posts, truth
from data.privacy.keys import EVENTS

FIRST, LAST = date(2025, 10, 20), date(2026, 11, 23)
WEEK = (date(2026, 3, 2), date(2026, 3, 8))
TOPICS_OF_POSTS = sorted(portal_plan.VOCABULARY.get(one, one) for one in plan.TOPIC_WEIGHTS)


@cache
def year() -> MadeLog:
    """400 days of 8,000 patients."""
    return made_log(seed=7, patients=8000, begin=FIRST, end=LAST)


@cache
def year_days() -> dict[date, Rows]:
    return dict(year())


def week(patients: int = 400, **options: Any) -> MadeLog:
    return made_log(seed=7, patients=patients, begin=WEEK[0], end=WEEK[1], **options)


def same(one: Rows, other: Rows) -> bool:
    names = ("patient", "kind", "topic", "at")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


def count(rows: Rows, kind: str) -> int:
    return int(np.count_nonzero(rows.kind == portal_plan.CODES[kind]))


def found(topic: str, chosen: Callable[[date], bool]) -> tuple[float, int]:
    """Rows of a topic for each signing in, on the days that are chosen; and how many rows."""
    place = portal_plan.TOPICS.index(topic)
    days = [rows for day, rows in year_days().items() if chosen(day)]
    of_topic = sum(int(np.count_nonzero(rows.topic == place)) for rows in days)
    return of_topic / sum(count(rows, "sign_in") for rows in days), of_topic


def ratio(one: tuple[float, int], other: tuple[float, int]) -> tuple[float, float]:
    """How much larger the first rate is, and four standard errors of that."""
    times = one[0] / other[0]
    return times, 4 * times * sqrt(1 / one[1] + 1 / other[1])


def test_the_same_seed_gives_the_same_rows_and_another_one_others() -> None:
    for (day, rows), (day_again, again) in zip(week(dirt=True), week(dirt=True), strict=True):
        assert day == day_again
        assert len(rows) > 0
        assert same(rows, again)
    other = made_log(seed=8, patients=400, begin=WEEK[0], end=WEEK[1])
    assert not any(same(one, two) for (_, one), (_, two) in zip(week(), other, strict=True))


def test_a_day_is_the_same_however_long_the_log_is() -> None:
    for dirt in (False, True):
        long = dict(
            made_log(seed=7, patients=400, begin=date(2026, 2, 1), end=date(2026, 4, 1), dirt=dirt)
        )
        assert all(same(rows, long[day]) for day, rows in week(dirt=dirt))


def test_patients_do_not_change_when_there_are_more_of_them() -> None:
    few, many = week(100).people, week(400).people
    assert list(few.ids) == list(many.ids[:100])
    assert np.array_equal(few.births, many.births[:100])
    assert np.array_equal(few.zips, many.zips[:100])


def test_a_year_of_8000_patients_has_400_to_700_thousand_rows_most_without_a_topic() -> None:
    rows = year_days().values()
    number = sum(map(len, rows))
    assert 400_000 < number < 700_000
    assert 0.12 < sum(int((one.topic >= 0).sum()) for one in rows) / number < 0.3
    assert all(count(one, kind) == 0 for one in rows for kind in portal_plan.KINDS[len(EVENTS) :])
    assert all(sum(count(one, kind) for one in rows) > 4000 for kind in EVENTS)


def test_patients_come_on_weekdays_and_in_winter() -> None:
    people = {
        day: len(np.unique(rows.patient[rows.kind == portal_plan.CODES["sign_in"]]))
        for day, rows in year_days().items()
    }
    weekdays = {day: number for day, number in people.items() if day.weekday() < 5}
    assert 350 < mean(weekdays.values()) < 450
    assert mean(n for day, n in people.items() if day.weekday() > 4) < 0.5 * mean(weekdays.values())
    by_month = {month: mean(n for d, n in weekdays.items() if d.month == month) for month in (1, 7)}
    assert by_month[1] > 1.2 * by_month[7]
    visits = [count(rows, "telehealth_visit") for d, rows in year_days().items() if d in weekdays]
    assert 12 < mean(visits) < 20
    assert count(year_days()[date(2025, 12, 25)], "sign_in") < 250


def test_a_session_begins_with_a_sign_in() -> None:
    follow = {portal_plan.CODES[kind] for kind in (*portal_plan.PLAIN_ROWS, "education_view")}
    for _, rows in week():
        seen: set[int] = set()
        for patient, kind in zip(rows.patient.tolist(), rows.kind.tolist(), strict=True):
            if kind == portal_plan.CODES["sign_in"]:
                seen.add(patient)
            assert kind not in follow or patient in seen


@pytest.mark.parametrize("topic", TOPICS_OF_POSTS)
def test_a_topic_rises_after_its_posts_where_planted_and_nowhere_else(topic: str) -> None:
    acting = year().after[topic]
    # The season moves one topic by itself: outside of it, its posts change nothing.
    free = (7, 8, 9, 10, 11, 12, 1, 2) if topic in portal_plan.SEASONS else range(1, 13)
    after = found(topic, lambda day: day in acting and day.month in free)
    at_rest = found(topic, lambda day: day not in acting and day.month in free)
    times, chance = ratio(after, at_rest)
    planted = portal_plan.RISES_AFTER_POSTS.get(topic, 1.0)
    assert times == pytest.approx(planted, abs=chance)
    assert chance < 0.25
    assert topic not in portal_plan.RISES_AFTER_POSTS or times - chance > 1.2


def test_the_rise_begins_the_day_after_a_post_and_lasts_seven_days() -> None:
    posts = [(datetime(2026, 3, 4, 3, 0, tzinfo=UTC), "sleep")]  # still the third, in New York
    days = portal_plan.days_after_posts(posts)["sleep"]
    assert (min(days), max(days), len(days)) == (date(2026, 3, 4), date(2026, 3, 10), 7)
    assert portal_plan.topic_factor("sleep", min(days), {"sleep": days}) == 1.8
    assert portal_plan.topic_factor("sleep", date(2026, 3, 3), {"sleep": days}) == 1.0
    assert portal_plan.topic_factor("exercise", min(days), {"exercise": days}) == 1.0
    with pytest.raises(ValueError, match="zone"):
        portal_plan.days_after_posts([(datetime(2026, 3, 4), "sleep")])


def test_one_topic_rises_with_the_season_whether_there_are_posts_or_not() -> None:
    ((topic, season),) = portal_plan.SEASONS.items()
    acting = year().after[topic]

    full = {
        day for day in year_days() if season.full_from <= (day.month, day.day) <= season.full_until
    }
    outside = found(topic, lambda day: day.month not in (3, 4, 5, 6))
    for days in (full & acting, full - acting):
        inside = found(topic, days.__contains__)
        times, chance = ratio(inside, outside)
        assert times == pytest.approx(season.factor, abs=chance)
        assert times - chance > 1.7
    assert topic not in portal_plan.RISES_AFTER_POSTS


def test_visits_by_video_rise_during_the_telehealth_campaign() -> None:
    campaign = plan.campaigns_of(2026)[0]

    def visits(first: date, last: date) -> float:
        chosen = [rows for day, rows in year_days().items() if first <= day <= last]
        return sum(count(rows, "telehealth_visit") for rows in chosen) / len(chosen)

    eight_weeks = timedelta(days=56)
    before = visits(campaign.begin - eight_weeks, campaign.begin - timedelta(days=1))
    behind = visits(campaign.end + timedelta(days=1), campaign.end + eight_weeks)
    during = visits(campaign.begin, campaign.end)
    assert during / mean((before, behind)) == pytest.approx(portal_plan.TELEHEALTH_LIFT, rel=0.12)


def test_posts_change_neither_sign_ins_nor_visits() -> None:
    posts = [(datetime(2026, 3, 1, 17, tzinfo=UTC), "sleep")]
    silent, many = week(posts=()), week(posts=posts)
    assert not all(same(one, two) for (_, one), (_, two) in zip(silent, many, strict=True))
    for (_, one), (_, other) in zip(silent, many, strict=True):
        for kind in ("sign_in", "telehealth_visit", "wearable_sync"):
            code = portal_plan.CODES[kind]
            assert np.array_equal(one.at[one.kind == code], other.at[other.kind == code])


def test_posts_are_those_that_the_sandbox_serves() -> None:
    from collectors.sandbox.clock import Clock
    from collectors.sandbox.world import make_world

    world = make_world(seed=7, clock=Clock(datetime(2026, 4, 1, tzinfo=UTC), frozen=True), days=60)
    served = sorted(
        (post.published_at, topic)
        for feed in world.feeds.values()
        for post in feed.between(plan.midnight(WEEK[0]), plan.midnight(date(2026, 3, 9)))
        for topic in post.topics
    )
    assert served
    assert made_posts(7, *WEEK) == served


@pytest.mark.parametrize(
    "day", [date(2026, 3, 8), date(2025, 11, 2), date(2026, 1, 1)], ids=["short", "long", "winter"]
)
def test_no_row_is_outside_its_day(day: date) -> None:
    log = made_log(seed=7, patients=4000, begin=day, end=day, dirt=True)
    begin = plan.midnight(day).timestamp()
    end = plan.midnight(day + timedelta(days=1)).timestamp()
    for _, rows in log:
        assert begin <= rows.at.min()
        assert rows.at.max() < end
        assert (np.diff(rows.at) >= 0).all()


def test_dirt_leaves_the_clean_rows_as_they_are_and_adds_what_is_no_use() -> None:
    kinds = Counter[int]()
    for (_, clean), (_, dirty) in zip(week(4000), week(4000, dirt=True), strict=True):
        every = Counter(zip(*_lists(dirty), strict=True))
        assert not Counter(zip(*_lists(clean), strict=True)) - every
        kinds.update(dirty.kind.tolist())
        assert max(every.values()) > 1  # a row that stands there twice
        viewed = dirty.patient[dirty.kind == portal_plan.CODES["record_view"]]
        assert np.count_nonzero(viewed == 0) >= 40
    assert set(kinds) == set(portal_plan.CODES.values())


def _lists(rows: Rows) -> list[list[int]]:
    columns = (rows.patient, rows.kind, rows.topic, rows.at)
    return [column.tolist() for column in columns]


def test_nobody_and_no_days_are_an_empty_log() -> None:
    assert all(len(rows) == 0 for _, rows in week(0, dirt=True))
    assert list(made_log(seed=7, patients=9, begin=WEEK[1], end=WEEK[0])) == []


def test_the_truth_names_what_is_planted_and_the_days_on_which_it_holds() -> None:
    said = json.loads(json.dumps(truth(year())))
    assert {topic: one["factor"] for topic, one in said["rises_after_posts"].items()} == dict(
        portal_plan.RISES_AFTER_POSTS
    )
    days = said["rises_after_posts"]["sleep"]["days"]
    assert FIRST.isoformat() <= days[0] <= days[-1] <= LAST.isoformat()
    assert 100 < len(days) < 380
    assert set(said["rises_for_another_reason"]) == {"allergies"}
    assert not {"sleep", "allergies"} & set(said["unmoved_topics"])
    assert said["telehealth_visits"]["campaigns"] == [
        {"key": "telehealth-2026", "first_day": "2026-03-02", "last_day": "2026-04-26"}
    ]
