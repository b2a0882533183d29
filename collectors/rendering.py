"""Reports are rendered by the worker: a heavy one never freezes a page."""

from data import practice
from data.clock import local_day, now
from data.session import Engine, open_session


def render(engine: Engine, campaign_id: int, form: str) -> tuple[str, bytes]:
    """A campaign's summary as (file name, bytes); Refused where campaign or format is unknown."""
    from campaigns import export  # typst and charts come with it: only when asked

    with open_session(engine, "worker") as session:
        described = practice.get(session)
        today = local_day(now(), described.zone if described else "UTC")
        return export.render(session, campaign_id, form, today)
