"""The sandbox as a Starlette application: control addresses, faults, and the two networks."""

import asyncio
import re
from collections import Counter
from typing import Any
from urllib.parse import parse_qsl, unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from collectors.sandbox import fault_replies
from collectors.sandbox.calls import Call
from collectors.sandbox.control import control_routes
from collectors.sandbox.faults import LISTING, Faults
from collectors.sandbox.graph_routes import account_of, answer_graph, network_of
from collectors.sandbox.listing_faults import bend
from collectors.sandbox.quotas import Quotas
from collectors.sandbox.replies import JSON, Refusal, Reply, unknown_object, x_problem
from collectors.sandbox.world import World
from collectors.sandbox.x_routes import answer_x, not_found

VERSION = re.compile(r"v\d+\.\d+")
OAUTH1_TOKEN = re.compile(r'oauth_token="([^"]*)"')
X_KINDS = {("users", "me"): "x:me", ("tweets",): "x:tweets", ("oauth2", "token"): "x:token"}
REPLACING = (
    "429",
    "429_no_reset",
    "402",
    "500",
    "token_expired",
    "permission_lost",
    "code_1",
    "code_17",
)


class CutResponse(Response):
    """Promises a whole body, sends half of it and closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Leave the response unfinished: the server then closes the connection."""
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})


class SandboxApp:
    """One world behind HTTP, with its faults, quotas and counts of requests."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults()
        self.quotas = Quotas()
        self.counts: Counter[str] = Counter()
        self.handles = {network: feed.handle for network, feed in world.feeds.items()}
        methods = ["GET", "POST", "DELETE"]
        everything = Route("/{path:path}", self.handle, methods=methods)
        self.asgi = Starlette(routes=[*control_routes(self), everything])

    async def handle(self, request: Request) -> Response:
        """One request to a network, through the faults that fit it."""
        call = await self._call(request)
        text = f"{request.url.path}?{unquote(request.url.query)}{unquote(call.get('batch'))}"
        self.counts.update([call.kind, "total"])
        if slow := self.faults.take(call.network, text, ("slow",)):
            await asyncio.sleep(slow.number("seconds", 5))
        if raw := self.faults.take(call.network, text, ("502_html", "200_html")):
            status, html = fault_replies.RAW[raw.kind]
            return Response(html, status, media_type="text/html; charset=utf-8")
        if self.faults.take(call.network, text, ("not_json_huge",)):
            return Response(b"<" + b"a" * fault_replies.HUGE_BYTES, media_type="application/json")
        reply = self._reply(call, text)
        if self.faults.take(call.network, text, ("cut",)):
            return CutResponse(reply.encoded(), 200, media_type=JSON)
        return Response(reply.encoded(), reply.status, dict(reply.headers), JSON)

    async def _call(self, request: Request) -> Call:
        parts = tuple(unquote(part) for part in request.url.path.split("/") if part)
        params = dict(parse_qsl(request.url.query, keep_blank_values=True))
        if request.method == "POST":
            body = (await request.body()).decode("utf-8", "replace")
            params |= dict(parse_qsl(body, keep_blank_values=True))
        header = request.headers.get("authorization", "")
        found = OAUTH1_TOKEN.search(header)
        token = unquote(found[1]) if found else header.removeprefix("Bearer ").strip()
        base = f"{request.url.scheme}://{request.url.netloc}"
        call = Call(request.method, parts, params, token, self.world.now(), base)
        return self._named(call)

    def _named(self, call: Call) -> Call:
        """Split the version off, and say which network and which kind of call it is."""
        head, call.parts = (call.parts[0] if call.parts else ""), call.parts[1:]
        if head == "2":
            call.network, call.kind = "x", _x_kind(call.parts)
            return call
        call.params = dict(call.params)
        call.token = call.params.pop("access_token", call.token)
        if VERSION.fullmatch(head):
            call.version = head
        else:
            call.kind = "unknown"
        call.network, kind = self._graph_names(call)
        call.kind = call.kind or f"{call.network}:{kind}"
        return call

    def _graph_names(self, call: Call) -> tuple[str, str]:
        if not call.parts:
            steps = re.findall(r'"relative_url"\s*:\s*"([^"]+)', call.get("batch"))
            self.counts["batch_steps"] += len(steps)
            parts = [one for one in re.split(r"[/?\\]+", steps[0]) if one] if steps else []
            parts = parts[1:] if parts and VERSION.fullmatch(parts[0]) else parts
            return network_of(self.world, parts), "batch" if call.get("batch") else "ids"
        network = network_of(self.world, call.parts)
        if network == "meta":
            return network, "/".join(call.parts)
        return network, "/".join(call.parts[1:]) or "object"

    def _reply(self, call: Call, text: str) -> Reply:
        if fault := self.faults.take(call.network, text, REPLACING):
            reply = fault_replies.refused(fault, call.network)
            if reply is not None:
                return reply
        if gone := self._gone(call, text):
            return gone
        if call.kind == "unknown":
            return Reply({"error": "the sandbox serves /2/... and /v26.0/..."}, 404)
        headers, beyond = self._headers(call, text)
        if beyond:
            problem = x_problem(429, "Too Many Requests", "Too Many Requests", "")
            return Reply(problem.body, 429, headers)
        try:
            reply = self._answer(call, text)
        except Refusal as refusal:
            reply = refusal.reply
        if call.listing and (fault := self.faults.take(call.network, text, LISTING)):
            reply = bend(self.world, call, fault, reply)
        return Reply(reply.body, reply.status, headers | dict(reply.headers))

    def _answer(self, call: Call, text: str) -> Reply:
        if call.network == "x":
            return answer_x(self.world, call)
        return answer_graph(self.world, call, self._retired(call, text))

    def _retired(self, call: Call, text: str) -> list[str]:
        found = []
        for fault in self.faults.active:
            metric = str(fault.options.get("metric", ""))
            wanted = fault.kind == "retired_metric" and re.search(rf"\b{re.escape(metric)}\b", text)
            if wanted and fault.fits(call.network, text):
                fault.count -= fault.count > 0
                found.append(metric)
        return found

    def _gone(self, call: Call, text: str) -> Reply | None:
        """An account that no longer exists: not found by id, left out of the owner's lists."""
        if call.kind in ("meta:me/accounts", "meta:me/adaccounts"):
            network = "facebook" if call.kind.endswith("/accounts") else "meta_ads"
            gone = self.faults.standing("account_gone", network, text)
            return Reply({"data": []}) if gone else None
        if call.network == "meta" or not self.faults.take(call.network, text, ("account_gone",)):
            return None
        if call.network == "x":
            return Reply({"errors": [not_found("user", "id", call.parts[-1])]})
        return unknown_object("".join(call.parts[:1])).reply

    def _headers(self, call: Call, text: str) -> tuple[dict[str, str], bool]:
        high = self.faults.take(call.network, text, ("usage_90",))
        percent = int(high.number("percent", 92)) if high else None
        if call.network == "x":
            headers, beyond = self.quotas.x_headers(call.token, call.kind, call.now)
            if percent is not None:
                left = int(headers["x-rate-limit-limit"]) * (100 - percent) // 100
                headers["x-rate-limit-remaining"] = str(left)
            return headers, beyond
        account = account_of(self.world, call.network)
        return (
            self.quotas.graph_headers(call.token, call.network, account, call.now, percent),
            False,
        )

    def rename(self, network: str | None, handle: str | None) -> None:
        """Give accounts another user name; None as handle restores the first ones."""
        for name, feed in self.world.feeds.items():
            if network in (None, name):
                feed.handle = handle or self.handles[name]

    def described(self) -> list[dict[str, Any]]:
        """The switches that are on."""
        return [fault.described() for fault in self.faults.active if fault.count]


def _x_kind(parts: tuple[str, ...]) -> str:
    if parts[-1:] == ("tweets",) and len(parts) == 3:
        return "x:timeline"
    if parts[:1] == ("tweets",):
        return "x:tweets"
    return X_KINDS.get(parts, "x:user")
