"""Ads as facebook-business sees them."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.exceptions import FacebookRequestError

from collectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import account, graph, graph_api
from tests.sandbox.conftest import NOW

TODAY = date(2026, 11, 24)
FIELDS = [
    *("campaign_id", "campaign_name", "adset_id", "ad_id", "impressions", "reach", "clicks"),
    *("inline_link_clicks", "spend", "actions", "action_values", "cost_per_action_type"),
    "account_currency",
]
WINDOWS = ["1d_click", "7d_click", "1d_view"]


def ad_account(sandbox: RunningSandbox) -> AdAccount:
    return AdAccount(account(sandbox, "meta_ads").remote_id, api=graph_api(sandbox))


def rows(sandbox: RunningSandbox, days: int = 28, **params: Any) -> list[dict[str, Any]]:
    span = {"since": str(TODAY - timedelta(days=days)), "until": str(TODAY - timedelta(days=1))}
    asked = {"level": "ad", "time_increment": 1, "time_range": span, "limit": 200} | params
    found = ad_account(sandbox).get_insights(fields=asked.pop("fields", FIELDS), params=asked)
    return [row.export_all_data() for row in found]


def test_the_account_has_a_currency_a_zone_of_its_own_and_about_30_ads(
    sandbox: RunningSandbox,
) -> None:
    own = ad_account(sandbox)
    about = own.api_get(fields=["name", "currency", "timezone_name", "account_status"])
    assert (about["currency"], about["timezone_name"]) == ("USD", "America/Chicago")
    assert 25 <= len(list(own.get_ads(fields=["name", "adset_id", "campaign_id"]))) <= 35
    campaigns = {one["id"]: one for one in own.get_campaigns(fields=["name", "daily_budget"])}
    ad_sets = list(own.get_ad_sets(fields=["name", "campaign_id"]))
    assert {one["campaign_id"] for one in ad_sets} == set(campaigns)
    assert any("Flu season" in one["name"] for one in campaigns.values())


def test_all_figures_are_strings_and_actions_carry_their_windows(sandbox: RunningSandbox) -> None:
    found = rows(sandbox, action_attribution_windows=WINDOWS)
    assert len(found) > 300
    for row in found:
        for name in ("impressions", "reach", "clicks", "spend"):
            assert isinstance(row[name], str)
        assert row["date_start"] == row["date_stop"]
        for action in row.get("actions", []):
            assert int(action["7d_click"]) + int(action.get("1d_view", 0)) == int(action["value"])


def test_reach_does_not_add_up_but_spend_does(sandbox: RunningSandbox) -> None:
    fields = ["campaign_id", "spend", "reach", "impressions"]
    by_ad, whole = rows(sandbox), rows(sandbox, level="campaign", fields=fields)
    cents, reach = defaultdict[Any, int](int), defaultdict[Any, int](int)
    for row in by_ad:
        cents[row["campaign_id"], row["date_start"]] += round(float(row["spend"]) * 100)
        reach[row["campaign_id"], row["date_start"]] += int(row["reach"])
    assert len(whole) == len(cents)
    for row in whole:
        key = row["campaign_id"], row["date_start"]
        assert round(float(row["spend"]) * 100) == cents[key]
        assert int(row["reach"]) < reach[key]


def test_figures_of_28_days_still_move_and_older_ones_stand(fragile: RunningSandbox) -> None:
    day = str(TODAY - timedelta(days=1))
    span: dict[str, Any] = {"time_range": {"since": day, "until": day}}

    def leads_and_clicks() -> tuple[int, int, list[dict[str, Any]]]:
        found = rows(fragile, **span)
        leads = sum(
            int(action["value"])
            for row in found
            for action in row.get("actions", [])
            if action["action_type"] == "lead"
        )
        return leads, sum(int(row["clicks"]) for row in found), found

    early = leads_and_clicks()
    fragile.set_clock(NOW + timedelta(days=27))
    late = leads_and_clicks()
    assert late[0] >= early[0] and late[1] <= early[1] and late[2] != early[2]
    fragile.set_clock(NOW + timedelta(days=30))
    settled = leads_and_clicks()
    fragile.set_clock(NOW + timedelta(days=300))
    assert leads_and_clicks() == settled


def test_today_is_partly_there_and_ends_with_the_accounts_day(fragile: RunningSandbox) -> None:
    span: dict[str, Any] = {"time_range": {"since": str(TODAY), "until": str(TODAY)}}
    now = sum(int(row["impressions"]) for row in rows(fragile, **span))
    fragile.set_clock(NOW + timedelta(hours=6))
    later = sum(int(row["impressions"]) for row in rows(fragile, **span))
    assert 0 < now < later


def test_breakdowns_add_up_to_the_whole(sandbox: RunningSandbox) -> None:
    plain = rows(sandbox, fields=["spend", "clicks"], level="account")
    parts = rows(sandbox, fields=["spend", "clicks"], level="account", breakdowns=["age", "gender"])
    assert sum(int(row["clicks"]) for row in parts) == sum(int(row["clicks"]) for row in plain)
    assert {row["gender"] for row in parts} == {"female", "male", "unknown"}


def test_37_months_and_ended_windows_are_the_limit(sandbox: RunningSandbox) -> None:
    with pytest.raises(FacebookRequestError) as refused:
        rows(sandbox, days=38 * 31)
    assert refused.value.api_error_code() == 3018
    own = account(sandbox, "meta_ads").remote_id
    for wrong in ({"action_attribution_windows": ["7d_view"]}, {"level": "planet"}):
        with pytest.raises(FacebookRequestError) as refused:
            graph(sandbox, own, "insights", **wrong)
        assert refused.value.api_error_code() == 100


def test_a_report_is_done_after_some_polls_and_holds_the_same_rows(
    fragile: RunningSandbox,
) -> None:
    span = {"since": str(TODAY - timedelta(days=9)), "until": str(TODAY - timedelta(days=2))}
    params = {"level": "ad", "time_increment": 1, "time_range": span}
    own = ad_account(fragile)
    run = own.get_insights(fields=["ad_id", "spend"], params=params, is_async=True)
    with pytest.raises(FacebookRequestError):
        run.get_insights()
    seen: list[str] = []
    while not seen or seen[-1] != "Job Completed":
        seen.append(run.api_get()["async_status"])
    assert seen[:2] == ["Job Not Started", "Job Started"] and len(seen) == 4
    at_once = list(own.get_insights(fields=["ad_id", "spend"], params=params))
    assert list(run.get_insights(params={"limit": 100})) == at_once
    assert len(at_once) > 50


@pytest.mark.parametrize("status", ["Job Failed", "Job Skipped"])
def test_a_report_can_fail(fragile: RunningSandbox, status: str) -> None:
    fragile.fault("report_failed", status=status)
    run = ad_account(fragile).get_insights(fields=["spend"], params={}, is_async=True)
    assert [run.api_get()["async_status"] for _ in range(4)][-1] == status
