"""Posts, Ads, Campaigns, Connections, Activity and Welcome, without a browser.

Long because each of six pages has its empty, full and wrong-address states.
"""

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from data import practice as practices
from data.migrate import upgrade
from data.models import Account, Campaign, Post, Request
from data.session import make_engine, open_session
from tests.dashboard.test_overview_page import MAIN
from tests.furnished import furnish, newest_post
from tests.made import Made

Open = Callable[..., AppTest]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a screen on a database, with query parameters."""

    def _open(url: str, screen: str, **params: str) -> AppTest:
        monkeypatch.setenv("REACHWELL_DATABASE_URL", url)
        app = AppTest.from_file(MAIN, default_timeout=60)
        app.query_params.update(params)
        app.switch_page(f"screens/{screen}.py").run()
        assert not app.exception
        return app

    return _open


@pytest.fixture
def desk_url(made_file: Path, made_now: datetime, tmp_path: Path) -> str:
    """The made practice with campaigns, work and a second ad account."""
    path = tmp_path / "desk.sqlite3"
    shutil.copy(made_file, path)
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine, "test", write=True) as session:
        ids = {one.network: one.id or 0 for one in session.exec(select(Account))}
        furnish(session, Made(f"sqlite:///{path}", made_now, ids))
    engine.dispose()
    return f"sqlite:///{path}"


@pytest.fixture
def empty_url(sqlite_url: str) -> str:
    """A practice that was set up a moment ago."""
    engine = make_engine(sqlite_url)
    with open_session(engine, "test", write=True) as session:
        practices.describe(session, name="Harbor", zone="Europe/Madrid", currency="EUR")
    engine.dispose()
    return sqlite_url


def words(app: AppTest) -> str:
    """All that a page says."""
    kinds = (app.title, app.header, app.markdown, app.caption, app.error, app.warning, app.info,
             app.success)  # fmt: skip
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def tables(app: AppTest) -> dict[str, list[str]]:
    """Each table's alternative text and columns."""
    return {one.proto.alt: list(one.value.columns) for one in app.dataframe}


def figures(app: AppTest) -> list[dict[str, object]]:
    return [json.loads(one.proto.spec) for one in app.get("plotly_chart")]


def test_posts_are_listed_with_their_figures(opened: Open, desk_url: str) -> None:
    app = opened(desk_url, "posts", period="8 weeks")
    assert app.title[0].value == "Posts"
    (columns,) = tables(app).values()
    assert columns[:5] == ["Published", "Network", "Text", "Engagement", "Rate"]
    assert "Select a row to see how the post grew" in words(app)


def test_a_search_is_in_the_address_and_says_when_it_finds_nothing(
    opened: Open, desk_url: str
) -> None:
    app = opened(desk_url, "posts", q="blood pressure")
    assert all("blood pressure" in text for text in app.dataframe[0].value["Text"])
    nothing = opened(desk_url, "posts", q="zebra")
    assert "No post says that" in words(nothing)


def test_the_order_is_in_the_address(opened: Open, desk_url: str) -> None:
    app = opened(desk_url, "posts", sort="Engagement")
    assert app.dataframe[0].value["Engagement"].is_monotonic_decreasing


def test_a_deleted_post_is_marked(opened: Open, desk_url: str) -> None:
    app = opened(desk_url, "posts", network="Facebook", period="12 months")
    assert app.dataframe[0].value["Text"].str.startswith("✕ deleted · ").sum() == 1


def a_post(url: str, network: str) -> Post:
    engine = make_engine(url)
    with open_session(engine, "test") as session:
        account = session.exec(
            select(Account).where(Account.network == network).order_by(Account.id)  # type: ignore[arg-type]
        ).first()
        assert account is not None
        post = newest_post(session, account.id or 0)
    engine.dispose()
    return post


def test_a_post_shows_growth_sources_and_topics(opened: Open, desk_url: str) -> None:
    post = a_post(desk_url, "x")
    app = opened(desk_url, "posts", post=str(post.id))
    said = words(app)
    assert "Every figure names the reply it came from" in said
    assert "Found by its words." in said
    sources = [one for one in app.dataframe if "reply" in one.proto.alt]
    assert list(sources[0].value.columns)[:4] == ["Figure", "Value", "Read at", "Reply"]
    assert "Growth of engagement since publishing" in app.get("plotly_chart")[0].proto.alt


def test_a_correction_is_kept_and_taken_back(opened: Open, desk_url: str) -> None:
    post = a_post(desk_url, "x")
    app = opened(desk_url, "posts", post=str(post.id))
    app.multiselect[0].set_value(["asthma"]).run()
    assert a_post(desk_url, "x").topics_by == "person"
    assert app.multiselect[0].value == ["asthma"]
    assert "Corrected by hand" in words(app)
    app.button(key=f"undo-{post.id}").click().run()
    assert a_post(desk_url, "x").topics_by == "match"
    assert app.multiselect[0].value != ["asthma"]


@pytest.mark.parametrize("wrong", ["99999999", "-1", "one", "1" * 40])
def test_an_address_of_no_post_breaks_nothing(opened: Open, desk_url: str, wrong: str) -> None:
    app = opened(desk_url, "posts", post=wrong)
    assert app.title[0].value == "Posts"


def test_ads_keep_currencies_apart(opened: Open, desk_url: str) -> None:
    app = opened(desk_url, "ads", period="8 weeks")
    labels = [metric.label for metric in app.metric]
    assert "Spend, EUR" in labels and "Spend, USD" in labels
    euros = next(metric.value for metric in app.metric if metric.label == "Spend, EUR")
    assert euros == "390.00 EUR"
    assert "Reach is not shown" in words(app)


def test_days_younger_than_28_days_are_drawn_apart(opened: Open, desk_url: str) -> None:
    app = opened(desk_url, "ads", period="8 weeks")
    chart = next(
        one for one in app.get("plotly_chart") if one.proto.alt.startswith("Bars of spend")
    )
    firm, moving = json.loads(chart.proto.spec)["data"]
    assert (firm["name"], moving["name"]) == ("firm", "may still change")
    assert "may still change" in chart.proto.alt


@pytest.mark.parametrize("level", ["Campaign", "Ad set", "Ad", "Day"])
def test_ads_are_shown_by_each_level(opened: Open, desk_url: str, level: str) -> None:
    app = opened(desk_url, "ads", period="8 weeks", by=level)
    assert all(columns[0] == level for columns in tables(app).values())


def test_ads_show_the_pace_of_campaigns(opened: Open, desk_url: str) -> None:
    assert "of 1,500.00 USD" in words(opened(desk_url, "ads"))


def test_campaigns_show_posts_beside_ads(opened: Open, desk_url: str) -> None:
    app = opened(desk_url, "campaigns")
    said = words(app)
    assert "2 campaigns, 1 running" in said
    assert "Organic: " in said and "Paid: 390.00 EUR and " in said
    assert "Currencies stand apart and are never added." in said
    named = tables(app)
    assert {"All ads", "EUR", "USD"} < set(named["The campaign's paid figures"])
    assert "All figures of the campaign with scope, value, note, source and time" in named


def test_a_campaign_is_in_the_address(opened: Open, desk_url: str) -> None:
    engine = make_engine(desk_url)
    with open_session(engine, "test") as session:
        sleep = session.exec(select(Campaign).where(Campaign.name == "Sleep week")).one()
    engine.dispose()
    app = opened(desk_url, "campaigns", campaign=str(sleep.id))
    assert "Sleep week" in [header.value for header in app.header]
    assert "No ads belong to it" in words(app)


def test_connections_tell_state_token_rights_and_steps(opened: Open, desk_url: str) -> None:
    said = words(opened(desk_url, "connections", connect="Instagram"))
    assert "We can read 214 posts." in said
    assert "Ad spend: no, ads_read is missing." in said
    assert "The token ends in 4 days" in said
    for permission in ("pages_show_list", "instagram_basic", "instagram_manage_insights"):
        assert f"`{permission}`" in said


def test_x_says_what_it_will_cost(opened: Open, desk_url: str) -> None:
    app = opened(desk_url, "connections", connect="X")
    assert (app.metric[0].label, app.metric[0].value) == ("Each month", "$1.49")
    app.number_input(key="x-day").set_value(2.0).run()
    assert app.metric[0].value == "$2.68"
    assert "billed once a day" in words(app)


def test_pausing_and_removing_change_the_account(opened: Open, desk_url: str) -> None:
    account = a_post(desk_url, "x").account_id
    app = opened(desk_url, "connections")
    app.button(key=f"pause-{account}").click().run()
    assert state_of(desk_url, account) == "paused"
    app.button(key=f"resume-{account}").click().run()
    assert state_of(desk_url, account) == "connected"
    app.button(key=f"remove-{account}").click().run()
    assert state_of(desk_url, account) == "removed"


def state_of(url: str, account_id: int) -> str:
    engine = make_engine(url)
    with open_session(engine, "test") as session:
        account = session.get(Account, account_id)
    engine.dispose()
    assert account is not None
    return account.state


def test_activity_tells_who_works_and_what_failed(opened: Open, desk_url: str) -> None:
    app = opened(desk_url, "activity")
    said = words(app)
    assert "The worker is at work" in said
    assert "Reading the past of 1 account" in said
    assert "1 of the last 16 runs failed" in said
    assert [error.value for error in app.error] == ["Nothing: it is tried again."]
    assert "Reading cost $0.04 this month" in said
    failed = opened(desk_url, "activity", **{"runs-view": "Failed"})
    assert "What to do" in failed.dataframe[0].value.columns


def test_a_backfill_is_stopped_and_resumed(opened: Open, desk_url: str) -> None:
    account = a_post(desk_url, "x").account_id
    app = opened(desk_url, "activity")
    app.button(key=f"backfill-off-{account}-posts").click().run()
    assert any("Stopped by you" in one.proto.text for one in app.get("progress"))
    app.button(key=f"backfill-on-{account}-posts").click().run()
    assert not any("Stopped by you" in one.proto.text for one in app.get("progress"))


def test_collect_now_asks_the_worker(opened: Open, desk_url: str) -> None:
    app = opened(desk_url, "activity")
    app.button(key="collect-now").click().run()
    engine = make_engine(desk_url)
    with open_session(engine, "test") as session:
        wish = session.exec(select(Request)).one()
    engine.dispose()
    assert (wish.kind, wish.state, wish.asked_by) == ("collect", "waiting", "page")
    assert "Waiting for the worker" in words(app)


def test_welcome_in_the_demo_offers_the_form(opened: Open, desk_url: str) -> None:
    app = opened(desk_url, "welcome")
    assert app.title[0].value == "Welcome to Reachwell"
    assert "Look round in a made-up practice" in words(app)
    assert app.text_input[0].label == "Name of the practice"


def test_welcome_of_a_new_practice_shows_the_first_steps(opened: Open, empty_url: str) -> None:
    said = words(opened(empty_url, "welcome"))
    assert "Harbor is set up" in said
    assert "Connect an account" in said and "Europe/Madrid" in said


@pytest.mark.parametrize(
    ("screen", "sentence"),
    [
        ("posts", "No posts in this period"),
        ("ads", "No ads yet"),
        ("campaigns", "No campaigns yet"),
        ("connections", "Connect an account"),
        ("activity", "Nothing ran yet"),
    ],
)
def test_an_empty_practice_is_told_what_to_do(
    opened: Open, empty_url: str, screen: str, sentence: str
) -> None:
    assert sentence in words(opened(empty_url, screen))


def test_setting_up_opens_the_practice_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REACHWELL_DATABASE_URL", raising=False)
    monkeypatch.setenv("REACHWELL_HOME", str(tmp_path))
    engine = make_engine(f"sqlite:///{tmp_path / 'demo.sqlite3'}")
    upgrade(engine)
    engine.dispose()
    app = AppTest.from_file(MAIN, default_timeout=60)
    app.switch_page("screens/welcome.py").run()
    app.text_input[0].set_value("Harbor Family Medicine")
    app.button[0].click().run()
    assert not app.exception
    assert (tmp_path / "reachwell.sqlite3").exists()
    assert "Harbor Family Medicine is set up" in words(app)
