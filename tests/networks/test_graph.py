"""Graph's rules: error codes, quotas, permissions, tokens, and posts read one by one.

Long because Graph has that many rules, and one file is where they are looked for.
"""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from facebook_business.api import FacebookAdsApi

from collectors.networks import open_adapter, parse_credentials
from collectors.networks.base import Adapter, NetworkError
from collectors.networks.graph import place_after, place_params
from collectors.networks.graph_errors import GraphFault, fault_in, refusal
from collectors.networks.graph_metrics import MEDIA, PAGE_POST, current, our_names
from collectors.networks.meta_ads import oldest_day
from collectors.networks.usage import pause_until, regain_at
from data.clock import told_by
from data.metrics import BY_NAME
from tests.networks.contract import assert_told, told_of_posts
from tests.networks.recorded import SCOPES, USER_TOKEN, RecordedGraph
from tests.networks.replay import Answer, Asked, Replay, replaying

WHEN = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
NO_SKIP: frozenset[str] = frozenset()
APP = {"access_token": USER_TOKEN, "app_id": "44001", "app_secret": "app-secret-1"}


@contextmanager
def opened(
    network: str, route: Any, values: dict[str, str] | None = None
) -> Iterator[tuple[Adapter, Replay]]:
    text = json.dumps(values) if values else USER_TOKEN
    with replaying(route) as replay, told_by(lambda: WHEN):
        yield open_adapter(network, parse_credentials(network, text), replay.url), replay


def graph_error(code: int, subcode: int | None = None, message: str = "no", **more: Any) -> Answer:
    error = {"message": message, "code": code, "error_subcode": subcode} | more
    return Answer({"error": error}, 400)


@pytest.mark.parametrize(
    ("codes", "reason", "permanent"),
    [
        ((4, 17, 32, 613, 80000, 80004, 80014), "rate_limit", False),
        ((190, 102), "token", True),
        ((10, 200, 220, 299), "permission", True),
        ((1, 2), "server", False),
        ((100, 506, 368, 2500), "refused", True),
        ((803,), "gone", True),
    ],
)
def test_codes_mean_what_they_are_documented_to(
    codes: tuple[int, ...], reason: str, permanent: bool
) -> None:
    for code in codes:
        error = refusal(GraphFault(code, 0, "x", False, 400), "Facebook", (), None)
        assert (error.reason, error.permanent) == (reason, permanent), code
        assert (error.retry_at is not None) is (reason == "rate_limit")


def test_subcodes_and_flags() -> None:
    def of(code: int, subcode: int = 0, message: str = "", transient: bool = False) -> Any:
        return refusal(GraphFault(code, subcode, message, transient, 400), "Facebook", (), None)

    assert "expired" in str(of(190, 463)) and "expired" in str(of(190, 467))
    assert "revoked" in str(of(190, 460))
    assert of(100, 33).reason == "gone"
    assert of(100, 2108006).is_ignorable
    assert of(10, 0, "Not enough viewers for the media to show insights").is_ignorable
    assert of(999, transient=True).reason == "server"
    wanted = "(#100) This endpoint requires the 'pages_read_engagement' permission or the feature"
    assert (of(100, 0, wanted).reason, of(100, 0, wanted).needs) == (
        "permission",
        ("pages_read_engagement",),
    )
    assert fault_in({"error": "text"}, 400) is not None and fault_in({"data": []}, 200) is None


class TestUsage:
    @pytest.mark.parametrize(
        ("name", "value", "minutes"),
        [
            ("x-app-usage", {"call_count": 89, "total_time": 12}, None),
            ("x-app-usage", {"call_count": 90}, 15),
            ("x-page-usage", {"call_count": 3, "total_cputime": 99.5}, 15),
            ("x-ad-account-usage", {"acc_id_util_pct": 93.0}, 15),
            ("x-ad-account-usage", {"acc_id_util_pct": 93.0, "reset_time_duration": 120}, 2),
            (
                "x-business-use-case-usage",
                {"1": [{"call_count": 95, "estimated_time_to_regain_access": 40}]},
                40,
            ),
            (
                "x-business-use-case-usage",
                {"1": [{"call_count": 5}], "2": [{"total_time": 91}]},
                15,
            ),
        ],
    )
    def test_it_pauses_from_ninety_percent_on(
        self, name: str, value: object, minutes: int | None
    ) -> None:
        with told_by(lambda: WHEN):
            pause = pause_until({name: json.dumps(value)})
        assert pause == (None if minutes is None else WHEN + timedelta(minutes=minutes))

    @pytest.mark.parametrize(
        "text", ["", "x", "[]", "3", '{"1": 3}', '{"1": [3]}', '{"call_count": "95"}', "null"]
    )
    def test_headers_of_another_shape_mean_nothing(self, text: str) -> None:
        for name in ("x-app-usage", "x-business-use-case-usage"):
            assert pause_until({name: text}) is None
            assert regain_at({name: text}) is None


class TestPlaces:
    def test_a_cursor_without_a_next_address_is_the_end(self) -> None:
        assert place_after({"paging": {"cursors": {"after": "Mg"}}}) is None

    def test_time_paging_goes_on_without_cursors(self) -> None:
        query = "access_token=t&fields=id&limit=5&until=162&since&__paging_token=e"
        address = f"https://g/v26.0/4/posts?{query}"
        place = place_after({"paging": {"next": address}})
        assert place_params(place) == {"until": "162", "__paging_token": "e"}

    @pytest.mark.parametrize("paging", [None, 3, {"next": 7}, {"next": "http://["}, {"next": ""}])
    def test_anything_else_is_the_end(self, paging: object) -> None:
        assert place_after({"paging": paging}) is None

    def test_a_stored_place_can_ask_for_nothing_else(self) -> None:
        assert place_params("after=Mg&access_token=t&fields=x") == {"after": "Mg"}


def test_the_process_keeps_no_default_and_warns_of_nothing() -> None:
    with warnings.catch_warnings(), opened("facebook", RecordedGraph()) as (adapter, _):
        warnings.simplefilter("error")
        assert adapter.posts("5501", cursor=None, since=None, skip=NO_SKIP).posts
    assert FacebookAdsApi.get_default_api() is None


def test_metric_names_agree_with_the_registry() -> None:
    for network, table in (("facebook", PAGE_POST), ("instagram", MEDIA)):
        for theirs, ours in our_names(table).items():
            assert theirs in BY_NAME[ours].networks[network]
    assert "post_impressions" not in current(PAGE_POST, NO_SKIP)
    assert "impressions" not in current(MEDIA, NO_SKIP)


class TestPermissions:
    def test_posts_come_without_insights_where_only_those_are_not_permitted(self) -> None:
        recorded = RecordedGraph()

        def no_insights(asked: Asked) -> Answer:
            if "insights" in asked.params.get("fields", ""):
                return graph_error(10, message="(#10) requires the 'read_insights' permission")
            return recorded(asked)

        with opened("facebook", no_insights) as (adapter, _):
            page = adapter.posts("5501", cursor=None, since=None, skip=NO_SKIP)
            tested = adapter.test("5501")
        assert len(page.posts) == 2 and "read_insights" in str(page.note)
        assert page.posts[0].metrics == {"reactions": 31, "comments": 4, "shares": 3}
        assert page.unavailable == ()
        why = "permission read_insights is missing"
        assert {"what": "views, reach and clicks of posts", "why": why} in tested.cannot
        assert tested.can[0] == "read 3 posts"

    def test_a_test_names_what_the_token_lacks(self) -> None:
        recorded = RecordedGraph()

        def scanty(asked: Asked) -> Answer:
            if asked.path.endswith("/debug_token"):
                scopes = [one for one in SCOPES if one != "ads_read"]
                return Answer({"data": {"is_valid": True, "scopes": scopes, "expires_at": 0}})
            return recorded(asked)

        with opened("facebook", scanty) as (adapter, _):
            tested = adapter.test("5501")
        assert tested.cannot == ({"what": "ad spend", "why": "permission ads_read is missing"},)

    def test_a_token_without_pages_show_list_is_told_so(self) -> None:
        def blind(asked: Asked) -> Answer:
            if asked.path.endswith("/debug_token"):
                return Answer({"data": {"is_valid": True, "scopes": ["public_profile"]}})
            return Answer({"data": []})

        for network in ("facebook", "instagram"):
            with opened(network, blind) as (adapter, _), pytest.raises(NetworkError) as caught:
                adapter.find("elm")
            assert caught.value.reason == "permission"
            assert "pages_show_list" in str(caught.value.todo)


class TestTokens:
    def debugged(self, ends: datetime | None, **more: Any) -> Any:
        recorded = RecordedGraph()

        def route(asked: Asked) -> Answer:
            if asked.path.endswith("/debug_token"):
                short = asked.params["input_token"] == USER_TOKEN
                stamp = int(ends.timestamp()) if ends and short else 0
                data = {"is_valid": True, "scopes": SCOPES, "expires_at": stamp}
                return Answer({"data": data | more})
            if asked.path.endswith("/oauth/access_token"):
                assert asked.params["client_secret"] == APP["app_secret"]
                return Answer({"access_token": "EAAlongtoken0001", "token_type": "bearer"})
            return recorded(asked)

        return route

    def test_the_end_is_what_meta_says(self) -> None:
        end = datetime(2026, 10, 1, tzinfo=UTC)
        with opened("facebook", self.debugged(end)) as (adapter, _):
            assert adapter.test("5501").token_ends_at == end
        with opened("facebook", self.debugged(None)) as (adapter, _):
            assert adapter.test("5501").token_ends_at is None

    def test_the_end_of_data_access_counts_where_it_is_sooner(self) -> None:
        end, sooner = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
        route = self.debugged(end, data_access_expires_at=int(sooner.timestamp()))
        with opened("facebook", route) as (adapter, _):
            assert adapter.test("5501").token_ends_at == sooner

    def test_a_short_token_is_exchanged_where_the_apps_keys_are_given(self) -> None:
        route = self.debugged(WHEN + timedelta(hours=1))
        with opened("facebook", route, APP) as (adapter, _):
            tested = adapter.test("5501")
        kept = parse_credentials("facebook", str(tested.token))
        assert dict(kept.values) == APP | {"access_token": "EAAlongtoken0001"}
        assert tested.token_ends_at is None
        with opened("facebook", route) as (adapter, _):
            assert adapter.test("5501").token is None, "without the app's keys it stays"

    def test_pages_are_looked_for_with_the_long_token(self) -> None:
        with opened("facebook", self.debugged(WHEN + timedelta(hours=1)), APP) as (adapter, replay):
            adapter.find("elmstreetclinic")
            lists = [one for one in replay.asked if one.path.endswith("/me/accounts")]
        assert [one.params["access_token"] for one in lists] == ["EAAlongtoken0001"]
        assert all("appsecret_proof" in one.params for one in lists)

    def test_a_token_that_is_no_longer_valid_is_said_to_be(self) -> None:
        def route(_: Asked) -> Answer:
            return Answer({"data": {"is_valid": False, "error": {"code": 190}}})

        with opened("facebook", route) as (adapter, _), pytest.raises(NetworkError) as caught:
            adapter.test("5501")
        assert (caught.value.reason, caught.value.permanent) == ("token", True)

    def test_a_pages_own_token_finds_its_page_and_instagram_account(self) -> None:
        recorded = RecordedGraph()

        def page_token(asked: Asked) -> Answer:
            if asked.path.endswith("/me/accounts"):
                return graph_error(
                    100, message="(#100) Tried accessing nonexisting field (accounts)"
                )
            if asked.path.endswith("/me"):
                page = recorded.facebook["page"] | recorded.instagram["page"]
                return Answer({k: v for k, v in page.items() if k != "access_token"})
            return recorded(asked)

        for network, wanted in (("facebook", "5501"), ("instagram", "17840000000000001")):
            with opened(network, page_token) as (adapter, _):
                found = adapter.find("")
            assert [(one.remote_id, one.token) for one in found] == [(wanted, USER_TOKEN)]

    @pytest.mark.parametrize(
        "typed",
        [
            "5501", "elmstreetclinic", "Elm  Street clinic", "ELM STREET", "@elmstreetclinic",
            "https://www.facebook.com/elmstreetclinic/?ref=x",
        ],
    )  # fmt: skip
    def test_a_page_is_found_by_what_people_have(self, typed: str) -> None:
        with opened("facebook", RecordedGraph()) as (adapter, _):
            found = adapter.find(typed)
        assert [(one.handle, one.token) for one in found] == [
            ("elmstreetclinic", "EAAfixturepagetoken0001")
        ]

    @pytest.mark.parametrize("typed", ["act_660077", "660077", "elm street clinic ads"])
    def test_an_ad_account_is_found_with_zone_and_currency(self, typed: str) -> None:
        with opened("meta_ads", RecordedGraph()) as (adapter, _):
            found = adapter.find(typed)
        assert [(one.handle, one.zone, one.currency) for one in found] == [
            ("act_660077", "America/Denver", "USD")
        ]


class TestOneByOne:
    """One post (not a metric) spoils the list: every other post keeps its insights."""

    def spoiling(self, subcode: int | None) -> Any:
        recorded = RecordedGraph()

        def answer(parts: list[str], params: dict[str, str]) -> Answer:
            fields = params.get("fields", "")
            whole_list = parts[-1] == "published_posts" and params.get("limit") != "1"
            bad = parts[0] == "5501_92" and ("insights" in fields or parts[-1] == "insights")
            if bad or (whole_list and "insights" in fields):
                return graph_error(100, subcode, "(#100) not for this post")
            return RecordedGraph.answer(recorded, parts, params)

        recorded.answer = answer  # type: ignore[method-assign]
        return recorded

    @pytest.mark.parametrize("subcode", [None, 2108006])
    def test_the_others_keep_theirs(self, subcode: int | None) -> None:
        with opened("facebook", self.spoiling(subcode)) as (adapter, _):
            page = adapter.posts("5501", cursor=None, since=None, skip=NO_SKIP)
        metrics = {post.remote_id: post.metrics for post in page.posts}
        for post in page.posts:
            told = told_of_posts(page.raws[post.raw].body)
            assert_told("facebook", post, told.get(post.remote_id))
        assert metrics["5501_93"]["views"] == 1000
        assert metrics["5501_92"] == {"reactions": 5, "comments": 0}
        assert page.unavailable == ()
        assert page.cursor is not None


def test_an_unanswered_part_of_a_batch_is_said_and_costs_no_other() -> None:
    recorded = RecordedGraph()

    def halting(asked: Asked) -> Answer:
        answer = recorded(asked)
        return Answer([None, *answer.body[1:]]) if isinstance(answer.body, list) else answer

    asked = dict.fromkeys(("5501_93", "5501_92"), WHEN)
    with opened("facebook", halting) as (adapter, _):
        page = adapter.refresh("5501", asked, skip=NO_SKIP)
    assert [post.remote_id for post in page.posts] == ["5501_92"]
    assert page.missing == () and "5501_93" in str(page.note)


def test_fifty_posts_are_one_request() -> None:
    asked = {f"5501_{number}": WHEN for number in range(50, 100)}
    with opened("facebook", RecordedGraph()) as (adapter, replay):
        page = adapter.refresh("5501", asked, skip=NO_SKIP)
        assert len(replay.asked) == 1
    assert [raw.address for raw in page.raws] == [
        "POST /v26.0/ 5501_50, 5501_51, 5501_52 and 47 more"
    ]
    assert len(page.posts) == 3 and len(page.missing) == 47


@pytest.mark.parametrize("network", ["facebook", "instagram"])
def test_posts_are_not_taken_for_deleted_where_the_account_is_gone(network: str) -> None:
    def hidden(asked: Asked) -> Answer:
        gone = graph_error(100, 33, "Unsupported get request")
        steps = json.loads(asked.params.get("batch", "[]"))
        return (
            Answer([{"code": 400, "body": json.dumps(gone.body)} for _ in steps]) if steps else gone
        )

    with opened(network, hidden) as (adapter, _), pytest.raises(NetworkError) as caught:
        adapter.refresh("5501", {"5501_93": WHEN, "5501_92": WHEN}, skip=NO_SKIP)
    assert caught.value.reason == "gone"


class TestInstagramDays:
    def test_new_followers_are_asked_for_thirty_days_only(self) -> None:
        with opened("instagram", RecordedGraph()) as (adapter, replay):
            adapter.account("17840000000000001", since=date(2026, 7, 1), until=date(2026, 9, 15))
            spans = [
                (one.params["metric"], int(one.params["since"]))
                for one in replay.asked
                if one.path.endswith("/insights")
            ]
        edge = (WHEN - timedelta(days=30)).timestamp()
        assert len(spans) > 2
        assert all(("follower_count" in metric) == (since > edge) for metric, since in spans)

    def test_a_day_that_is_not_over_has_no_figure_but_followers(self) -> None:
        with opened("instagram", RecordedGraph()) as (adapter, _):
            page = adapter.account(
                "17840000000000001", since=date(2026, 9, 14), until=date(2026, 9, 15)
            )
        assert {(one.day.day, one.metric) for one in page.account} == {
            (14, "views"),
            (15, "followers"),
        }


class TestAds:
    def test_no_day_before_the_37_months_is_asked_for(self) -> None:
        with opened("meta_ads", RecordedGraph()) as (adapter, replay):
            page = adapter.ads(
                "act_660077", since=date(2020, 1, 1), until=date(2026, 9, 15), cursor=None
            )
            asked = [one for one in replay.asked if one.path.endswith("/insights")]
        since = json.loads(asked[0].params["time_range"])["since"]
        assert since == "2023-08-16" and "37 months" in str(page.note)
        old = adapter.ads("act_660077", since=date(2019, 1, 1), until=date(2019, 2, 1), cursor=None)
        assert old.ads == () and old.cursor is None

    def test_the_oldest_day_in_any_month(self) -> None:
        assert oldest_day(date(2026, 3, 31)) == date(2023, 3, 1)
        assert oldest_day(date(2026, 1, 1)) == date(2022, 12, 2)

    def test_windows_that_ended_are_not_asked_for(self) -> None:
        with opened("meta_ads", RecordedGraph()) as (adapter, replay):
            day = date(2026, 9, 14)
            adapter.ads("act_660077", since=day, until=day, cursor=None)
            asked = replay.asked[-1].params
        assert json.loads(asked["action_attribution_windows"]) == [
            "1d_click",
            "7d_click",
            "1d_view",
        ]
        assert (asked["level"], asked["time_increment"]) == ("ad", "1")

    def test_a_report_that_meta_forgot_is_asked_for_anew(self) -> None:
        recorded = RecordedGraph()

        def forgetful(asked: Asked) -> Answer:
            if asked.method == "POST":
                return Answer({"report_run_id": "777"})
            if asked.path.endswith("/666"):
                return graph_error(100, 33, "does not exist")
            return recorded(asked)

        place = {"since": "2026-09-14", "until": "2026-09-14", "report": "666", "tries": 1}
        with opened("meta_ads", forgetful) as (adapter, _):
            page = adapter.ads(
                "act_660077", since=date(2026, 9, 14), until=date(2026, 9, 14),
                cursor=json.dumps(place),
            )  # fmt: skip
        assert page.pause_until is not None
        assert json.loads(str(page.cursor))["report"] == "777"
