"""Facebook Pages as facebook-business sees them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from facebook_business.exceptions import FacebookRequestError

from collectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import account, graph, graph_api, raw_graph
from tests.sandbox.conftest import NOW

EXPANDED = (
    "id,message,created_time,permalink_url,shares,status_type,"
    "reactions.summary(true).limit(0),comments.summary(true).limit(0),"
    "attachments{media_type,unshimmed_url},insights.metric(post_media_view,"
    "post_total_media_view_unique,post_clicks,post_reactions_by_type_total)"
)


def all_posts(sandbox: RunningSandbox, edge: str = "published_posts", **params: Any) -> list[Any]:
    page, found = account(sandbox, "facebook").remote_id, []
    params = {"fields": EXPANDED, "limit": 100} | params
    while True:
        body = graph(sandbox, page, edge, **params)
        found += body["data"]
        if "next" not in body.get("paging", {}):
            return found
        params["after"] = body["paging"]["cursors"]["after"]


def insights(post: dict[str, Any]) -> dict[str, Any]:
    return {row["name"]: row["values"][0]["value"] for row in post["insights"]["data"]}


def test_a_user_token_finds_the_page_its_token_and_the_instagram_account(
    sandbox: RunningSandbox,
) -> None:
    fields = "id,name,username,access_token,instagram_business_account,tasks"
    (page,) = graph(sandbox, "me", "accounts", fields=fields)["data"]
    assert page["id"] == account(sandbox, "facebook").remote_id
    assert page["instagram_business_account"]["id"] == account(sandbox, "instagram").remote_id
    api = graph_api(sandbox, page["access_token"])
    about = api.call("GET", (page["id"],), params={"fields": "name,followers_count"}).json()
    assert about["name"] == page["name"] and about["followers_count"] > 1000


def test_permissions_and_the_tokens_end_can_be_asked_for(sandbox: RunningSandbox) -> None:
    granted = {row["permission"] for row in graph(sandbox, "me", "permissions")["data"]}
    assert {"pages_read_engagement", "instagram_basic", "ads_read"} <= granted
    token = account(sandbox, "facebook").token
    told = graph(sandbox, "debug_token", input_token=token)["data"]
    assert told["is_valid"] and told["expires_at"] > NOW.timestamp() + 7 * 86400
    assert not graph(sandbox, "debug_token", input_token="x")["data"]["is_valid"]
    short = graph(sandbox, "debug_token", input_token=token + "-short")["data"]
    assert short["expires_at"] < NOW.timestamp() + 7200
    swap = {"grant_type": "fb_exchange_token", "fb_exchange_token": token + "-short"}
    assert graph(sandbox, "oauth", "access_token", **swap)["access_token"] == token


def test_one_call_a_hundred_posts_brings_texts_summaries_and_insights(
    fragile: RunningSandbox,
) -> None:
    posts = all_posts(fragile)
    assert fragile.requests()["facebook:published_posts"] == 1
    assert len(posts) > 20
    times = [post["created_time"] for post in posts]
    assert times == sorted(times, reverse=True)
    for post in posts:
        figures, summary = insights(post), post["reactions"]["summary"]["total_count"]
        assert sum(figures["post_reactions_by_type_total"].values()) == summary
        assert figures["post_media_view"] >= figures["post_total_media_view_unique"]
        assert post["shares"]["count"] >= 0 and post["comments"]["summary"]["total_count"] >= 0


def test_cursor_pages_together_are_the_history_and_none_twice(sandbox: RunningSandbox) -> None:
    whole, small = all_posts(sandbox), all_posts(sandbox, limit=7)
    assert [post["id"] for post in small] == [post["id"] for post in whole]
    assert len({post["id"] for post in whole}) == len(whole) > 200
    page = account(sandbox, "facebook").remote_id
    assert all(post["id"].startswith(f"{page}_") for post in whole)


def test_feed_pages_by_time_without_cursors(sandbox: RunningSandbox) -> None:
    page = account(sandbox, "facebook").remote_id
    body = graph(sandbox, page, "feed", limit=10)
    assert "cursors" not in body["paging"] and "until=" in body["paging"]["next"]


def test_since_and_until_narrow_the_list(sandbox: RunningSandbox) -> None:
    since, until = NOW - timedelta(days=60), NOW - timedelta(days=30)
    posts = all_posts(sandbox, since=int(since.timestamp()), until=until.isoformat())
    times = [datetime.strptime(post["created_time"], "%Y-%m-%dT%H:%M:%S%z") for post in posts]
    assert times and since <= min(times) and max(times) <= until


def test_links_stand_in_attachments_behind_a_shim(sandbox: RunningSandbox) -> None:
    posts = all_posts(sandbox, fields="id,attachments{media_type,url,unshimmed_url}")
    links = [p["attachments"]["data"][0] for p in posts if "attachments" in p]
    links = [one for one in links if one["media_type"] == "link"]
    assert links and all("l.facebook.com" in one["url"] for one in links)
    assert all("utm_campaign=" in one["unshimmed_url"] for one in links)


@pytest.mark.parametrize("metric", ["post_impressions", "post_impressions_unique", "nonsense"])
def test_one_retired_metric_fails_the_whole_request(sandbox: RunningSandbox, metric: str) -> None:
    post_id = all_posts(sandbox)[0]["id"]
    with pytest.raises(FacebookRequestError) as refused:
        graph(sandbox, post_id, "insights", metric=["post_media_view", metric])
    assert refused.value.api_error_code() == 100
    assert len(graph(sandbox, post_id, "insights", metric=["post_media_view"])["data"]) == 1


def test_page_days_end_at_pacific_midnight_and_add_up_to_what_posts_gained(
    sandbox: RunningSandbox,
) -> None:
    page = account(sandbox, "facebook").remote_id
    metrics = ["page_follows", "page_daily_follows", "page_media_view", "page_post_engagements"]
    since, until = NOW - timedelta(days=30), NOW
    rows = graph(
        sandbox, page, "insights", metric=metrics, period="day",
        since=int(since.timestamp()), until=int(until.timestamp()),
    )["data"]  # fmt: skip
    by_name = {row["name"]: row["values"] for row in rows}
    assert set(by_name) == set(metrics)
    for value in by_name["page_media_view"]:
        end = datetime.strptime(value["end_time"], "%Y-%m-%dT%H:%M:%S%z")
        assert end.astimezone(ZoneInfo("America/Los_Angeles")).hour == 0 and end < until
    assert all(value["value"] >= 0 for value in by_name["page_media_view"])
    with pytest.raises(FacebookRequestError):
        graph(sandbox, page, "insights", metric=["page_fans"], period="day")
    with pytest.raises(FacebookRequestError):
        graph(sandbox, page, "insights", metric=metrics, period="day", since=0)


def test_page_days_of_an_outage_are_zero(sandbox: RunningSandbox) -> None:
    from collectors.sandbox import plan

    first, last = plan.outage_of(7, (2026, 1))
    noon = datetime(first.year, first.month, first.day, 12, tzinfo=UTC) + timedelta(days=1)
    page = account(sandbox, "facebook").remote_id
    rows = graph(
        sandbox, page, "insights", metric=["page_media_view"], period="day",
        since=int(noon.timestamp()), until=int(noon.timestamp()),
    )["data"]  # fmt: skip
    assert last > first and rows[0]["values"][0]["value"] == 0


def test_wrong_tokens_limits_cursors_and_ids_are_refused(sandbox: RunningSandbox) -> None:
    page = account(sandbox, "facebook").remote_id
    with pytest.raises(FacebookRequestError) as refused:
        graph_api(sandbox, "wrong").call("GET", ("me", "accounts"))
    assert refused.value.api_error_code() == 190
    for params in ({"limit": "101"}, {"after": "!"}, {"fields": "nonsense"}, {"fields": "a{b"}):
        answer = raw_graph(sandbox, f"{page}/published_posts", **params)
        assert answer.status_code == 400 and answer.json()["error"]["code"] in (100, 2500)
    assert raw_graph(sandbox, "12345").json()["error"]["error_subcode"] == 33


def test_usage_headers_are_json_in_percent(sandbox: RunningSandbox) -> None:
    page = account(sandbox, "facebook").remote_id
    headers = raw_graph(sandbox, page).headers
    assert (
        '"call_count":' in headers["X-App-Usage"] and page in headers["X-Business-Use-Case-Usage"]
    )


def test_a_batch_answers_each_call_apart(sandbox: RunningSandbox) -> None:
    posts, api, seen = all_posts(sandbox), graph_api(sandbox), []
    batch = api.new_batch()
    for metric, post in (("post_clicks", posts[0]), ("post_impressions", posts[1])):
        batch.add(
            "GET",
            (post["id"], "insights"),
            params={"metric": [metric]},
            success=lambda answer: seen.append(("good", answer.json()["data"][0]["name"])),
            failure=lambda answer: seen.append(("bad", answer.error().api_error_code())),
        )
    assert batch.execute() is None
    assert seen == [("good", "post_clicks"), ("bad", 100)]


def test_a_batch_of_more_than_50_is_refused(sandbox: RunningSandbox) -> None:
    steps = [{"method": "GET", "relative_url": "me"}] * 51
    with pytest.raises(FacebookRequestError):
        graph_api(sandbox).call("POST", (), params={"batch": steps})


def test_several_posts_by_id_in_one_call(sandbox: RunningSandbox) -> None:
    ids = [post["id"] for post in all_posts(sandbox)[:3]]
    answer = raw_graph(sandbox, "", ids=",".join(ids), fields="message").json()
    assert list(answer) == ids
    assert raw_graph(sandbox, "", ids=f"{ids[0]},9").json()["error"]["code"] == 100
