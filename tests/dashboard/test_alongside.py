"""Alongside: weeks with a post and without, what is drawn, what is told in words."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from dashboard.figures import alongside as figures
from data import practice as practices
from data.models import Practice
from data.privacy.planning import Keys, Wanted
from data.privacy.releasing import plan_now, release
from data.queries import alongside, portal
from data.queries.portal_usage import Point
from data.session import open_session

MONDAY = date(2026, 6, 1)


def _weeks(*posts: int) -> pd.DataFrame:
    weeks = pd.date_range(MONDAY, periods=len(posts), freq="7D")
    engagement = [10.0 * n if n else float("nan") for n in posts]
    return pd.DataFrame({"week": weeks, "posts": posts, "engagement": engagement})


def _points(*values: int, sigma: float = 10.0) -> list[Point]:
    return [
        Point(
            MONDAY + timedelta(days=7 * n), MONDAY + timedelta(days=7 * n + 6), value, sigma,
            frozenset({"made"}),
        )
        for n, value in enumerate(values)
    ]  # fmt: skip


def test_weeks_with_and_without_a_post_are_told_with_their_margins() -> None:
    said = figures.said(_weeks(2, 0, 1, 0), _points(300, 100, 340, 140))

    assert "In the 2 weeks with a post **320 ± 14**" in said
    assert "in the 2 weeks without one **120 ± 14**" in said


def test_without_a_comparison_the_weeks_alone_are_told() -> None:
    assert figures.said(_weeks(1, 1), _points(100, 120)) == "2 of 2 weeks had a post on it."


def test_both_halves_stand_in_the_middle_of_their_week() -> None:
    drawn = figures.figure(_weeks(2, 0), _points(300, 310))

    thursday = datetime(2026, 6, 4, 12)
    assert drawn.data[0].x[0] == thursday
    line = next(trace for trace in drawn.data if trace.name == "week")
    assert line.x[0] == thursday and line.yaxis == "y2"


def test_too_few_stay_empty_in_the_file() -> None:
    frame = figures.frame(_weeks(1, 0), _points(5, 300))

    assert frame["patients"].isna().tolist() == [True, False]


@pytest.mark.parametrize("event", ["education_view", "record_view"])
def test_the_portals_topics_come_most_read_first(
    engine: Engine, practice: Practice, tmp_path: Path, event: str
) -> None:
    keys = Keys(event=("sign_in", event), topic=("flu", "sleep", "unknown"))
    with open_session(engine, "test", write=True) as session:
        practices.describe(session, active_patients=8000)
    asked = Wanted("made", MONDAY, MONDAY + timedelta(days=13), "America/New_York", 8000, keys,
                   date(2026, 7, 1))  # fmt: skip
    with open_session(engine, "test") as session:
        jobs = [one for one in plan_now(session, tmp_path, asked).jobs
                if one.table.name == "week_event_topic"]  # fmt: skip
    counts = {job: [9000, 9000, 9000, 400, 2000, 9000] for job in jobs}
    release(engine, "test", tmp_path, asked, counts)

    with open_session(engine, "test") as session:
        assert alongside.topics(session) == (event, ["sleep", "flu"])
        last = portal.newest_day(session, alongside.TABLE)
        points = alongside.reading(session, event, "sleep", MONDAY, MONDAY + timedelta(days=13))
    assert last == MONDAY + timedelta(days=13)
    assert [one.first for one in points] == [MONDAY, MONDAY + timedelta(days=7)]
    assert all(1700 < one.value < 2300 for one in points)


def test_every_week_has_a_row_and_one_without_a_post_no_engagement(
    engine: Engine, practice: Practice
) -> None:
    with open_session(engine, "test") as session:
        rows = alongside.posting(session, "flu", MONDAY, MONDAY + timedelta(days=27))

    assert rows["posts"].tolist() == [0, 0, 0, 0] and rows["engagement"].isna().all()
