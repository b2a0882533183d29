"""X's own rules: what a read costs, clicks of young own posts, renewed tokens, its limits."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from collectors.networks import open_adapter, parse_credentials
from collectors.networks.base import NetworkError
from collectors.networks.x import XAdapter
from collectors.networks.x_owner import TokenOwner
from data.clock import told_by
from tests.networks.recorded import X_TOKEN, RecordedX
from tests.networks.replay import Answer, Asked, Replay, replaying

WHEN = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
NO_SKIP: frozenset[str] = frozenset()
OAUTH1 = {
    "consumer_key": "consumer-key-1", "consumer_secret": "consumer-secret",
    "access_token": "7401-access-token", "access_token_secret": "access-secret",
}  # fmt: skip


@contextmanager
def x(
    route: Any = None, values: dict[str, str] | None = None, **options: Any
) -> Iterator[tuple[XAdapter, Replay]]:
    text = json.dumps(values or {"access_token": X_TOKEN})
    with replaying(route or RecordedX()) as replay, told_by(lambda: WHEN):
        adapter = open_adapter("x", parse_credentials("x", text), replay.url, **options)
        assert isinstance(adapter, XAdapter)
        yield adapter, replay


def costing(adapter: XAdapter) -> XAdapter:
    """The adapter, believing that it calls X itself: only there does a read cost anything."""
    adapter._client.transport.loopback = False
    return adapter


class TestCost:
    def test_a_loopback_address_costs_nothing_but_is_counted(self) -> None:
        with x() as (adapter, _):
            charges = adapter.posts("7401", cursor=None, since=None, skip=NO_SKIP).charges
        assert [(one.kind, one.units, one.micros_each) for one in charges] == [("post_read", 3, 0)]

    def test_own_posts_have_the_owners_price(self) -> None:
        with x() as (adapter, _):
            page = costing(adapter).posts("7401", cursor=None, since=None, skip=NO_SKIP)
        assert [(one.units, one.micros_each) for one in page.charges] == [(3, 1_000)]
        assert set(page.charges[0].post_ids) == {post.remote_id for post in page.posts}

    def test_posts_of_others_have_the_full_price(self) -> None:
        recorded = RecordedX()
        recorded.content["private"] = {}
        values = {"access_token": X_TOKEN, "user_id": "1"}
        with x(recorded, values) as (adapter, _):
            page = costing(adapter).posts("7401", cursor=None, since=None, skip=NO_SKIP)
        assert [one.micros_each for one in page.charges] == [5_000]

    def test_what_a_page_may_cost_goes_by_whose_posts_they_are(self) -> None:
        own = {"access_token": X_TOKEN, "user_id": "7401"}
        with x() as (adapter, _), x(values=own) as (owner, _):
            unknown = costing(adapter).dearest_micros("7401")
            assert (owner.dearest_micros("7401"), unknown) == (0, 530_000)  # loopback is free
            assert costing(owner).dearest_micros("7401") == 130_000
            assert owner.dearest_micros("7402") == 530_000

    def test_older_posts_of_a_known_owner_have_the_owners_price_too(self) -> None:
        own = {"access_token": X_TOKEN, "user_id": "7401"}
        with x(values=own) as (adapter, _):
            posts = adapter.posts("7401", cursor=None, since=None, skip=NO_SKIP).posts
            adapter._owner = TokenOwner()  # a process that has read nothing yet
            old = {posts[-1].remote_id: WHEN - timedelta(days=60)}
            page = costing(adapter).refresh("7401", old, skip=NO_SKIP)
        assert [one.micros_each for one in page.charges] == [1_000]

    def test_finding_an_account_is_a_user_read(self) -> None:
        with x() as (adapter, _):
            (found,) = costing(adapter).find("ElmStreetClinic")
        (cost,) = found.charges
        assert (cost.kind, cost.units, cost.micros_each) == ("user_read", 1, 10_000)

    def test_an_account_read_is_a_user_read_and_other_days_are_not_asked_for(self) -> None:
        with x() as (adapter, replay):
            costing(adapter)
            today = adapter.account("7401", since=date(2026, 9, 1), until=date(2026, 9, 15))
            asked = len(replay.asked)
            before = adapter.account("7401", since=date(2026, 8, 1), until=date(2026, 8, 31))
            assert len(replay.asked) == asked
        assert [(one.kind, one.units, one.micros_each) for one in today.charges] == [
            ("user_read", 1, 10_000)
        ]
        assert [(one.day, one.value) for one in today.account] == [(date(2026, 9, 15), 1804)]
        assert before.account == () and before.charges == ()

    def test_a_test_of_the_token_says_whose_it_is_from_then_on(self) -> None:
        with x() as (adapter, _):
            tested = adapter.test("7401")
        assert tested.can[0] == "read 5 posts"
        kept = parse_credentials("x", str(tested.token))
        assert kept.values == {"access_token": X_TOKEN, "user_id": "7401"}


class TestClicks:
    """X tells an owner's own metrics for 30 days; one older post would fail the whole call."""

    def asked_privately(self, replay: Replay) -> list[list[str]]:
        return [
            one.params["ids"].split(",")
            for one in replay.asked
            if "non_public_metrics" in one.params.get("tweet.fields", "")
        ]

    def test_only_own_young_posts_are_asked_for_apart(self) -> None:
        with x() as (adapter, replay):
            adapter.posts("7401", cursor=None, since=None, skip=NO_SKIP)
            assert self.asked_privately(replay) == [["1970000000000000005", "1970000000000000003"]]
            adapter.posts("7401", cursor="page2token", since=None, skip=NO_SKIP)
            assert len(self.asked_privately(replay)) == 1, "all of that page are older"

    def test_a_post_about_to_turn_30_days_old_counts_as_old(self) -> None:
        with x() as (adapter, replay):
            ages = {
                "1970000000000000005": WHEN - timedelta(days=29, hours=22),
                "1970000000000000003": WHEN - timedelta(days=29, hours=23, minutes=30),
            }
            page = adapter.refresh("7401", ages, skip=NO_SKIP)
            assert self.asked_privately(replay) == [["1970000000000000005"]]
        assert len(page.posts) == 2

    def test_posts_withheld_with_their_clicks_are_read_without(self) -> None:
        recorded = RecordedX()

        def strict(asked: Asked) -> Answer:
            answer = recorded(asked)
            if "non_public_metrics" not in asked.params.get("tweet.fields", ""):
                return answer
            withheld = "1970000000000000003"
            error = {
                "resource_id": withheld, "value": withheld, "title": "Field Authorization Error",
                "type": "https://api.twitter.com/2/problems/not-authorized-for-field",
            }  # fmt: skip
            data = [one for one in answer.body["data"] if one["id"] != withheld]
            return Answer({"data": data, "errors": [error]})

        young = dict.fromkeys(("1970000000000000005", "1970000000000000003"), WHEN)
        with x(strict) as (adapter, _):
            page = adapter.refresh("7401", young, skip=NO_SKIP)
        metrics = {post.remote_id: post.metrics for post in page.posts}
        assert metrics["1970000000000000005"]["clicks"] == 17
        assert metrics["1970000000000000003"]["likes"] == 1
        assert page.missing == () and page.note is None

    def test_an_app_only_token_reads_all_but_clicks(self) -> None:
        recorded = RecordedX()

        def app_only(asked: Asked) -> Answer:
            if "non_public_metrics" in asked.params.get("tweet.fields", ""):
                return Answer({"title": "Forbidden", "detail": "user context needed"}, 403)
            if asked.path.endswith("/me"):
                return Answer({"title": "Unsupported Authentication"}, 403)
            return recorded(asked)

        with x(app_only) as (adapter, replay):
            page = adapter.posts("7401", cursor=None, since=None, skip=NO_SKIP)
            assert len(page.posts) == 3 and "Clicks are missing" in str(page.note)
            again = len(replay.asked)
            adapter.posts("7401", cursor=None, since=None, skip=NO_SKIP)
            assert len(replay.asked) == again + 1, "it is not asked for a second time"
            cannot = adapter.test("7401").cannot
        assert [one["what"] for one in cannot] == ["clicks and profile clicks"]

    def test_a_quota_that_ends_in_between_keeps_the_page(self) -> None:
        recorded = RecordedX()

        def nearly_out(asked: Asked) -> Answer:
            if asked.path == "/2/tweets":
                return Answer({"title": "Too Many Requests"}, 429)
            return recorded(asked)

        with x(nearly_out) as (adapter, _):
            page = adapter.posts("7401", cursor=None, since=None, skip=NO_SKIP)
        assert len(page.posts) == 3 and page.cursor == "page2token"
        assert page.pause_until == WHEN + timedelta(minutes=15)


class TestTokens:
    def test_keys_of_oauth_1_sign_each_call(self) -> None:
        with x(values=OAUTH1) as (adapter, replay):
            adapter.posts("7401", cursor=None, since=None, skip=NO_SKIP)
        signed = replay.asked[0].headers["Authorization"]
        assert signed.startswith("OAuth ") and "oauth_signature=" in signed

    def test_an_expired_token_is_renewed_once_and_handed_over(self) -> None:
        recorded, handed = RecordedX(), list[str]()

        def expiring(asked: Asked) -> Answer:
            if asked.path == "/2/oauth2/token":
                assert asked.params["refresh_token"] == "refresh-token-1"
                assert asked.params["grant_type"] == "refresh_token"
                fresh = {"access_token": "access-token-2", "refresh_token": "refresh-token-2"}
                return Answer(fresh)
            if asked.headers["Authorization"] != "Bearer access-token-2":
                return Answer({"title": "Unauthorized", "status": 401}, 401)
            return recorded(asked)

        values = {
            "client_id": "client-1", "access_token": "access-token-1",
            "refresh_token": "refresh-token-1",
        }  # fmt: skip
        with x(expiring, values, on_token=handed.append) as (adapter, _):
            page = adapter.posts("7401", cursor=None, since=None, skip=NO_SKIP)
            assert len(page.posts) == 3
            assert all(b"access-token-2" not in raw.body for raw in page.raws)
        assert [dict(parse_credentials("x", one).values) for one in handed] == [
            {
                "client_id": "client-1", "access_token": "access-token-2",
                "refresh_token": "refresh-token-2",
            }
        ]  # fmt: skip

    @pytest.mark.parametrize("status", [400, 401])
    def test_a_refresh_token_that_is_worthless_wants_a_new_one(self, status: int) -> None:
        values = {"client_id": "c", "access_token": "access-token-1", "refresh_token": "refresh-1"}

        def revoked(asked: Asked) -> Answer:
            refused = {"error": "invalid_request", "error_description": "Value passed was invalid"}
            return Answer(refused, status if asked.path == "/2/oauth2/token" else 401)

        with x(revoked, values) as (adapter, replay):
            with pytest.raises(NetworkError) as caught:
                adapter.find("ElmStreetClinic")
            assert len(replay.asked) == 2
        assert (caught.value.reason, caught.value.permanent) == ("token", True)


def test_posts_are_not_taken_for_deleted_where_the_account_is_gone() -> None:
    with x() as (adapter, _):
        with pytest.raises(NetworkError) as caught:
            adapter.refresh("8888", {"1": WHEN, "2": WHEN}, skip=NO_SKIP)
        page = adapter.refresh("7401", {"1": WHEN, "2": WHEN}, skip=NO_SKIP)
    assert caught.value.reason == "gone"
    assert page.missing == ("1", "2"), "here the account is there, so the posts are not"


def test_no_call_is_ever_repeated_by_itself() -> None:
    with x(lambda _: Answer({"title": "Too Many Requests"}, 429)) as (adapter, replay):
        with pytest.raises(NetworkError):
            adapter.posts("7401", cursor=None, since=None, skip=NO_SKIP)
        assert len(replay.asked) == 1


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("@ElmStreetClinic", "/2/users/by/username/ElmStreetClinic"),
        ("https://x.com/ElmStreetClinic?s=21", "/2/users/by/username/ElmStreetClinic"),
        ("x.com/ElmStreetClinic/", "/2/users/by/username/ElmStreetClinic"),
        ("1681576786534420020", "/2/users/1681576786534420020"),
        ("12345", "/2/users/by/username/12345"),
    ],
)
def test_a_handle_is_taken_as_people_have_it(typed: str, asked: str) -> None:
    with x() as (adapter, replay):
        adapter.find(typed)
        assert [one.path for one in replay.asked] == [asked]


@pytest.mark.parametrize("typed", ["", "@", "two words", "né", "a/../b?c", "x" * 3 + "\x00"])
def test_what_can_be_no_handle_is_not_asked_for(typed: str) -> None:
    with x() as (adapter, replay):
        if typed != "a/../b?c":
            assert adapter.find(typed) == ()
            assert replay.asked == []


def test_this_machines_wrong_clock_does_not_stamp_figures() -> None:
    from email.utils import format_datetime

    from collectors.networks.transport import network_time

    ours = datetime.now(UTC)
    for minutes in (-10, 10):
        theirs = format_datetime(ours + timedelta(minutes=minutes), usegmt=False)
        assert abs(network_time(theirs) - ours - timedelta(minutes=minutes)).total_seconds() < 5
    for unbelievable in (None, "", "soon", format_datetime(ours + timedelta(days=400))):
        assert abs(network_time(unbelievable) - ours).total_seconds() < 5
