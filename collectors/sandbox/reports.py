"""Asynchronous ad reports: opened, polled until they are done, then read page by page."""

from collections.abc import Callable
from dataclasses import replace

from collectors.sandbox.ads_insights import Row, written
from collectors.sandbox.calls import Call
from collectors.sandbox.dice import Dice
from collectors.sandbox.graph_common import offset_list
from collectors.sandbox.replies import Reply, refuse
from collectors.sandbox.world import World

Insights = tuple[list[Row], list[str]]

# What each poll answers; the last one stands.
STEPS = (("Job Not Started", 0), ("Job Started", 0), ("Job Running", 55), ("Job Completed", 100))


def open_report(world: World, call: Call) -> Reply:
    """Note what is asked and answer the report's id."""
    number = len(world.reports)
    report_id = "6" + Dice(world.seed, "report", number).digits(15)
    world.reports[report_id] = dict(call.params) | {"_node": call.parts[0]}
    return Reply({"report_run_id": report_id})


def answer_report(world: World, call: Call, edge: str, rows: Callable[[Call], Insights]) -> Reply:
    """The report's state, which moves on with each poll, or its rows once it is done."""
    report_id = call.parts[0]
    if edge == "insights":
        return _rows(world, call, rows)
    if edge:
        raise refuse(2500, f"Unknown path components: /{edge}")
    polls = world.polls.get(report_id, 0)
    world.polls[report_id] = polls + 1
    status, percent = STEPS[min(polls, len(STEPS) - 1)]
    if world.report_outcome and percent == 100:
        status = world.report_outcome
    return Reply(
        {
            "id": report_id,
            "account_id": world.identity.ad_account_id.removeprefix("act_"),
            "async_status": status,
            "async_percent_completion": percent,
        }
    )


def _rows(world: World, call: Call, rows: Callable[[Call], Insights]) -> Reply:
    report_id = call.parts[0]
    if world.polls.get(report_id, 0) < len(STEPS) or world.report_outcome:
        raise refuse(2601, "(#2601) The report run is not completed")
    params = dict(world.reports[report_id])
    node = params.pop("_node")
    inner = replace(call, parts=(node,), params=params)
    found, asked = rows(inner)
    return Reply(offset_list(call, found, lambda row: written(row, asked)))
