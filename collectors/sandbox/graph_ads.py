"""Ads through Graph: the account, its campaigns, ad sets and ads, insights and their reports."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from collectors.sandbox import ads_plan
from collectors.sandbox.ads_insights import Row, asked_fields, insight_rows, written
from collectors.sandbox.ads_plan import Ad, AdCampaign, AdSet
from collectors.sandbox.calls import Call
from collectors.sandbox.fields import names, parse_fields
from collectors.sandbox.graph_common import offset_list
from collectors.sandbox.replies import Reply, graph_time, refuse, unknown_object
from collectors.sandbox.reports import answer_report, open_report
from collectors.sandbox.world import World, history_days

Node = Ad | AdSet | AdCampaign
EDGES = {"campaigns": AdCampaign, "adsets": AdSet, "ads": Ad}
LEVELS = {Ad: "ad", AdSet: "adset", AdCampaign: "campaign"}


def ads_now(world: World) -> tuple[Ad, ...]:
    """The ads that have begun and belong to the history."""
    return ads_plan.all_ads(world.seed, *history_days(world)) if world.has_ads else ()


def knows(world: World, object_id: str) -> bool:
    """Whether an id is the ad account, one of its objects or a report."""
    if not world.has_ads or not object_id:
        return False
    return (
        object_id == world.identity.ad_account_id
        or object_id in world.reports
        or object_id in _nodes(world)
    )


def _nodes(world: World) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for ad in ads_now(world):
        found[ad.ad_set.campaign.remote_id] = ad.ad_set.campaign
        found[ad.ad_set.remote_id] = ad.ad_set
        found[ad.remote_id] = ad
    return found


def account_list(world: World, call: Call) -> list[dict[str, Any]]:
    """The ad accounts that the token reaches."""
    return [_account(world, call)] if world.has_ads else []


def answer_ads(world: World, call: Call, edge: str) -> Reply:
    """The reply for an ad account, one of its objects, or a report."""
    head = call.parts[0]
    if head in world.reports:
        return answer_report(world, call, edge, lambda inner: _insights(world, inner))
    if edge == "insights" and call.method == "POST":
        return open_report(world, call)
    if edge == "insights":
        rows, asked = _insights(world, call)
        return Reply(offset_list(call, rows, lambda row: written(row, asked)))
    if edge in EDGES:
        nodes = _objects(world, call, EDGES[edge])
        return Reply(offset_list(call, nodes, lambda node: _described(world, call, node)))
    if edge:
        raise refuse(2500, f"Unknown path components: /{edge}")
    if head == world.identity.ad_account_id:
        return Reply(_account(world, call))
    return Reply(_described(world, call, _nodes(world)[head]))


def _account(world: World, call: Call) -> dict[str, Any]:
    identity = world.identity
    whole = {
        "id": identity.ad_account_id,
        "account_id": identity.ad_account_id.removeprefix("act_"),
        "name": ads_plan.ACCOUNT_NAME,
        "currency": ads_plan.CURRENCY,
        "timezone_name": ads_plan.AD_ZONE_NAME,
        "timezone_id": 7,
        "account_status": 1,
        "amount_spent": "0",
    }
    asked = {*names(parse_fields(call.get("fields") or "account_id")), "id"}
    return {name: value for name, value in whole.items() if name in asked}


def _below(world: World, head: str) -> list[Ad]:
    """The ads under an account, campaign, ad set or ad."""
    ads = ads_now(world)
    if head == world.identity.ad_account_id:
        return list(ads)
    found = [
        ad
        for ad in ads
        if head in (ad.remote_id, ad.ad_set.remote_id, ad.ad_set.campaign.remote_id)
    ]
    if not found:
        raise unknown_object(head)
    return found


def _insights(world: World, call: Call) -> tuple[list[Row], list[str]]:
    head, asked = call.parts[0], asked_fields(call)
    node = _nodes(world).get(head)
    level = LEVELS[type(node)] if node else "account"
    return insight_rows(world, call, _below(world, head), level), asked


def _objects(world: World, call: Call, wanted: type[Node]) -> list[Node]:
    nodes: dict[str, Node] = {}
    for ad in _below(world, call.parts[0]):
        for node in (ad.ad_set.campaign, ad.ad_set, ad):
            if isinstance(node, wanted):
                nodes[node.remote_id] = node
    statuses = call.items("effective_status")
    return [one for one in nodes.values() if not statuses or _status(one, call.now) in statuses]


def _campaign(node: Node) -> AdCampaign:
    if isinstance(node, AdCampaign):
        return node
    return node.campaign if isinstance(node, AdSet) else node.ad_set.campaign


def _status(node: Node, now: datetime) -> str:
    campaign, today = _campaign(node), now.astimezone(ads_plan.AD_ZONE).date()
    return "ACTIVE" if campaign.begin <= today <= campaign.end else "PAUSED"


def _described(world: World, call: Call, node: Node) -> dict[str, Any]:
    asked = {*names(parse_fields(call.get("fields") or "id")), "id"}
    campaign = _campaign(node)
    makers: Mapping[str, Callable[[], Any]] = {
        "id": lambda: node.remote_id,
        "name": lambda: node.name,
        "account_id": lambda: world.identity.ad_account_id.removeprefix("act_"),
        "status": lambda: _status(node, call.now),
        "effective_status": lambda: _status(node, call.now),
        "created_time": lambda: _moment(campaign.begin),
        "updated_time": lambda: _moment(campaign.begin),
        "start_time": lambda: _moment(campaign.begin),
        "stop_time": lambda: _end(campaign),
        "end_time": lambda: _end(campaign),
    } | _of_level(node, campaign)
    return {
        name: value
        for name, make in makers.items()
        if name in asked and (value := make()) is not None
    }


def _of_level(node: Node, campaign: AdCampaign) -> dict[str, Callable[[], Any]]:
    if isinstance(node, AdCampaign):
        return {
            "objective": lambda: node.objective,
            "daily_budget": lambda: str(node.daily_budget),
        }
    if isinstance(node, AdSet):
        return {
            "campaign_id": lambda: campaign.remote_id,
            "daily_budget": lambda: str(node.daily_budget),
        }
    return {
        "campaign_id": lambda: campaign.remote_id,
        "adset_id": lambda: node.ad_set.remote_id,
        "creative": lambda: {"id": "9" + node.remote_id[1:]},
    }


def _moment(day: date) -> str:
    return graph_time(ads_plan.day_start(day))


def _end(campaign: AdCampaign) -> str | None:
    is_open = campaign.end == ads_plan.OPEN_ENDED
    return None if is_open else graph_time(ads_plan.day_end(campaign.end))
