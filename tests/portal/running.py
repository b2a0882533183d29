"""A run over made files within this process."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from collectors.portal import run as runs
from collectors.portal.order import Order
from data.errors import Refused
from data.privacy import mappings
from data.session import open_session


def run(engine: Engine, *files: Path, mapping: str | None = None, **days: date) -> runs.Outcome:
    """Its outcome; `first` and `last` are the days that the files cover."""
    order = Order(files, mapping, days.get("first"), days.get("last"), False, 500)
    return runs.run(engine, "test", files[0].parent, order, lambda _text, _share: None)


def refusal(engine: Engine, *files: Path, mapping: str | None = None) -> str:
    """The sentence by which it is refused."""
    with pytest.raises(Refused) as refused:
        run(engine, *files, mapping=mapping)
    return refused.value.sentence()


def left_out(outcome: runs.Outcome) -> dict[str, int]:
    """What was left out, by its reason without the note behind it."""
    return {why.split(" (")[0]: count for why, count in outcome.left_out.items() if count}


def keep_mapping(engine: Engine, name: str = "made", **said: object) -> None:
    """A mapping of the columns pid, what and at."""
    columns = {"patient": "pid", "event": "what", "when": "at", "time_zone": "UTC",
               "events": {"view": "record_view"}, **said}  # fmt: skip
    with open_session(engine, "test", write=True) as session:
        mappings.put(session, name, columns)
