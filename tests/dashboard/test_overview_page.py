"""The pages Overview and Engagement, run as the server runs them but without a browser."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, delete, select
from streamlit.testing.v1 import AppTest

from data.audit import record
from data.clock import now
from data.models import Account, Alert, EngagementDaily, Practice, StreamState
from data.session import Session, make_engine, open_session

MAIN = str(Path(__file__).parents[2] / "dashboard" / "main.py")
Open = Callable[..., AppTest]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a screen on a database, with query parameters."""

    def _open(url: str, screen: str = "overview", **params: str) -> AppTest:
        monkeypatch.setenv("REACHWELL_DATABASE_URL", url)
        app = AppTest.from_file(MAIN, default_timeout=60)
        app.query_params.update(params)
        if screen != "overview":
            app.switch_page(f"screens/{screen}.py")
        app.run()
        assert not app.exception
        return app

    return _open


def _words(app: AppTest) -> str:
    kinds = (app.title, app.header, app.markdown, app.caption, app.error, app.warning)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def _alts(app: AppTest) -> list[str]:
    return [element.proto.alt for element in app.get("plotly_chart")]


def test_overview_says_whether_to_worry(opened: Open, made_url: str) -> None:
    app = opened(made_url)
    words = _words(app)
    assert app.title[0].value == "Overview"
    assert "Demo practice." in words
    assert "usual" in words
    assert "The token of x:harbourstreetmd ends in 6 days." in words
    assert re.search(r"updated \d+ min ago", words)  # 4, and as long as the machine takes
    assert [metric.label for metric in app.metric] == [
        "Engagement",
        "Posts published",
        "Followers",
        "Per 1,000 views on Meta",
        "Per 1,000 impressions on X",
        "Ad spend in USD",
    ]


def test_the_address_sets_the_view(opened: Open, made_url: str) -> None:
    app = opened(made_url, period="8 weeks", network="X")
    assert "56 days before" in _words(app)
    assert "Per 1,000 views on Meta" not in [metric.label for metric in app.metric]


def test_an_address_with_unknown_words_shows_the_default(opened: Open, made_url: str) -> None:
    app = opened(made_url, period="a fortnight", network="MySpace", axis="sideways")
    assert "28 days before" in _words(app)


def test_a_failing_source_is_the_headline(opened: Open, made_url: str) -> None:
    engine = make_engine(made_url)
    with open_session(engine, "test", write=True) as session:
        stream = session.get(StreamState, 1)
        assert stream is not None
        stream.last_error, stream.last_error_at = "Facebook does not answer.", now()
        session.add(stream)
    engine.dispose()
    app = opened(made_url)
    assert "facebook:harbourstreet could not be read" in app.header[0].value
    assert "Facebook does not answer." in _words(app)


def test_a_practice_of_its_own_has_no_banner(opened: Open, made_url: str) -> None:
    engine = make_engine(made_url)
    with open_session(engine, "test", write=True) as session:
        practice = session.get(Practice, 1)
        assert practice is not None
        practice.is_demo = False
        for alert in session.exec(select(Alert)).all():
            alert.resolved_at = now()
    engine.dispose()
    words = _words(opened(made_url))
    assert "made up" not in words
    assert "No alerts today" in words


def test_a_practice_without_accounts_is_shown_the_way(opened: Open, sqlite_url: str) -> None:
    from data import practice as practices

    engine = make_engine(sqlite_url)
    with open_session(engine, "test", write=True) as session:
        practices.describe(session, name="New", zone="America/New_York", currency="USD")
    engine.dispose()
    words = _words(opened(sqlite_url))
    assert "No account is connected yet" in words
    assert "Nothing happened" in _words(opened(sqlite_url, "engagement", axis="Day it happened"))


def test_a_database_that_is_not_there_is_a_sentence(opened: Open, tmp_path: Path) -> None:
    app = opened(f"sqlite:///{tmp_path / 'none.sqlite3'}")
    assert [error.proto.title for error in app.error] == ["This page could not be drawn."]
    assert "Nothing was lost." in _words(app)
    assert not app.title


def test_engagement_states_findings_and_names_the_axis_on_every_chart(
    opened: Open, made_url: str
) -> None:
    app = opened(made_url, "engagement", axis="Day published")
    headings = [header.value for header in app.header]
    assert headings[0].startswith("Engagement ")
    assert len(_alts(app)) == 2
    assert sum('class="rw-week"' in html.proto.body for html in app.get("html")) == 1
    bars = [html.proto.body for html in app.get("html") if 'class="rw-bars"' in html.proto.body]
    assert ['aria-label="Engagement by topic: ' in bars[0], len(bars)] == [True, 2]
    assert sum("by day published" in caption.value for caption in app.caption) >= 5
    assert all(_alts(app))


def test_the_axis_follows_how_long_collecting_has_run(
    opened: Open, made_url: str, young_url: str
) -> None:
    assert "by day it happened" in _words(opened(made_url, "engagement"))
    assert "**by day published**" in _words(opened(young_url, "engagement"))


def test_estimated_shares_are_marked(opened: Open, made_url: str) -> None:
    app = opened(made_url, "engagement", axis="Day it happened")
    assert "hatched: estimated (" in _words(app)
    assert "is estimated" in _alts(app)[0]
    specs = [_spec(element) for element in app.get("plotly_chart")]
    assert any("pattern" in trace.get("marker", {}) for trace in specs[0]["data"])


def test_the_rate_names_its_denominator(opened: Open, made_url: str) -> None:
    app = opened(made_url, "engagement", measure="Rate", network="X")
    assert "per 1,000 impressions" in app.header[0].value
    assert "× 1,000" in _words(app)


def test_a_rate_by_reach_is_a_median_on_the_day_of_publication(opened: Open, made_url: str) -> None:
    app = opened(made_url, "engagement", measure="Rate", per="Reach", axis="Day it happened")
    assert "per 1,000 people reached" in app.header[0].value
    words = _words(app)
    assert "The median over posts" in words
    assert "by day it happened" not in words
    assert "This page could not be drawn." not in words


@pytest.mark.parametrize("axis", ["Day published", "Day it happened"])
@pytest.mark.parametrize("topic", ["All", "flu"])
def test_a_rate_by_followers_names_them(opened: Open, made_url: str, axis: str, topic: str) -> None:
    app = opened(made_url, "engagement", measure="Rate", per="Followers", axis=axis, topic=topic)
    assert "per 1,000 followers" in app.header[0].value
    assert "followers of the same accounts on that day" in _words(app)
    assert "An hour has no followers of its own" in _words(app)


def test_a_kind_in_the_address_yields_to_a_topic(opened: Open, made_url: str) -> None:
    app = opened(made_url, "engagement", topic="flu", kind="Photos")
    kind = next(box for box in app.selectbox if box.label == "Kind")
    assert kind.disabled
    assert "one topic, all kinds" in _words(app)


def test_an_account_that_was_connected_late_leaves_nothing_to_compare_with(
    opened: Open, made_url: str
) -> None:
    assert "dotted" in _words(opened(made_url, "engagement", axis="Day published"))
    engine = make_engine(made_url)
    with open_session(engine, "test", write=True) as session:
        late = now().date() - timedelta(days=20)
        session.connection().execute(
            delete(EngagementDaily).where(
                col(EngagementDaily.day) < late, col(EngagementDaily.account_id) == _x(session)
            )
        )
        record(session, "test", "late")
    engine.dispose()
    words = _words(opened(made_url, "engagement", axis="Day published"))
    assert "so there is nothing to compare with" in words
    assert "dotted" in _words(
        opened(made_url, "engagement", axis="Day published", network="Facebook")
    )


def _x(session: Session) -> int:
    return session.exec(select(Account.id).where(Account.network == "x")).one() or 0


def test_a_day_in_the_address_lists_its_posts(opened: Open, made_url: str) -> None:
    from data.queries.engagement import posts_between

    engine = make_engine(made_url)
    with open_session(engine, "test") as session:
        day = now().date()
        posts = posts_between(session, zone="America/New_York", first=day.replace(day=1), last=day)
    engine.dispose()
    chosen = posts["at"].iloc[0].date() if len(posts) else day
    app = opened(made_url, "engagement", axis="Day published", day=chosen.isoformat())
    assert f"published on {chosen.day} " in _words(app)


def test_a_topic_leaves_kinds_alone(opened: Open, made_url: str) -> None:
    app = opened(made_url, "engagement", topic="flu")
    assert "Totals of one topic know no kind." in _words(app)


def test_charts_send_few_points(opened: Open, made_url: str) -> None:
    app = opened(made_url, "engagement", period="12 months")
    for element in app.get("plotly_chart"):
        points = sum(_points(trace) for trace in _spec(element)["data"])
        assert points < 2000


def _spec(element: Any) -> dict[str, Any]:
    spec = json.loads(element.proto.spec)
    assert isinstance(spec, dict)
    return spec


def _points(trace: dict[str, Any]) -> int:
    x = trace.get("x", [])
    return len(x) if isinstance(x, list) else 0
