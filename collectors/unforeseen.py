"""Errors that nobody foresaw: a sentence for people, places for the log, no text of a post."""

import logging

from data.errors import Refused, where
from data.faults import as_refusal

log = logging.getLogger(__name__)


def told(error: Exception, of_what: str) -> tuple[str, str | None]:
    """A sentence and what to do; its own text may hold a post's, so the log names places.

    Raises Refused for a fault of the machine: that is nobody's piece of work, so all waits.
    """
    refusal = as_refusal(error)
    if refusal is not None:
        raise refusal from None
    if isinstance(error, Refused):
        return str(error), error.todo
    log.error("%s failed: %s", of_what, where(error))
    return (
        f"Reachwell itself failed here ({type(error).__name__}); nothing of this page was kept.",
        "It is tried again by itself. Should it happen again, report it with the worker's log.",
    )
