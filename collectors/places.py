"""Errors that nobody foresaw: a sentence for people, places for the log, no text of a post."""

import traceback
from pathlib import Path

from data.errors import Refused


def unexpected(error: Exception) -> tuple[str, str | None]:
    """A sentence for an error that nobody foresaw; its own text may hold a post's."""
    if isinstance(error, Refused):
        return str(error), error.todo
    return (
        f"Reachwell itself failed here ({type(error).__name__}); nothing of this page was kept.",
        "It is tried again by itself. Should it happen again, report it with the worker's log.",
    )


def where(error: BaseException) -> str:
    """Type and places of an error for the log, without its text (it may hold a post's)."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))
    return f"{type(error).__name__} at {places}"
