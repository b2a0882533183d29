"""Real recordings, where they stand beside the checkout, through the real SDKs and adapters.

They differ by date: what they lack is absent, and what is retired in them is not read.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from collectors.networks import open_adapter, parse_credentials
from collectors.networks.base import Adapter, NetworkError
from collectors.networks.graph import place_after
from collectors.networks.graph_errors import fault_in, refusal
from collectors.networks.insights import daily, lifetime, whole
from collectors.networks.values import Notes
from collectors.networks.x_parse import post_record
from tests.networks.replay import Answer, Asked, replaying

PAYLOADS = Path(__file__).resolve().parents[3] / "shared" / "samples" / "payloads"
NO_SKIP: frozenset[str] = frozenset()
pytestmark = pytest.mark.skipif(
    not PAYLOADS.is_dir(), reason="the recordings do not stand beside this checkout"
)


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / name).read_text(encoding="utf-8"))


@contextmanager
def replies(network: str, route: Any) -> Iterator[Adapter]:
    with replaying(route) as replay:
        yield open_adapter(network, parse_credentials(network, "recorded-token"), replay.url)


def cassette(name: str) -> list[Answer]:
    """The replies of a tweepy cassette, with status and headers."""
    return [
        Answer(one["body"], one["status"]["code"], one["headers"])
        for one in payload(f"tweepy_test_client_{name}.decoded.json")
    ]


def with_times(answer: Answer) -> Answer:
    """The recording asked for no times; a record needs one."""
    posts = [one | {"created_at": "2022-10-05T18:00:00.000Z"} for one in answer.body["data"]]
    return Answer({**answer.body, "data": posts}, answer.status, answer.headers)


def test_x_timeline_as_recorded() -> None:
    recorded = with_times(cassette("get_users_tweets")[0])
    with replies("x", lambda _: recorded) as adapter:
        page = adapter.posts("783214", cursor=None, since=None, skip=NO_SKIP)
    assert [post.remote_id for post in page.posts] == ["1577730467436138524", "1565318587736285184"]
    assert page.cursor == recorded.body["meta"]["next_token"]
    assert all(post.metrics == {} for post in page.posts), "no counters were asked for"
    assert page.pause_until is None, "1,498 of 1,500 calls were left"


def test_x_timeline_with_counters() -> None:
    body = payload("pytw_timeline__timeline_tweets.json")
    with replies("x", lambda _: Answer(body)) as adapter:
        page = adapter.posts("2244994945", cursor=None, since=None, skip=NO_SKIP)
    assert len(page.posts) == len(body["data"])
    for post, item in zip(page.posts, body["data"], strict=True):
        counts = item["public_metrics"]
        assert post.metrics == {
            "likes": counts["like_count"],
            "replies": counts["reply_count"],
            "reposts": counts["retweet_count"],
            "quotes": counts["quote_count"],
        }
        assert "&amp;" not in post.text


@pytest.mark.parametrize("name", ["get_user", "get_me"])
def test_x_users_as_recorded(name: str) -> None:
    answer = cassette(name)[0]
    with replies("x", lambda _: answer) as adapter:
        found = adapter.find(answer.body["data"]["username"])
    assert [one.remote_id for one in found] == [answer.body["data"]["id"]]


@pytest.mark.parametrize(
    "name", ["pytw_searches__search_tweets_query.json", "pytw_tweet__tweets_resp.json"]
)
def test_other_lists_of_posts_are_read_too(name: str) -> None:
    notes = Notes()
    for item in payload(name)["data"]:
        dated = {"created_at": "2021-01-01T00:00:00.000Z"} | item
        assert post_record(dated, {}, datetime.now(UTC), 0, NO_SKIP, notes) is not None
    assert notes.text() is None


def test_a_page_feed_by_time_paging_is_read_to_its_end() -> None:
    first = payload("pyfb_facebook__posts__feed_fields_p1.json")
    second = payload("pyfb_facebook__posts__feed_fields_p2.json")

    def route(asked: Asked) -> Answer:
        return Answer(second if "until" in asked.params else first)

    with replies("facebook", route) as adapter:
        one = adapter.posts("4", cursor=None, since=None, skip=NO_SKIP)
        assert one.cursor is not None
        two = adapter.posts("4", cursor=one.cursor, since=None, skip=NO_SKIP)
    # The recording shows the same five posts on both pages; what counts is that it goes on.
    assert len(one.posts) + len(two.posts) == len(first["data"]) + len(second["data"]) == 10
    assert all(post.metrics == {} for post in one.posts)


def test_a_page_feed_with_attachments_and_totals() -> None:
    body = payload("pyfb_facebook__posts__feeds_default_fields_p1.json")
    with replies("facebook", lambda _: Answer(body)) as adapter:
        page = adapter.posts("19292868552", cursor=None, since=None, skip=NO_SKIP)
    assert len(page.posts) == len(body["data"])
    for post, item in zip(page.posts, body["data"], strict=True):
        assert post.metrics["comments"] == item["comments"]["summary"]["total_count"]
        assert post.metrics["reactions"] == item["reactions"]["summary"]["total_count"]
        assert ("shares" in post.metrics) == ("shares" in item)
        assert not any("facebook.com" in link for link in post.links)


def test_instagram_media_as_recorded() -> None:
    first = payload("pyfb_instagram__users__medias_p1.json")
    second = payload("pyfb_instagram__users__medias_p2.json")

    def route(asked: Asked) -> Answer:
        if asked.method == "POST":
            steps = json.loads(asked.params["batch"])
            return Answer([{"code": 200, "body": '{"data": []}'} for _ in steps])
        if asked.path.endswith("/stories"):
            return Answer(payload("pyfb_instagram__stories__stories_fields_p1.json"))
        return Answer(second if "after" in asked.params else first)

    with replies("instagram", route) as adapter:
        one = adapter.posts("17841406338772941", cursor=None, since=None, skip=NO_SKIP)
        two = adapter.posts("17841406338772941", cursor=one.cursor, since=None, skip=NO_SKIP)
    media = [post for post in (*one.posts, *two.posts) if post.kind != "story"]
    assert len(media) == len(first["data"]) + len(second["data"])
    for post, item in zip(media, first["data"] + second["data"], strict=True):
        assert post.metrics["likes"] == item["like_count"]
        assert post.metrics["comments"] == item["comments_count"]


def test_insights_of_media_as_recorded() -> None:
    notes = Notes()
    rows = payload("pyfb_instagram__medias__insights.json")["data"]
    names = {"reach": "reach", "saved": "saves"}
    assert lifetime(rows, names, "post", notes) == {"reach": 5, "saves": 0}
    newer = payload("pyfb_instagram__medias__insights_new.json")["data"]
    assert lifetime(newer, {"profile_activity": "visits"}, "post", notes) == {"visits": 11}
    assert notes.text() is None


def test_insights_of_accounts_as_recorded() -> None:
    notes, at = Notes(), datetime.now(UTC)
    rows = payload("pyfb_instagram__users__user_insights.json")["data"]
    found = daily(rows, {"reach": "reach"}, (date(2017, 5, 1), date(2017, 5, 31)), at, 0, notes)
    assert [(one.day.isoformat(), one.value) for one in found] == [
        ("2017-05-03", 3),
        ("2017-05-04", 36),
    ]
    newer = payload("pyfb_instagram__users__user_insights_new.json")["data"]
    assert whole(newer, "reach", notes) == 14_516_883
    assert place_after(payload("pyfb_instagram__users__user_insights_new.json")) is not None


@pytest.mark.parametrize("name", ["pyfb_error.json", "pyfb_base__error_data.json"])
def test_errors_as_recorded(name: str) -> None:
    fault = fault_in(payload(name), 400)
    assert fault is not None
    error = refusal(fault, "Facebook", (), None)
    assert error.permanent and (error.code, str(error)[-1]) == (100, ".")
    if "pages_read_engagement" in fault.message:
        assert (error.reason, error.needs) == ("permission", ("pages_read_engagement",))


def test_a_tokens_description_as_recorded() -> None:
    body = payload("pyfb_base__token_info.json")

    def route(asked: Asked) -> Answer:
        if asked.path.endswith("/debug_token"):
            return Answer(body)
        return Answer({"error": {"code": 10, "message": "(#10) no"}}, 400)

    with replies("meta_ads", route) as adapter:
        tested = adapter.test("act_1")
    assert tested.token_ends_at == datetime.fromtimestamp(body["data"]["expires_at"], UTC)
    assert tested.cannot == ({"what": "ad spend", "why": "permission ads_read is missing"},)


def test_a_users_token_without_rights_is_refused_in_words() -> None:
    body = payload("pyfb_base__error_data.json")
    with (
        replies("facebook", lambda _: Answer(body, 400)) as adapter,
        pytest.raises(NetworkError) as caught,
    ):
        adapter.posts("4", cursor=None, since=None, skip=NO_SKIP)
    assert caught.value.reason == "permission"
    assert "pages_read_engagement" in str(caught.value.todo)
