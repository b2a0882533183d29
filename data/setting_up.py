"""Making the practice's own database, keys and row: whole, or not at all.

The desk opens the practice's database as soon as its file is there. So it is made beside under
another name, described, closed, and only then given its own.
"""

import os
from pathlib import Path
from typing import Any

from data import migrate, practice
from data.crypto import make_keys
from data.errors import Refused
from data.faults import refusing
from data.session import make_engine, open_session
from data.settings import PRACTICE_FILE, Settings

DRAFT_SUFFIX = ".making"


def set_up(settings: Settings, actor: str, **fields: Any) -> None:
    """Make the database and keys and describe the practice. Refused where one is there."""
    with refusing():
        if settings.database_url is not None:
            _in_place(settings, actor, fields)
        else:
            _as_file(settings, actor, fields)


def _as_file(settings: Settings, actor: str, fields: dict[str, Any]) -> None:
    home = settings.resolved_home
    path, draft = home / PRACTICE_FILE, home / f"{PRACTICE_FILE}.{os.getpid()}{DRAFT_SUFFIX}"
    if path.exists():
        raise Refused("The practice is set up already.", "Load the page again to open it.")
    make_keys(home)
    _drop(draft)
    try:
        _describe(f"sqlite:///{draft}", actor, fields)
        os.link(draft, path)  # unlike a rename, it never replaces one that came meanwhile
    except FileExistsError:
        raise Refused("The practice is set up already.", "Load the page again.") from None
    except OSError as error:
        raise Refused(
            f"{path} cannot be written: {error.strerror}.",
            "Give the user that runs Reachwell the right to write there.",
        ) from None
    finally:
        _drop(draft)


def _in_place(settings: Settings, actor: str, fields: dict[str, Any]) -> None:
    """A database that was named (PostgreSQL, say) is described where it is."""
    engine = make_engine(settings.practice_url)
    try:
        migrate.upgrade(engine)
        make_keys(settings.resolved_home)
        with open_session(engine, actor, write=True) as session:
            found = practice.get(session)
            if found is not None:
                what = "the demo practice" if found.is_demo else f"“{found.name}”"
                raise Refused(
                    f"The database in REACHWELL_DATABASE_URL holds {what} already.",
                    "Name an empty database there and start Reachwell again.",
                )
            practice.describe(session, **fields)
    finally:
        engine.dispose()


def _describe(url: str, actor: str, fields: dict[str, Any]) -> None:
    engine = make_engine(url)
    try:
        migrate.upgrade(engine)
        with open_session(engine, actor, write=True) as session:
            practice.describe(session, **fields)
    finally:
        engine.dispose()  # the last connection folds the write-ahead log into the file


def _drop(draft: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)
