"""Reports are rendered by the worker: a heavy one never freezes a page."""

import importlib

from data import practice
from data.clock import local_day, now
from data.session import Engine, open_session


def render(engine: Engine, campaign_id: int, form: str) -> tuple[str, bytes]:
    """A campaign's summary as (file name, bytes); Refused where campaign or format is unknown."""
    export = importlib.import_module("campaigns.export")  # typst and charts: only when asked
    with open_session(engine, "worker") as session:
        described = practice.get(session)
        today = local_day(now(), described.zone if described else "UTC")
        name, content = export.render(session, campaign_id, form, today)
    return str(name), bytes(content)
