"""X as tweepy sees it."""

import html
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import tweepy

from collectors.sandbox.server import RunningSandbox, running_sandbox
from tests.sandbox.clients import Rewriting, account, raw_x, x_client
from tests.sandbox.conftest import NOW

FIELDS = ["created_at", "public_metrics", "entities", "referenced_tweets", "attachments"]


def timeline(sandbox: RunningSandbox, **options: Any) -> list[tweepy.Tweet]:
    found: list[tweepy.Tweet] = []
    token = None
    while True:
        page = x_client(sandbox).get_users_tweets(
            account(sandbox, "x").remote_id,
            pagination_token=token,
            user_auth=False,
            **({"max_results": 100, "tweet_fields": FIELDS} | options),
        )
        found += page.data or []
        token = page.meta.get("next_token")
        if not token:
            return found


def test_me_and_user_name_lead_to_the_same_user(sandbox: RunningSandbox) -> None:
    client, own = x_client(sandbox), account(sandbox, "x")
    me = client.get_me(user_auth=False, user_fields=["public_metrics"]).data
    named = client.get_user(username=own.handle.upper(), user_auth=False).data
    assert str(me.id) == str(named.id) == own.remote_id
    assert me.public_metrics["followers_count"] > 1000
    assert client.get_user(username="nobody", user_auth=False).errors[0]["title"]


def test_all_pages_together_are_the_history_newest_first_and_none_twice(
    sandbox: RunningSandbox,
) -> None:
    posts = timeline(sandbox)
    by_five = timeline(sandbox, max_results=5, start_time=NOW - timedelta(days=40))
    assert len(posts) > 350
    assert len({post.id for post in posts}) == len(posts)
    assert [p.created_at for p in posts] == sorted((p.created_at for p in posts), reverse=True)
    assert [post.id for post in by_five] == [post.id for post in posts[: len(by_five)]]


def test_since_id_until_id_and_exclude_narrow_the_timeline(sandbox: RunningSandbox) -> None:
    posts = timeline(sandbox)
    newer = timeline(sandbox, since_id=posts[20].id)
    assert [post.id for post in newer] == [post.id for post in posts[:20]]
    older = timeline(sandbox, until_id=posts[20].id)
    assert [post.id for post in older] == [post.id for post in posts[21:]]
    own = timeline(sandbox, exclude=["retweets", "replies"])
    left = {kind for post in own for kind in (post.referenced_tweets or [])}
    assert len(own) < len(posts) and not left


def test_texts_hold_entities_and_short_links_that_expand_to_utm_parameters(
    sandbox: RunningSandbox,
) -> None:
    posts = timeline(sandbox)
    assert any("&amp;" in post.text for post in posts)
    linked = [post for post in posts if post.entities and "urls" in post.entities]
    assert len(linked) > 50
    for post in linked:
        (url,) = post.entities["urls"]
        assert post.text[url["start"] : url["end"]] == url["url"]
        assert url["url"].startswith("https://t.co/")
        assert "utm_campaign=" in url["unwound_url"]


def test_a_retweet_shows_the_originals_count_and_nothing_of_its_own(
    sandbox: RunningSandbox,
) -> None:
    shared = [post for post in timeline(sandbox) if post.text.startswith("RT @")]
    assert shared
    for post in shared:
        assert post.referenced_tweets[0].type == "retweeted"
        assert post.public_metrics["retweet_count"] >= 40
        assert post.public_metrics["impression_count"] == 0


def test_private_metrics_are_there_for_30_days_and_older_posts_fail_the_call(
    sandbox: RunningSandbox,
) -> None:
    fields = ["non_public_metrics", "created_at"]
    recent = timeline(sandbox, tweet_fields=fields, start_time=NOW - timedelta(days=29))
    assert any(post.non_public_metrics for post in recent)
    with pytest.raises(tweepy.BadRequest):
        timeline(sandbox, tweet_fields=fields)
    with pytest.raises(tweepy.Forbidden):
        token = account(sandbox, "x").token + "-app"
        x_client(sandbox, token).get_tweet(recent[0].id, tweet_fields=fields)


def test_lookups_name_what_is_missing_or_too_old_beside_the_data(sandbox: RunningSandbox) -> None:
    posts = timeline(sandbox)
    asked = [posts[0].id, posts[-1].id, 999]
    answer = x_client(sandbox).get_tweets(
        asked, user_auth=False, tweet_fields=["non_public_metrics"]
    )
    assert [post.id for post in answer.data] == [posts[0].id]
    assert {error["title"] for error in answer.errors} == {
        "Not Found Error",
        "Field Authorization Error",
    }


def test_rate_limit_headers_count_down_and_the_limit_holds(fragile: RunningSandbox) -> None:
    left = [int(raw_x(fragile, "users/me").headers["x-rate-limit-remaining"]) for _ in range(3)]
    assert left == [74, 73, 72]
    for _ in range(72):
        assert raw_x(fragile, "users/me").status_code == 200
    with pytest.raises(tweepy.TooManyRequests) as refused:
        x_client(fragile).get_me(user_auth=False)
    assert refused.value.reset_time > datetime.now(UTC).timestamp()
    fragile.set_clock(fragile.now() + timedelta(minutes=16))
    assert raw_x(fragile, "users/me").status_code == 200


def test_wrong_parameters_and_tokens_are_refused_as_x_does(sandbox: RunningSandbox) -> None:
    own = account(sandbox, "x").remote_id
    wrong = (
        {"max_results": "101"},
        {"pagination_token": "?"},
        {"since_id": "abc"},
        {"start_time": "soon"},
        {"start_time": "2009-01-01T00:00:00Z"},
        {"tweet.fields": "likes"},
    )
    for params in wrong:
        assert raw_x(sandbox, f"users/{own}/tweets", **params).status_code == 400
    assert raw_x(sandbox, "users/7/tweets").json()["errors"][0]["resource_id"] == "7"
    with pytest.raises(tweepy.Unauthorized):
        x_client(sandbox, "wrong").get_me(user_auth=False)


def test_media_kinds_come_as_an_expansion(sandbox: RunningSandbox) -> None:
    answer = x_client(sandbox).get_users_tweets(
        account(sandbox, "x").remote_id,
        user_auth=False,
        max_results=100,
        expansions=["attachments.media_keys"],
        media_fields=["type"],
    )
    kinds = {one.media_key: one.type for one in answer.includes["media"]}
    attached = [post.attachments["media_keys"][0] for post in answer.data if post.attachments]
    assert list(kinds) == attached
    assert set(kinds.values()) == {"photo", "video"}


def test_oauth1_users_are_known_by_their_access_token(sandbox: RunningSandbox) -> None:
    client = tweepy.Client(
        consumer_key="k",
        consumer_secret="s",
        access_token=account(sandbox, "x").token,
        access_token_secret="t",
    )
    client.session.mount("https://api.twitter.com", Rewriting(sandbox.url))
    assert str(client.get_me(user_auth=True).data.id) == account(sandbox, "x").remote_id


def test_only_the_newest_3200_posts_are_to_be_had() -> None:
    with running_sandbox(clock=NOW, days=3400) as sandbox:
        assert len(timeline(sandbox, tweet_fields=[])) == 3200


def test_counters_grow_with_the_clock(fragile: RunningSandbox) -> None:
    newest = timeline(fragile, exclude=["retweets", "replies"])[0]
    fragile.set_clock(NOW + timedelta(days=3))
    again = x_client(fragile).get_tweet(newest.id, user_auth=False, tweet_fields=["public_metrics"])
    grown = again.data.public_metrics
    assert all(grown[name] >= value for name, value in newest.public_metrics.items())
    assert grown["impression_count"] > newest.public_metrics["impression_count"]


def test_a_refresh_token_brings_the_same_user_token(sandbox: RunningSandbox) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "r", "client_id": "c"}
    answer = requests.post(f"{sandbox.url}/2/oauth2/token", data=form, timeout=20).json()
    assert answer["access_token"] == account(sandbox, "x").token


def test_unescaping_gives_back_what_was_written(sandbox: RunningSandbox) -> None:
    texts = [post.text for post in timeline(sandbox) if "&amp;" in post.text]
    assert any(" & by video" in html.unescape(text) for text in texts)
