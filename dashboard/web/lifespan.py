"""What happens once per server: warm up, open the database, start and stop the worker."""

import asyncio
import gc
import importlib.util
import logging
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from dashboard.web.addresses import port, public_url
from dashboard.web.state import startup_problem
from dashboard.web.supervisor import Supervisor
from data.output import say
from data.settings import load_settings

#: So long the first page waits for the database; after that it says what is wrong.
PATIENCE_SECONDS = 3.0

HEAVY = ("pandas", "data.models", "dashboard.theme")
#: What the first page does without: imported while it is being opened.
LATER = ("plotly.graph_objects",)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any] | None]:
    """Start the supervisor, say the address, serve; at the end stop the worker."""
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    supervisor = Supervisor(load_settings())
    supervisor.start()
    try:
        await asyncio.to_thread(freeze_heap, HEAVY)
        await asyncio.to_thread(supervisor.looked.wait, PATIENCE_SECONDS)
        announce()
        threading.Thread(target=freeze_heap, args=(LATER,), name="warm-up", daemon=True).start()
        yield None
    finally:
        await asyncio.to_thread(supervisor.stop)


def freeze_heap(names: Sequence[str]) -> None:
    """Import what pages need, then take it out of the collector's sight.

    Streamlit forces a full collection after every run: 65 of an empty rerun's 156 ms.
    """
    for name in names:
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
