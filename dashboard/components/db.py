"""How pages read: one engine per address, short sessions, caches keyed by a version token."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from data.clock import local_day, now
from data.faults import refusing
from data.models import Practice
from data.queries import freshness
from data.session import Engine, Session, open_session, shared_engine
from data.settings import load_settings

ACTOR = "page"


def engine() -> Engine:
    """The engine on the database that is open now: the practice's, else the demo's."""
    return shared_engine(load_settings().open_url)


@contextmanager
def read() -> Iterator[Session]:
    """A short reading session. Close it before drawing: pages hold no transaction open."""
    with refusing(), open_session(engine(), ACTOR) as session:
        yield session


@contextmanager
def write() -> Iterator[Session]:
    """A writing session, one transaction."""
    with refusing(), open_session(engine(), ACTOR, write=True) as session:
        yield session


def version() -> str:
    """What cached queries are keyed by: the database's address and a token of its contents.

    Usage: `@st.cache_data(max_entries=64, show_spinner=False)` on a function whose first
    argument is this token; it changes with every page of results and every audited change.
    """
    with read() as session:
        return f"{load_settings().open_url}|{freshness.version(session)}"


def practice() -> Practice | None:
    """The practice this database belongs to, or None where nothing is set up."""
    with read() as session:
        return session.get(Practice, 1)


def today(found: Practice) -> date:
    """The day it is at the practice."""
    return local_day(now(), found.zone)
