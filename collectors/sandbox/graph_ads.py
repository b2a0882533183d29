"""Ads (to come)."""

from typing import Any

from collectors.sandbox.calls import Call
from collectors.sandbox.replies import Reply, refuse
from collectors.sandbox.world import World


def knows(world: World, object_id: str) -> bool:
    return False


def account_list(world: World, call: Call) -> list[dict[str, Any]]:
    return []


def answer_ads(world: World, call: Call, edge: str) -> Reply:
    raise refuse(100, "no ads yet")
