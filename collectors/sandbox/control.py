"""The sandbox's own addresses: /_clock, /_faults, /_requests, /_accounts."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collectors.sandbox.accounts import accounts_of
from collectors.sandbox.clock import parse_instant
from collectors.sandbox.faults import Fault

if TYPE_CHECKING:
    from collectors.sandbox.app import SandboxApp

Answer = Callable[[Request], Awaitable[Response]]


def control_routes(app: "SandboxApp") -> list[Route]:
    """Routes that tests and the demo use; the networks have nothing like them."""
    return [
        Route("/_clock", _clock(app), methods=["GET", "POST"]),
        Route("/_faults", _faults(app), methods=["GET", "POST", "DELETE"]),
        Route("/_requests", _requests(app), methods=["GET", "DELETE"]),
        Route("/_accounts", _accounts(app), methods=["GET"]),
    ]


def _json(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")


def _clock(app: "SandboxApp") -> Answer:
    async def answer(request: Request) -> Response:
        if request.method == "POST":
            try:
                _move(app, orjson.loads(await request.body()))
            except (ValueError, KeyError, TypeError, OverflowError) as error:
                return _json({"error": f"{error}; give now or advance_seconds"}, 400)
        return _json({"now": app.world.now().isoformat()})

    return answer


def _move(app: "SandboxApp", body: dict[str, Any]) -> None:
    if "now" in body:
        app.world.clock.set(parse_instant(body["now"]))
    else:
        app.world.clock.advance(float(body["advance_seconds"]))


def _faults(app: "SandboxApp") -> Answer:
    async def answer(request: Request) -> Response:
        if request.method == "DELETE":
            clear_faults(app)
        if request.method == "POST":
            try:
                set_fault(app, orjson.loads(await request.body()))
            except (ValueError, TypeError) as error:
                return _json({"error": str(error)}, 400)
        return _json({"faults": app.described()})

    return answer


def set_fault(app: "SandboxApp", body: dict[str, Any]) -> Fault:
    """Turn a switch on; a renamed account gets its new name at once."""
    fault = app.faults.add(body)
    if fault.kind == "account_renamed":
        new = fault.options.get("handle")
        app.rename(fault.network, str(new) if new else "renamedpractice")
    if fault.kind == "second_page":
        app.world.has_second_page = True
    if fault.kind == "report_failed":
        app.world.report_outcome = str(fault.options.get("status", "Job Failed"))
    return fault


def clear_faults(app: "SandboxApp") -> None:
    """Turn all switches off and give accounts their names back."""
    app.faults.clear()
    app.rename(None, None)
    app.world.report_outcome = None
    app.world.has_second_page = False


def _requests(app: "SandboxApp") -> Answer:
    async def answer(request: Request) -> Response:
        if request.method == "DELETE":
            app.counts.clear()
        return _json(dict(app.counts))

    return answer


def _accounts(app: "SandboxApp") -> Answer:
    async def answer(_request: Request) -> Response:
        return _json([account.as_json() for account in accounts_of(app.world)])

    return answer
