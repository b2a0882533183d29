"""The contract, kept by the real SDKs against replies on file, in the shape of recordings."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from collectors.networks import open_adapter, parse_credentials
from data.clock import told_by
from tests.networks.contract import Case, Contract
from tests.networks.recorded import USER_TOKEN, X_TOKEN, RecordedGraph, RecordedX
from tests.networks.replay import replaying

WHEN = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
ACCOUNTS: dict[str, tuple[str, str, str]] = {
    "x": ("7401", "ElmStreetClinic", X_TOKEN),
    "facebook": ("5501", "elmstreetclinic", USER_TOKEN),
    "instagram": ("17840000000000001", "elm.street.clinic", USER_TOKEN),
    "meta_ads": ("act_660077", "act_660077", USER_TOKEN),
}


@pytest.fixture
def recorded(network: str) -> Iterator[Case]:
    """The account of a network, answered from its file, on a day after its last post."""
    route: Any = RecordedX() if network == "x" else RecordedGraph()
    remote_id, handle, token = ACCOUNTS[network]
    with replaying(route) as replay, told_by(lambda: WHEN):
        adapter = open_adapter(network, parse_credentials(network, token), replay.url)
        yield Case(adapter, remote_id, handle, token, date(2026, 9, 15))


@pytest.mark.parametrize("network", list(ACCOUNTS))
class TestRecorded(Contract):
    @pytest.fixture
    def case(self, recorded: Case) -> Case:
        return recorded


@pytest.mark.parametrize("network", ["x"])
def test_x_texts_and_links_are_the_authors_own(recorded: Case) -> None:
    posts = {post.remote_id[-1]: post for post in recorded.all_posts()}
    address = "https://elm.example/flu?utm_campaign=flu26&utm_source=x"
    assert posts["5"].text == f"Flu shots & boosters: walk in today {address}"
    assert posts["5"].links == (address,)
    assert posts["3"].text == "@ana <3 thank you! &quot; stays as you wrote it"
    assert posts["2"].text.startswith("A long note on sleep & screens: https://elm.example/sleep ")
    assert posts["2"].links == ("https://elm.example/sleep/",)
    assert [posts[n].kind for n in "5432"] == ["photo", "retweet", "reply", "link"]
    assert posts["3"].language is None


@pytest.mark.parametrize("network", ["x"])
def test_x_counts_are_known_or_absent_never_zero_instead(recorded: Case) -> None:
    posts = {post.remote_id[-1]: post for post in recorded.all_posts()}
    assert posts["5"].metrics == {
        "impressions": 1500, "likes": 21, "replies": 1, "reposts": 4, "quotes": 0,
        "bookmarks": 2, "clicks": 17, "profile_clicks": 3,
    }  # fmt: skip
    assert "clicks" not in posts["2"].metrics, "older than 30 days"
    assert posts["3"].metrics["impressions"] == 40, "from the author's own metrics"
    assert "bookmarks" not in posts["3"].metrics


@pytest.mark.parametrize("network", ["facebook"])
def test_a_page_is_read_past_time_paging(recorded: Case) -> None:
    posts = {post.remote_id: post for post in recorded.all_posts()}
    assert list(posts) == ["5501_93", "5501_92", "5501_91"]
    assert posts["5501_93"].metrics == {
        "views": 1000, "reach": 640, "clicks": 12, "reactions": 31, "comments": 4, "shares": 3,
    }  # fmt: skip
    assert posts["5501_92"].metrics == {"reactions": 5, "comments": 0}, "an empty set is no 0"
    assert posts["5501_92"].links == ("https://elm.example/sleep?utm_campaign=sleep",)
    assert [post.kind for post in posts.values()] == ["photo", "link", "video"]
    assert posts["5501_91"].text == ""


@pytest.mark.parametrize("network", ["facebook"])
def test_page_days_are_the_pacific_date_before_end_time(recorded: Case) -> None:
    page = recorded.adapter.account("5501", since=date(2026, 9, 10), until=date(2026, 9, 15))
    assert [(one.day.isoformat(), one.metric, one.value) for one in page.account] == [
        ("2026-09-12", "views", 100),
        ("2026-09-13", "views", 70),
        ("2026-09-13", "followers", 2210),
    ]


@pytest.mark.parametrize("network", ["instagram"])
def test_media_bring_the_metrics_of_their_kind(recorded: Case) -> None:
    posts = {post.remote_id: post for post in recorded.all_posts()}
    assert [post.kind for post in posts.values()] == ["reel", "photo", "carousel"]
    assert posts["1801"].metrics["watch_time_ms"] == 5_200_000
    assert posts["1802"].metrics == {"comments": 1}, "a hidden like count and late insights"
    assert posts["1803"].metrics == {
        "reach": 210, "likes": 11, "comments": 0, "follows": 1, "profile_visits": 6,
    }  # fmt: skip


@pytest.mark.parametrize("network", ["meta_ads"])
def test_ad_rows_keep_money_exact_and_results_named(recorded: Case) -> None:
    page = recorded.adapter.ads(
        "act_660077", since=date(2026, 9, 1), until=date(2026, 9, 15), cursor=None
    )
    lead, quiet, shown = page.ads
    assert (lead.spend_minor, quiet.spend_minor, shown.spend_minor) == (7653, 0, 101)
    assert (lead.results, lead.result_type) == (
        2,
        "lead (7 days after a click, 1 day after a view)",
    )
    assert (quiet.results, quiet.link_clicks) == (None, None)
    assert (shown.results, shown.result_type, shown.reach) == (None, None, None)
    assert lead.actions[1] == {
        "action_type": "lead", "value": "2", "7d_click": "1", "1d_view": "1",
    }  # fmt: skip
