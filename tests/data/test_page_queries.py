"""What the pages Posts, Ads, Activity and Connections read, on both databases."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from data import requests
from data.metrics import POST_METRIC_NAMES, engagement, engagement_rate
from data.models import AdDaily, Campaign, Post, PostSnapshot
from data.queries import activity, ads, campaign_ads, connections, posts
from data.session import Session, make_engine, open_session
from tests import postgres
from tests.furnished import furnish, newest_post
from tests.made import Made, made_practice

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Made]:
    """Filled once a database; tests change it in transactions that are rolled back."""
    if request.param == "sqlite":
        yield _filled(f"sqlite:///{tmp_path_factory.mktemp('pages') / 'made.sqlite3'}")
        return
    with postgres.database(f"pages_{os.getpid()}") as url:
        yield _filled(url)


def _filled(url: str) -> Made:
    made = made_practice(url, now=NOW, days=70, posts_a_day=0.4)
    engine = make_engine(url)
    with open_session(engine, "test", write=True) as session:
        furnish(session, made)
    engine.dispose()
    return made


@pytest.fixture
def session(made: Made) -> Iterator[Session]:
    engine = make_engine(made.url)
    with Session(engine) as session:
        session.actor = "test"
        yield session
        session.rollback()
    engine.dispose()


def test_posts_come_newest_first_with_missing_figures_missing(session: Session) -> None:
    found = posts.posts_table(session, posts.Wanted())
    assert found["published_at"].is_monotonic_decreasing
    of_x = found[found["network"] == "x"]
    assert of_x["views"].isna().all() and of_x["impressions"].notna().any()
    assert posts.count_posts(session, posts.Wanted()) == len(found) > 30


def test_engagement_and_rate_are_those_of_the_registry(session: Session) -> None:
    found = posts.posts_table(session, posts.Wanted())
    for row in found.to_dict("records"):
        counters = {
            str(name): None if pd.isna(value) else int(value)
            for name, value in row.items()
            if name in POST_METRIC_NAMES
        }
        assert row["engagement"] is pd.NA or row["engagement"] == engagement(counters)
        rate = engagement_rate(str(row["network"]), counters)
        assert pd.isna(row["rate"]) if rate is None else row["rate"] == pytest.approx(rate)


def test_posts_are_narrowed_by_network_topic_kind_time_and_words(session: Session) -> None:
    wanted = posts.Wanted(
        since=NOW - timedelta(days=60), until=NOW, networks=("facebook",), topics=("flu",),
        words="SEASON book",
    )  # fmt: skip
    found = posts.posts_table(session, wanted)
    assert not found.empty
    assert set(found["network"]) == {"facebook"}
    assert all("flu" in topics for topics in found["topics"])
    assert posts.posts_table(session, posts.Wanted(words="100%_sure")).empty
    assert posts.posts_table(session, posts.Wanted(kinds=("reel",)))["kind"].eq("reel").all()


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Pie DIABÉTICO: qué hacer", "diabético", True),
        ("Pie diabético: qué hacer", "DIABÉTICO", True),
        ("Pie diabe\u0301tico: qué hacer", "diabético", True),
        ("Pie diabético", "diabe\u0301tico", True),
        ("Pie diabetico", "diabético", False),
        ("¡ÑANDÚ (a+b)?!", "ñandú (A+B)?!", True),
        ("STRASSE", "straße", True),
        ("Сон и здоровье", "СОН", True),
        ("100% sure", "100%", True),
        ("1000 sure", "100%", False),
        ("100% segurísimo", "100% SEGURÍSIMO", True),
        ("1000 é", "0%é", False),
        ("0%É", "0%é", True),
        ("flu_shot", "flu_shot", True),
        ("flu-shot", "flu_shot", False),
        ("é-shot", "é_shot", False),
        ("É\\shot", "é\\shot", True),
    ],
)
def test_words_are_found_in_any_case_and_are_taken_literally(
    session: Session, text: str, words: str, found: bool
) -> None:
    session.execute(update(Post).values(text="Nothing of the kind"))
    post = newest_post(session, 1)
    post.text = text
    session.flush()
    wanted = posts.Wanted(words=words)
    table = posts.posts_table(session, wanted)
    assert table["post_id"].tolist() == ([post.id] if found else [])
    assert posts.count_posts(session, wanted) == int(found)


def test_a_post_names_the_reply_of_each_figure(session: Session, made: Made) -> None:
    post = newest_post(session, made.accounts["facebook"])
    session.execute(delete(PostSnapshot).where(col(PostSnapshot.post_id) == post.id))
    for hours, raw, given in ((1, 1, {"views": 10, "clicks": 2}), (2, None, {"views": 12})):
        at = post.published_at + timedelta(hours=hours)
        session.add(PostSnapshot(post_id=post.id or 0, captured_at=at, raw_reply_id=raw, **given))
    session.flush()
    detail = posts.post_detail(session, post.id or 0)
    assert detail is not None
    values = {one.metric: one for one in detail.values}
    assert (values["views"].value, values["views"].source) == (12, None)
    clicks = values["clicks"]
    assert clicks.value == 2 and clicks.captured_at == post.published_at + timedelta(hours=1)
    assert clicks.source is not None
    assert clicks.source.words() == "reply 1 · Facebook API v26.0 · /v26.0/me/posts"
    assert posts.post_detail(session, 10**9) is None


@pytest.mark.parametrize("level", ads.LEVELS)
def test_ads_are_summed_by_level_with_currencies_apart(session: Session, level: ads.Level) -> None:
    since = TODAY - timedelta(days=10)
    found = ads.spend_by(session, level, since, TODAY)
    assert sorted(found["currency"]) == ["EUR", "USD"]
    euros = found[found["currency"] == "EUR"].iloc[0]
    assert euros["spend_minor"] == 9 * 1000  # of ten days one is not known
    assert pd.isna(euros["clicks"]) and pd.isna(euros["results"])
    assert euros["campaign"] == "Flu shots"
    assert (euros["first_day"], euros["last_day"]) == (since, TODAY - timedelta(days=1))
    assert pd.isna(ads.cost_per_result(found)[found["currency"] == "EUR"]).all()


def test_a_sum_of_ads_is_as_of_its_oldest_reading(session: Session) -> None:
    since = TODAY - timedelta(days=10)
    session.execute(update(AdDaily).values(captured_at=NOW, raw_reply_id=9))
    old = session.exec(select(AdDaily).where(AdDaily.currency == "EUR", AdDaily.day == since)).one()
    old.captured_at, old.raw_reply_id = NOW - timedelta(days=3), 4
    session.flush()
    found = ads.spend_by(session, "campaign", since, TODAY).set_index("currency")
    assert found["captured_at"].to_dict() == {"EUR": NOW - timedelta(days=3), "USD": NOW}
    assert found["raw_reply_id"].to_dict() == {"EUR": 4, "USD": 9}
    flu = session.exec(select(Campaign).where(Campaign.name == "Flu season")).one()
    rows = {one.currency: one for one in campaign_ads.ads_of(session, flu)}
    assert rows["EUR"].captured_at == NOW - timedelta(days=3), "one rule on page and summary"


def test_days_of_ads_keep_what_is_missing(session: Session) -> None:
    days = ads.spend_by_day(session, TODAY - timedelta(days=10), TODAY)
    euros = days[days["currency"] == "EUR"].set_index("day")["spend_minor"]
    assert pd.isna(euros[TODAY - timedelta(days=3)])
    assert euros[TODAY - timedelta(days=2)] == 1000


def test_one_ads_days_are_its_own(session: Session) -> None:
    by_ad = ads.spend_by(session, "ad", TODAY - timedelta(days=10), TODAY)
    one = by_ad[by_ad["name"] == "Vacuna"].iloc[0]
    days = ads.ad_days(session, int(one["object_id"]), TODAY - timedelta(days=10), TODAY)
    assert set(days["currency"]) == {"EUR"} and len(days) == 10


def test_unlike_results_are_not_added(session: Session) -> None:
    row = session.exec(select(AdDaily).where(AdDaily.currency == "USD").limit(1)).one()
    row.result_type = "link_click"
    session.flush()
    found = ads.spend_by(session, "campaign", TODAY - timedelta(days=70), TODAY)
    dollars = found[found["currency"] == "USD"].iloc[0]
    assert pd.isna(dollars["results"]) and dollars["result_type"] is None


def test_runs_tell_what_they_brought_and_what_failed(session: Session) -> None:
    found = activity.runs(session)
    assert found["finished_at"].is_monotonic_decreasing
    assert found["seconds"].eq(4.0).all()
    failed = activity.runs(session, failed_only=True)
    assert failed["network"].tolist() == ["instagram"]
    assert failed["todo"].iloc[0] == "Nothing: it is tried again."


def test_a_backfill_counts_what_is_here(session: Session, made: Made) -> None:
    found = {one.network: one for one in activity.backfills(session) if one.stream == "posts"}
    of_x = posts.count_posts(session, posts.Wanted(networks=("x",)))
    assert (found["x"].items, found["x"].done_at) == (of_x, None)
    assert found["facebook"].done_at is not None


def test_an_open_wish_is_found_again(session: Session) -> None:
    assert activity.open_wish(session, "collect") is None
    wish = requests.ask(session, "collect", {})
    assert activity.open_wish(session, "collect") == wish


def test_connections_tell_how_much_was_read_and_spent(session: Session, made: Made) -> None:
    found = {one.account.network: one for one in connections.connected(session)}
    x = found["x"]
    assert x.is_demo and not found["facebook"].is_demo
    assert x.spent_micros == 40_000
    assert x.figures == posts.count_posts(session, posts.Wanted(networks=("x",)))
    assert found["facebook"].last_ok_at == NOW - timedelta(minutes=4)
    (day,) = activity.spent_by_day(session).to_dict("records")
    assert (day["calls"], day["units"], day["cost_micros"]) == (4, 40, 40_000)
