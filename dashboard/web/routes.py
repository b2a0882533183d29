"""Routes beside the pages."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from dashboard.web.addresses import home_mark
from dashboard.web.state import startup_problem

LIVE = "/health/live"


def routes() -> list[BaseRoute]:
    """What `st.App` serves beside Streamlit's own."""
    return [Route(LIVE, live, methods=["GET"])]


async def live(_request: Request) -> JSONResponse:
    """Whether this server answers, and whose it is; `reachwell health` says more."""
    return JSONResponse(
        {"ok": startup_problem() is None, "app": "reachwell", "home": home_mark()},
        headers={"Cache-Control": "no-store"},
    )
