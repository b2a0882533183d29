"""The testable heart of the worker's loop: claim one piece of work and do it."""

from collections.abc import Callable
from pathlib import Path

from collectors import wishes
from collectors.items import run_item
from collectors.stream_run import never, run_stream
from data import requests, work
from data.schedule_times import CHECK, COLLECT
from data.session import Engine

__all__ = ["handle_one", "run_item", "run_stream"]


def handle_one(
    engine: Engine, home: Path, worker: str, stopping: Callable[[], bool] = never
) -> bool:
    """Claim one wish of a person, else one due item, and do it; whether there was one.

    A failure of one account ends that item alone. `stopping` is asked between two pages.
    """
    request = requests.claim(engine, requests.KINDS, worker)
    if request is not None:
        wishes.fulfil(engine, home, request, stopping)
        return True
    items = work.claim(engine, (COLLECT, CHECK), 1, worker)
    for item in items:
        if item.kind == CHECK:
            wishes.check(engine, home, item)
        else:
            run_item(engine, home, item, stopping)
    return bool(items)
