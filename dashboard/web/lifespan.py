"""What happens once per server: warm up, open the database, start and stop the worker."""

import asyncio
import gc
import importlib.util
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from dashboard.web.addresses import port, public_url
from dashboard.web.state import startup_problem
from dashboard.web.supervisor import Supervisor
from data.output import say
from data.settings import load_settings

#: So long the first page waits for the database; after that it says what is wrong.
PATIENCE_SECONDS = 3.0

HEAVY = ("pandas", "plotly.graph_objects", "data.models", "dashboard.theme")


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any] | None]:
    """Start the supervisor, say the address, serve; at the end stop the worker."""
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    supervisor = Supervisor(load_settings())
    supervisor.start()
    try:
        await asyncio.to_thread(freeze_heap)
        await asyncio.to_thread(supervisor.looked.wait, PATIENCE_SECONDS)
        announce()
        yield None
    finally:
        await asyncio.to_thread(supervisor.stop)


def freeze_heap() -> None:
    """Import what pages need, then take it out of the collector's sight.

    Streamlit forces a full collection after every run: 65 of an empty rerun's 156 ms.
    """
    for name in HEAVY:
        if importlib.util.find_spec(name):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()


def announce() -> None:
    """The address, for people and for whoever reads the output."""
    problem = startup_problem()
    if problem:
        say(problem)
    say(f"Reachwell is ready: {public_url(port())}")
