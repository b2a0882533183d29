"""The made-up practice's sandbox: started at need in whichever process collects for it.

Its accounts carry the address `sandbox:`. The same seed and first day give the same posts, its
clock is the machine's: it goes on from where the filling of the demo ended.
"""

import threading
from contextlib import ExitStack
from datetime import date, datetime

from collectors.sandbox.plan import ZONE
from collectors.sandbox.server import RunningSandbox, running_sandbox
from data import demo
from data.clock import now
from data.session import Engine, open_session

_lock = threading.Lock()
_running: dict[str, RunningSandbox] = {}
_open = ExitStack()


def sandbox_for(engine: Engine) -> RunningSandbox:
    """The live sandbox of this process for that database, started once; ends with `close`."""
    with _lock:
        key = str(engine.url)
        if key not in _running:
            with open_session(engine, "worker") as session:
                plan = demo.plan_of(session)
            context = running_sandbox(seed=plan.seed, days=days_since(plan.first_day))
            _running[key] = _open.enter_context(context)
        return _running[key]


def sandbox_url(engine: Engine) -> str:
    """Its loopback address."""
    return sandbox_for(engine).url


def close() -> None:
    """Stop what was started (it would end with the process anyway)."""
    with _lock:
        _running.clear()
        _open.close()


def days_since(first: date, at: datetime | None = None) -> int:
    """How many days of history make a sandbox begin on that day (the made practice's zone)."""
    today = (at or now()).astimezone(ZONE).date()
    return max((today - first).days, 1)
