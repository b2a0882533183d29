"""Instagram as facebook-business sees it."""

from datetime import timedelta
from typing import Any

import pytest
from facebook_business.adobjects.igmedia import IGMedia
from facebook_business.adobjects.iguser import IGUser
from facebook_business.exceptions import FacebookRequestError

from collectors.sandbox.metric_rules import MEDIA
from collectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import account, graph, graph_api
from tests.sandbox.conftest import NOW

COMMON = "insights.metric(reach,views,saved,shares)"
FIELDS = ["id", "caption", "timestamp", "media_type", "media_product_type", "like_count"]


def media(sandbox: RunningSandbox) -> list[IGMedia]:
    user = IGUser(account(sandbox, "instagram").remote_id, api=graph_api(sandbox))
    return list(user.get_media(fields=FIELDS, params={"limit": 50}))


def kind_of(one: Any) -> str:
    is_carousel = one["media_type"] == "CAROUSEL_ALBUM"
    return "CAROUSEL" if is_carousel else str(one["media_product_type"])


def test_the_sdks_cursor_reads_all_media(sandbox: RunningSandbox) -> None:
    found = media(sandbox)
    assert len({one["id"] for one in found}) == len(found) > 150
    assert {kind_of(one) for one in found} == {"FEED", "CAROUSEL", "REELS"}


@pytest.mark.parametrize("kind", ["FEED", "CAROUSEL", "REELS"])
def test_each_kind_answers_its_own_metrics_and_refuses_others(
    sandbox: RunningSandbox, kind: str
) -> None:
    one = [item for item in media(sandbox) if kind_of(item) == kind][-1]
    rows = IGMedia(one["id"], api=graph_api(sandbox)).get_insights(
        params={"metric": list(MEDIA[kind])}
    )
    assert {row["name"] for row in rows} >= set(MEDIA[kind]) - {"saved", "total_interactions"}
    foreign = {name for names in MEDIA.values() for name in names} - set(MEDIA[kind])
    for metric in sorted(foreign | {"impressions", "plays"}):
        with pytest.raises(FacebookRequestError) as refused:
            graph(sandbox, one["id"], "insights", metric=["reach", metric])
        assert refused.value.api_error_code() == 100


def test_insights_come_with_the_list_and_are_empty_while_they_are_late(
    fragile: RunningSandbox,
) -> None:
    own = account(fragile, "instagram").remote_id
    empty_at_first = 0
    for day in range(20):
        fragile.set_clock(NOW - timedelta(days=day, hours=12))
        body = graph(fragile, own, "media", fields=f"id,timestamp,{COMMON}", limit=5)
        for one in body["data"]:
            names = {row["name"] for row in one["insights"]["data"]}
            empty_at_first += not names
            assert not names or {"reach", "views", "shares"} <= names
    assert empty_at_first
    fragile.set_clock(NOW + timedelta(days=3))
    body = graph(fragile, own, "media", fields=f"id,timestamp,{COMMON}", limit=100)
    old = [one for one in body["data"] if one["timestamp"] < NOW.isoformat()]
    assert all(one["insights"]["data"] for one in old)


def test_account_days_and_totals(sandbox: RunningSandbox) -> None:
    own = account(sandbox, "instagram").remote_id
    week = {"since": int((NOW - timedelta(days=7)).timestamp()), "until": int(NOW.timestamp())}
    rows = graph(sandbox, own, "insights", metric=["reach", "follower_count"], period="day", **week)
    assert [row["name"] for row in rows["data"]] == ["reach", "follower_count"]
    assert len(rows["data"][0]["values"]) == 7
    params = {"metric_type": "total_value", "period": "day", **week}
    totals = graph(sandbox, own, "insights", metric=["views", "likes", "saves"], **params)
    assert all(row["total_value"]["value"] > 0 for row in totals["data"])
    with pytest.raises(FacebookRequestError):
        graph(sandbox, own, "insights", metric=["views"], period="day", **week)
    with pytest.raises(FacebookRequestError):
        graph(sandbox, own, "insights", metric=["reach"], period="day", since=0)


def test_the_account_names_itself(sandbox: RunningSandbox) -> None:
    own = account(sandbox, "instagram")
    about = graph(sandbox, own.remote_id, fields="username,followers_count,media_count")
    assert about["username"] == own.handle and about["media_count"] > 100
