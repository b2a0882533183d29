"""Posts from a file, served as they are: what is absent there is absent in the replies."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.sandbox.served import ServedFileError, read_served
from collectors.sandbox.server import running_sandbox
from tests.sandbox.clients import account, graph, raw_graph, raw_x, x_client

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
LONG_ID = "123456789012345678901234567890"


def line(**changes: Any) -> dict[str, Any]:
    row = {
        "network": "facebook",
        "remote_id": "page_1",
        "published_at": "2026-11-20T10:00:00+01:00",
        "text": "Hello",
        "kind": "post",
        "metrics": {},
    }
    return row | changes


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "posts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_facebook_rows_come_back_with_the_metrics_they_have_and_no_others(tmp_path: Path) -> None:
    full = {"reach": 10, "views": 15, "clicks": 2, "reactions": 3, "comments": 1, "shares": 0}
    path = written(
        tmp_path, line(metrics=full), line(remote_id="page_2", metrics={"reach": 7, "clicks": None})
    )
    fields = (
        "message,shares,reactions.summary(true),comments.summary(true),"
        "insights.metric(post_media_view,post_total_media_view_unique,post_clicks,"
        "post_reactions_by_type_total)"
    )
    with running_sandbox(serve=path, clock=NOW) as sandbox:
        assert [one.network for one in sandbox.accounts] == ["facebook"]
        own = account(sandbox, "facebook").remote_id
        data = graph(sandbox, own, "published_posts", fields=fields)["data"]
    by_id = {post["id"]: post for post in data}
    names = {row["name"]: row["values"][0]["value"] for row in by_id["page_1"]["insights"]["data"]}
    assert names == {
        "post_media_view": 15,
        "post_total_media_view_unique": 10,
        "post_clicks": 2,
        "post_reactions_by_type_total": {"like": 3},
    }
    assert by_id["page_1"]["shares"] == {"count": 0}
    assert by_id["page_1"]["reactions"]["summary"]["total_count"] == 3
    assert not {"shares", "reactions", "comments"} & set(by_id["page_2"])
    assert [row["name"] for row in by_id["page_2"]["insights"]["data"]] == [
        "post_total_media_view_unique"
    ]


def test_hostile_x_posts_pass_whole(tmp_path: Path) -> None:
    text = "A & B <c> \u0000 \u202eabc \u2028 🙂 https://example.org/?a=1&b=2 " + "x" * 1_000_000
    path = written(
        tmp_path,
        line(network="x", remote_id=LONG_ID, text=text, metrics={"like_count": 4}),
        line(network="x", remote_id="5", published_at="2100-01-01T00:00:00Z"),
        line(network="x", remote_id="6", published_at="1970-01-01T00:00:00Z", kind="retweet"),
        line(network="x", remote_id="7", published_at="2026-12-24T00:00:00Z", text="not yet"),
    )
    with running_sandbox(serve=path, clock=NOW) as sandbox:
        fields = ["public_metrics", "created_at", "referenced_tweets", "entities"]
        found = x_client(sandbox).get_users_tweets(
            account(sandbox, "x").remote_id, user_auth=False, tweet_fields=fields
        )
    newest, own, oldest = found.data
    assert newest.created_at.year == 2100 and oldest.created_at.year == 1970
    assert str(own.id) == LONG_ID
    assert own.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text
    assert own.public_metrics == {"like_count": 4}
    assert own.entities["urls"][0]["unwound_url"] == "https://example.org/?a=1&b=2"
    assert oldest.referenced_tweets[0].type == "retweeted"


def test_half_surrogates_in_a_text_pass(tmp_path: Path) -> None:
    path = written(tmp_path, line(text="\ud83d"), line(network="instagram", text="\ude42"))
    with running_sandbox(serve=path, clock=NOW) as sandbox:
        own = account(sandbox, "facebook").remote_id
        assert raw_graph(sandbox, f"{own}/published_posts").json()["data"][0]["message"] == "\ud83d"


def test_instagram_rows_and_observations_show_what_was_true_at_the_clock(tmp_path: Path) -> None:
    steps = [
        {"at": "2026-11-20T12:00:00Z", "metrics": {"likes": 1}},
        {"at": "2026-11-22T12:00:00Z", "metrics": {"likes": 5, "saves": 2, "reach": 50}},
    ]
    row = line(network="instagram", remote_id="18", kind="reel", observations=steps[::-1])
    with running_sandbox(serve=written(tmp_path, row), clock=NOW) as sandbox:
        own = account(sandbox, "instagram").remote_id

        def at(instant: datetime) -> tuple[Any, list[str]]:
            sandbox.set_clock(instant)
            asked = "like_count,insights.metric(likes,saved,reach,shares)"
            (one,) = graph(sandbox, own, "media", fields=asked)["data"]
            return one.get("like_count"), [row["name"] for row in one["insights"]["data"]]

        assert at(NOW - timedelta(days=4, hours=5)) == (None, [])
        assert at(NOW - timedelta(days=3)) == (1, ["likes"])
        assert at(NOW) == (5, ["likes", "saved", "reach"])
        sandbox.set_clock(NOW - timedelta(days=9))
        assert graph(sandbox, own, "media")["data"] == []


def test_x_clicks_stand_in_the_private_metrics(tmp_path: Path) -> None:
    row = line(network="x", remote_id="9", metrics={"url_link_clicks": 3})
    with running_sandbox(serve=written(tmp_path, row), clock=NOW) as sandbox:
        fields = "public_metrics,non_public_metrics"
        (one,) = raw_x(sandbox, "tweets", ids="9", **{"tweet.fields": fields}).json()["data"]
    assert one["public_metrics"] == {} and one["non_public_metrics"] == {"url_link_clicks": 3}


def test_several_networks_are_several_accounts_found_through_the_page(tmp_path: Path) -> None:
    rows = (line(), line(network="instagram"), line(network="x", remote_id="1"))
    with running_sandbox(serve=written(tmp_path, *rows), clock=NOW) as sandbox:
        assert {one.network for one in sandbox.accounts} == {"facebook", "instagram", "x"}
        pages = graph(sandbox, "me", "accounts", fields="instagram_business_account")["data"]
    assert pages[0]["instagram_business_account"]["id"] == sandbox.accounts[1].remote_id


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (line(published_at="2026-01-01T00:00:00"), "zone"),
        (line(network="myspace"), "myspace"),
        (line(metrics={"reach": "many"}), "whole number"),
        (line(metrics={"reach": 1.5}), "whole number"),
        ({"network": "x"}, "missing"),
    ],
)
def test_a_bad_line_is_named_with_its_reason(
    tmp_path: Path, row: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ServedFileError, match=f"line 2.*{reason}"):
        read_served(written(tmp_path, line(), row), NOW)


def test_an_id_that_comes_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServedFileError, match="twice"):
        read_served(written(tmp_path, line(), line()), NOW)
