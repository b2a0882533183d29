"""What the server knows of itself, for the pages: one value, set by the supervisor."""

from threading import Lock

_lock = Lock()
_problem: str | None = None
_worker_note: str | None = None


def startup_problem() -> str | None:
    """Why the database cannot be opened and what to do, or None where all is well."""
    with _lock:
        return _problem


def set_startup_problem(sentence: str | None) -> None:
    """Say why the database cannot be opened; None once it can."""
    global _problem
    with _lock:
        _problem = sentence


def worker_note() -> str | None:
    """Why nothing is collected at the moment (the worker keeps ending), or None."""
    with _lock:
        return _worker_note


def set_worker_note(sentence: str | None) -> None:
    """Say why the worker does not stay; None once it does."""
    global _worker_note
    with _lock:
        _worker_note = sentence
