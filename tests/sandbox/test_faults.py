"""Each fault switch, on the wire: what arrives, and that it ends."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
import requests
import tweepy
from facebook_business.exceptions import FacebookRequestError

from collectors.sandbox.faults import KINDS
from collectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import account, graph, graph_api, raw_graph, raw_x, x_client
from tests.sandbox.conftest import NOW


def timeline(sandbox: RunningSandbox, **params: str) -> requests.Response:
    return raw_x(sandbox, f"users/{account(sandbox, 'x').remote_id}/tweets", **params)


def posts(sandbox: RunningSandbox, **params: str) -> requests.Response:
    own = account(sandbox, "facebook").remote_id
    return raw_graph(sandbox, f"{own}/published_posts", **params)


def error(answer: requests.Response) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()["error"]
    return found


def test_429_says_when_to_come_back(fragile: RunningSandbox) -> None:
    fragile.fault("429", network="x", seconds=120)
    with pytest.raises(tweepy.TooManyRequests) as refused:
        x_client(fragile).get_me(user_auth=False)
    assert 60 < refused.value.reset_time - time.time() < 180
    fragile.fault("429", network="facebook", seconds=600)
    usage = json.loads(posts(fragile).headers["X-Business-Use-Case-Usage"])
    assert next(iter(usage.values()))[0]["estimated_time_to_regain_access"] == 10
    assert timeline(fragile).status_code == posts(fragile).status_code == 200


def test_429_without_reset_says_nothing(fragile: RunningSandbox) -> None:
    fragile.fault("429_no_reset", count=2)
    with pytest.raises(tweepy.TooManyRequests) as refused:
        x_client(fragile).get_me(user_auth=False)
    assert refused.value.reset_time is None
    answer = posts(fragile)
    assert answer.status_code == 429 and "X-Business-Use-Case-Usage" not in answer.headers


def test_402_is_what_tweepy_raises_as_a_plain_http_exception(fragile: RunningSandbox) -> None:
    fragile.fault("402", network="x")
    with pytest.raises(tweepy.HTTPException) as refused:
        x_client(fragile).get_me(user_auth=False)
    assert type(refused.value) is tweepy.HTTPException
    assert refused.value.response.status_code == 402


def test_500_is_transient(fragile: RunningSandbox) -> None:
    fragile.fault("500", count=2)
    with pytest.raises(tweepy.TwitterServerError):
        x_client(fragile).get_me(user_auth=False)
    with pytest.raises(FacebookRequestError) as refused:
        graph(fragile, "me")
    assert refused.value.api_error_code() == 2 and refused.value.api_transient_error()


@pytest.mark.parametrize(("kind", "status"), [("502_html", 502), ("200_html", 200)])
def test_html_comes_where_json_should(fragile: RunningSandbox, kind: str, status: int) -> None:
    fragile.fault(kind, count=2)
    for answer in (timeline(fragile), posts(fragile)):
        assert answer.status_code == status and answer.text.startswith("<!DOCTYPE html>")
    assert posts(fragile).json()["data"]


def test_slow_answers_late_but_whole(fragile: RunningSandbox) -> None:
    fragile.fault("slow", seconds=0.4)
    began = time.monotonic()
    assert timeline(fragile).json()["data"]
    assert time.monotonic() - began >= 0.4


def test_slow_holds_up_nobody_else(fragile: RunningSandbox) -> None:
    fragile.fault("slow", seconds=5, network="x")
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{fragile.url}/2/users/me", timeout=0.2)
    began = time.monotonic()
    assert posts(fragile).status_code == 200 and time.monotonic() - began < 2


def test_cut_breaks_the_connection_in_mid_body(fragile: RunningSandbox) -> None:
    fragile.fault("cut", count=2)
    for ask in (timeline, posts):
        with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
            ask(fragile)
    assert timeline(fragile).status_code == 200


def test_an_expired_token_is_190_with_463_or_401(fragile: RunningSandbox) -> None:
    fragile.fault("token_expired", count=-1)
    with pytest.raises(tweepy.Unauthorized):
        x_client(fragile).get_me(user_auth=False)
    assert (error(posts(fragile))["code"], error(posts(fragile))["error_subcode"]) == (190, 463)
    fragile.clear_faults()
    assert posts(fragile).status_code == 200


def test_a_lost_permission_names_what_is_missing(fragile: RunningSandbox) -> None:
    fragile.fault("permission_lost", count=-1)
    ads = account(fragile, "meta_ads").remote_id
    with pytest.raises(tweepy.Forbidden):
        x_client(fragile).get_me(user_auth=False)
    assert error(posts(fragile))["code"] == 10
    refused = error(raw_graph(fragile, f"{ads}/insights"))
    assert refused["code"] == 200 and "ads_read" in refused["message"]


def test_a_retired_metric_fails_what_asks_for_it_and_nothing_else(fragile: RunningSandbox) -> None:
    fragile.fault("retired_metric", metric="post_clicks")
    assert (
        error(posts(fragile, fields="insights.metric(post_media_view,post_clicks)"))["code"] == 100
    )
    assert posts(fragile, fields="insights.metric(post_media_view)").status_code == 200
    media = f"{account(fragile, 'instagram').remote_id}/media"
    fragile.fault("retired_metric", metric="saved", network="instagram")
    assert error(raw_graph(fragile, media, fields="insights.metric(reach,saved)"))["code"] == 100


def test_code_1_asks_for_less_and_code_17_for_patience(fragile: RunningSandbox) -> None:
    fragile.fault("code_1", network="meta_ads")
    fragile.fault("code_17", network="facebook")
    ads = account(fragile, "meta_ads").remote_id
    assert "reduce the amount" in error(raw_graph(fragile, f"{ads}/insights"))["message"]
    answer = posts(fragile)
    assert error(answer)["code"] == 17 and "regain_access" in str(answer.headers)


def walk_x(sandbox: RunningSandbox) -> list[list[str]]:
    pages, token = [], ""
    while True:
        params = {"max_results": "20"} | ({"pagination_token": token} if token else {})
        body = timeline(sandbox, **params).json()
        pages.append([post["id"] for post in body.get("data", [])])
        token = body["meta"].get("next_token", "")
        if not token:
            return pages


def walk_graph(sandbox: RunningSandbox) -> list[list[str]]:
    pages, params = [], {"limit": "10"}
    while True:
        body = posts(sandbox, **params).json()
        pages.append([post["id"] for post in body["data"]])
        if "next" not in body.get("paging", {}):
            return pages
        params["after"] = body["paging"]["cursors"]["after"]


WALKS = pytest.mark.parametrize(("network", "walk"), [("x", walk_x), ("facebook", walk_graph)])


@WALKS
def test_an_empty_page_with_a_cursor_hides_nothing(
    fragile: RunningSandbox, network: str, walk: Any
) -> None:
    whole = walk(fragile)
    fragile.fault("empty_page_with_next", network=network)
    assert walk(fragile) == [[], *whole]


@WALKS
def test_the_same_page_comes_twice_once(fragile: RunningSandbox, network: str, walk: Any) -> None:
    whole = walk(fragile)
    fragile.fault("same_page_twice", network=network)
    assert walk(fragile) == [whole[0], *whole]


@WALKS
def test_a_post_deleted_between_pages_moves_no_other(
    fragile: RunningSandbox, network: str, walk: Any
) -> None:
    whole = walk(fragile)
    fragile.fault("deleted_between_pages", network=network)
    assert walk(fragile) == whole
    left = [one for page in walk(fragile) for one in page]
    assert left == [one for page in whole for one in page if one != whole[0][-1]]


def test_usage_of_90_percent_shows_in_the_headers_of_a_good_reply(fragile: RunningSandbox) -> None:
    fragile.fault("usage_90", count=-1)
    answer = posts(fragile)
    assert json.loads(answer.headers["X-Page-Usage"])["call_count"] == 92
    assert answer.json()["data"]
    limits = timeline(fragile).headers
    assert int(limits["x-rate-limit-remaining"]) < 0.1 * int(limits["x-rate-limit-limit"])
    ads = raw_graph(fragile, f"{account(fragile, 'meta_ads').remote_id}/ads").headers
    assert json.loads(ads["X-Ad-Account-Usage"])["acc_id_util_pct"] == 92


def test_an_account_that_is_gone_is_not_found(fragile: RunningSandbox) -> None:
    fragile.fault("account_gone")
    assert "data" not in timeline(fragile).json()
    assert error(posts(fragile))["error_subcode"] == 33


def test_a_page_that_is_gone_is_no_longer_in_the_owners_list(fragile: RunningSandbox) -> None:
    fragile.fault("account_gone", network="facebook")
    assert graph(fragile, "me", "accounts")["data"] == []
    assert graph(fragile, "me", "permissions")["data"]


def test_a_second_page_can_bear_the_same_name(fragile: RunningSandbox) -> None:
    fragile.fault("second_page")
    one, other = graph(fragile, "me", "accounts", fields="id,name,username")["data"]
    assert one["name"] == other["name"]
    assert one["id"] != other["id"] and one["username"] != other["username"]
    fragile.clear_faults()
    assert len(graph(fragile, "me", "accounts")["data"]) == 1


def test_a_renamed_account_keeps_its_id(fragile: RunningSandbox) -> None:
    old = account(fragile, "x")
    fragile.fault("account_renamed", handle="newname")
    assert "data" not in raw_x(fragile, f"users/by/username/{old.handle}").json()
    assert raw_x(fragile, f"users/{old.remote_id}").json()["data"]["username"] == "newname"
    page = graph(fragile, account(fragile, "facebook").remote_id, fields="username")
    assert page["username"] == "newname"
    fragile.clear_faults()
    assert "data" in raw_x(fragile, f"users/by/username/{old.handle}").json()


def test_a_huge_reply_that_is_no_json(fragile: RunningSandbox) -> None:
    fragile.fault("not_json_huge")
    answer = timeline(fragile)
    assert len(answer.content) > 8_000_000
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_fault_meets_only_the_network_and_path_that_it_names(fragile: RunningSandbox) -> None:
    fragile.fault("500", network="facebook", path="published_posts", count=-1)
    assert posts(fragile).status_code == 500
    own = account(fragile, "facebook").remote_id
    assert raw_graph(fragile, own).status_code == 200
    assert timeline(fragile).status_code == 200


def test_switches_and_clock_can_be_read_and_set_over_http(fragile: RunningSandbox) -> None:
    address = f"{fragile.url}/_faults"
    assert requests.post(address, json={"kind": "500"}, timeout=9).json()["faults"]
    assert requests.get(address, timeout=9).json()["faults"][0]["kind"] == "500"
    assert requests.delete(address, timeout=9).json()["faults"] == []
    wrong = requests.post(address, json={"kind": "flood"}, timeout=9)
    assert wrong.status_code == 400 and all(kind in wrong.text for kind in KINDS)
    clock = f"{fragile.url}/_clock"
    requests.post(clock, json={"advance_seconds": 86400}, timeout=9)
    assert timedelta(0) <= fragile.now() - NOW - timedelta(days=1) < timedelta(minutes=2)
    requests.post(clock, json={"now": "2026-01-01T00:00:00Z"}, timeout=9)
    assert fragile.now().year == 2026 and fragile.now().month == 1
    assert requests.post(clock, json={"now": "soon"}, timeout=9).status_code == 400


def test_requests_are_counted_by_kind(fragile: RunningSandbox) -> None:
    timeline(fragile)
    posts(fragile)
    steps = [{"method": "GET", "relative_url": "v26.0/me"}] * 3
    graph_api(fragile).call("POST", (), params={"batch": steps})
    assert requests.get(f"{fragile.url}/_requests", timeout=9).json() == {
        "x:timeline": 1,
        "facebook:published_posts": 1,
        "meta:batch": 1,
        "batch_steps": 3,
        "total": 3,
    }
