"""One claimed item, whatever happens: its end is always written down."""

import logging
from collections.abc import Callable
from pathlib import Path

from collectors import outcomes
from collectors.outcomes import Outcome
from collectors.places import unexpected, where
from collectors.stream_run import TURN_SECONDS, never, run_stream, say_nothing
from data.faults import as_refusal
from data.models import WorkItem
from data.session import Engine

log = logging.getLogger(__name__)


def run_item(
    engine: Engine,
    home: Path,
    item: WorkItem,
    stopping: Callable[[], bool] = never,
    *,
    turn_seconds: float | None = TURN_SECONDS,
    tell: Callable[[Outcome], None] = say_nothing,
) -> Outcome:
    """Run one claimed item; an error of our own ends it with a sentence, never the worker."""
    try:
        return run_stream(
            engine, home, item, stopping=stopping, turn_seconds=turn_seconds, tell=tell
        )
    except Exception as error:
        refusal = as_refusal(error) if hasattr(error, "orig") else None  # type: ignore[arg-type]
        if refusal is not None:
            raise refusal from None  # the machine's fault, not this account's: all waits
        outcome = Outcome(item.account_id or 0, item.stream or "")
        log.error("Item %s failed: %s", item.id, where(error))
        outcomes.broke(engine, item, outcome, *unexpected(error))
        return outcome
