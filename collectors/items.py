"""One claimed item, whatever happens: its end is always written down."""

from collections.abc import Callable
from pathlib import Path

from collectors import outcomes
from collectors.outcomes import Outcome
from collectors.stream_run import TURN_SECONDS, never, run_stream, say_nothing
from collectors.unforeseen import told
from data.models import WorkItem
from data.session import Engine


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
        outcome = Outcome(item.account_id or 0, item.stream or "")
        outcomes.broke(engine, item, outcome, *told(error, f"Item {item.id}"))
        return outcome
