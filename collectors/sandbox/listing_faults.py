"""Faults of lists: an empty page that goes on, a page that comes twice, a post gone in between."""

from typing import Any

from collectors.sandbox.calls import Call
from collectors.sandbox.faults import Fault
from collectors.sandbox.graph_common import next_url
from collectors.sandbox.model import Post
from collectors.sandbox.replies import Reply
from collectors.sandbox.world import World


def bend(world: World, call: Call, fault: Fault, reply: Reply) -> Reply:
    """The reply as the fault leaves it; nothing is lost to who follows the cursor."""
    start, last = str(call.listing["start"]), call.listing.get("last")
    if fault.kind == "deleted_between_pages":
        if isinstance(last, Post):
            world.feeds[last.network].remove(last.remote_id)
        return reply
    empty = fault.kind == "empty_page_with_next"
    body = _x(reply.body, start, empty) if call.network == "x" else _graph(call, reply.body, empty)
    return Reply(body, reply.status, reply.headers)


def _x(body: dict[str, Any], start: str, empty: bool) -> dict[str, Any]:
    if empty:
        return {"meta": {"result_count": 0, "next_token": start}}
    return body | {"meta": body["meta"] | {"next_token": start}}


def _graph(call: Call, body: dict[str, Any], empty: bool) -> dict[str, Any]:
    start = str(call.listing["start"])
    data = [] if empty else body["data"]
    cursors = {"before": start, "after": start}
    return {"data": data, "paging": {"cursors": cursors, "next": next_url(call, after=start)}}
