"""The replies that fault switches bring about, in each network's own words."""

import time
from typing import Any

import orjson

from collectors.sandbox.faults import Fault
from collectors.sandbox.replies import Reply, graph_error, x_problem

HTML_502 = (
    "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head>"
    "<body><h1>Bad Gateway</h1><p>The server is over capacity.</p></body></html>"
)
HTML_200 = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head>"
    "<body><p>Checking your browser before you go on.</p></body></html>"
)
HUGE_BYTES = 8 * 1024 * 1024
RAW = {"502_html": (502, HTML_502), "200_html": (200, HTML_200)}


def refused(fault: Fault, network: str) -> Reply | None:
    """The whole reply of a fault that answers in place of the route; None for other faults."""
    return _x_reply(fault) if network == "x" else _graph_reply(fault, network)


def _x_reply(fault: Fault) -> Reply | None:
    match fault.kind:
        case "429" | "429_no_reset":
            reply = x_problem(429, "Too Many Requests", "Too Many Requests", "")
            return Reply(reply.body, 429, _x_reset(fault))
        case "402":
            detail = "Your enrolled account does not have any credits to fulfill this request."
            return x_problem(402, "CreditsDepleted", detail, "credits")
        case "500":
            return x_problem(500, "Internal Server Error", "Something is broken.", "")
        case "token_expired":
            return x_problem(401, "Unauthorized", "Unauthorized", "")
        case "permission_lost":
            detail = "You are not permitted to perform this action."
            return x_problem(403, "Forbidden", detail, "client-forbidden")
        case "code_1" | "code_17":
            return x_problem(503, "Service Unavailable", "Over capacity.", "")
    return None


def _x_reset(fault: Fault) -> dict[str, str]:
    if fault.kind == "429_no_reset":
        return {}
    reset = int(time.time() + fault.number("seconds", 900))
    headers = {"x-rate-limit-limit": "900", "x-rate-limit-remaining": "0"}
    return headers | {"x-rate-limit-reset": str(reset)}


def _graph_reply(fault: Fault, network: str) -> Reply | None:
    match fault.kind:
        case "429" | "429_no_reset":
            reply = graph_error(4, "(#4) Application request limit reached", transient=True)
            return Reply(reply.body, 429, _graph_wait(fault, network))
        case "402":
            message = "(#2654) Payment is required to go on using this API"
            return graph_error(2654, message, status=402)
        case "500":
            message = "An unexpected error has occurred. Please retry your request later."
            return graph_error(2, message, status=500, transient=True)
        case "token_expired":
            message = "Error validating access token: Session has expired."
            return graph_error(190, message, status=401, subcode=463)
        case "permission_lost":
            return _permission_lost(network)
        case "code_1":
            message = "Please reduce the amount of data you're asking for, then retry your request"
            return graph_error(1, message, status=500, subcode=99)
        case "code_17":
            message = "(#17) User request limit reached"
            reply = graph_error(17, message, subcode=2446079, transient=True)
            return Reply(reply.body, 400, _graph_wait(fault, network))
    return None


def _permission_lost(network: str) -> Reply:
    needed = {
        "facebook": (10, "pages_read_engagement"),
        "instagram": (10, "instagram_basic"),
        "meta_ads": (200, "ads_read"),
    }
    code, name = needed.get(network, (200, "pages_show_list"))
    message = f"(#{code}) This endpoint requires the '{name}' permission to be granted"
    return graph_error(code, message, status=403)


def _graph_wait(fault: Fault, network: str) -> dict[str, str]:
    """The usage header that says in how many minutes to come back."""
    if fault.kind == "429_no_reset":
        return {}
    kind = {"facebook": "pages", "instagram": "instagram"}.get(network, "ads_insights")
    entry: dict[str, Any] = {
        "type": kind,
        "call_count": 100,
        "total_cputime": 25,
        "total_time": 25,
        "estimated_time_to_regain_access": max(1, round(fault.number("seconds", 900) / 60)),
    }
    return {"X-Business-Use-Case-Usage": orjson.dumps({"0": [entry]}).decode()}
