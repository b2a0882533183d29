"""The Overview's statements against plain sums over the rollups, on both databases."""

from datetime import date, timedelta

import pandas as pd
import pytest
from sqlmodel import select

from data.audit import record
from data.clock import local_day, now
from data.models import AdDaily, EngagementDaily, StreamState
from data.queries import engagement, freshness, overview
from data.session import make_engine, open_session
from tests.made import made_practice


@pytest.fixture
def filled(empty_database_url: str) -> str:
    """A small made practice."""
    made_practice(empty_database_url, now=now(), days=45, posts_a_day=0.4)
    return empty_database_url


@pytest.mark.parametrize("axis", ["published", "happened"])
def test_daily_totals_are_the_rollups_by_day_and_network(filled: str, axis: str) -> None:
    last = local_day(now(), "America/New_York")
    first = last - timedelta(days=30)
    engine = make_engine(filled)
    with open_session(engine, "test") as session:
        found = overview.overview(session, axis=axis, first=first, last=last)
        rows = session.exec(
            select(EngagementDaily).where(
                EngagementDaily.axis == axis,
                EngagementDaily.day >= first,
                EngagementDaily.day <= last,
            )
        ).all()
        by_kind = engagement.daily(session, axis=axis, first=first, last=last)
        topics = engagement.by_topic(session, axis=axis, first=first, last=last)
    engine.dispose()
    for name in overview.METRICS:
        expected = sum(row.value for row in rows if row.metric == name)
        assert found.daily[name].sum() == expected
        assert by_kind[name].sum() == expected
    assert found.daily["day"].is_monotonic_increasing
    assert set(found.daily["network"]) == {"facebook", "instagram", "x"}
    # each made post has exactly one topic, so here, and only here, topics add up to the total
    assert topics["engagement"].sum() == found.daily["engagement"].sum()
    estimated = sum(row.estimated for row in rows if row.metric == "engagement")
    assert found.daily["estimated"].sum() == estimated
    assert (estimated > 0) == (axis == "happened")


def test_clicks_that_a_network_does_not_name_stay_unknown(filled: str) -> None:
    last = local_day(now(), "America/New_York")
    engine = make_engine(filled)
    with open_session(engine, "test") as session:
        found = overview.overview(
            session, axis="published", first=last - timedelta(days=60), last=last
        )
    engine.dispose()
    instagram = found.daily[found.daily["network"] == "instagram"]
    assert instagram["clicks"].isna().all()


def test_spend_is_by_currency_and_empty_frames_keep_their_columns(filled: str) -> None:
    engine = make_engine(filled)
    with open_session(engine, "test") as session:
        rows = session.exec(select(AdDaily)).all()
        found = overview.overview(
            session, axis="published", first=date(2000, 1, 1), last=date(2100, 1, 1)
        )
        nothing = overview.overview(
            session, axis="published", first=date(2000, 1, 1), last=date(2000, 1, 2)
        )
    engine.dispose()
    assert found.spend["spend_minor"].sum() == sum(row.spend_minor or 0 for row in rows)
    assert found.spend["currency"].unique().tolist() == ["USD"]
    assert list(nothing.daily.columns) == list(found.daily.columns)
    assert pd.api.types.is_datetime64_dtype(nothing.daily["day"])


def test_posts_of_a_day_gain_what_the_total_of_that_day_says(filled: str) -> None:
    zone = "America/New_York"
    last = local_day(now(), zone)
    engine = make_engine(filled)
    with open_session(engine, "test") as session:
        totals = engagement.daily(
            session, axis="happened", first=last - timedelta(days=9), last=last
        )
        for back in range(10):
            day = last - timedelta(days=back)
            gained = engagement.gained_on(session, zone=zone, day=day)
            of_day = totals[totals["day"] == pd.Timestamp(day)]
            assert gained["gained"].sum() == of_day["engagement"].sum()
            assert gained["estimated"].sum() == of_day["estimated"].sum()
    engine.dispose()


def test_published_posts_add_up_to_the_published_totals(filled: str) -> None:
    zone = "America/New_York"
    last = local_day(now(), zone)
    first = last - timedelta(days=20)
    engine = make_engine(filled)
    with open_session(engine, "test") as session:
        posts = engagement.posts_between(session, zone=zone, first=first, last=last)
        totals = engagement.daily(session, axis="published", first=first, last=last)
        flu = engagement.posts_between(session, zone=zone, first=first, last=last, topic="flu")
    engine.dispose()
    assert posts["engagement"].sum() == totals["engagement"].sum()
    assert len(posts) == totals["posts"].sum()
    assert 0 < len(flu) < len(posts)
    assert flu["text"].str.contains("Flu").all()


def test_the_version_changes_with_replies_and_with_audited_changes(filled: str) -> None:
    engine = make_engine(filled)
    with open_session(engine, "test", write=True) as session:
        before = freshness.version(session)
        assert freshness.version(session) == before
        record(session, "topics.correct", "post:1")
        session.flush()
        assert freshness.version(session) != before
    engine.dispose()


def test_a_source_fails_while_its_newest_attempt_failed(filled: str) -> None:
    engine = make_engine(filled)
    with open_session(engine, "test", write=True) as session:
        assert not any(source.failing for source in freshness.sources(session))
        stream = session.exec(select(StreamState)).first()
        assert stream is not None
        stream.last_error, stream.last_error_at = "X answers with an error (503).", now()
        session.add(stream)
        session.flush()
        failing = [source for source in freshness.sources(session) if source.failing]
        assert [source.last_error for source in failing] == ["X answers with an error (503)."]
        assert [alert.severity for alert in freshness.open_alerts(session)] == ["warning"]
    engine.dispose()
