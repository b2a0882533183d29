"""Starting a run's process and listening to it. It is stopped by letting go of its leash."""

import contextlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collectors.portal.order import Order, Tell
from data.errors import Refused


@dataclass(frozen=True)
class Answer:
    """What a run says in the end; `left_out` is for the eyes of whoever runs it, once."""

    releases: list[dict[str, Any]]
    refused: list[dict[str, Any]]
    is_nothing_left: bool
    left_out: dict[str, int]


def launch(url: str, home: Path, actor: str, order: Order, tell: Tell) -> Answer:
    """Run it to its end; `tell` may raise to stop it, which releases and spends nothing.

    A stop that comes while the releases are being written is too late: the answer comes back.
    Refused with the run's own sentence, or where its process ended without one.
    """
    said = {
        "url": url, "home": str(home), "actor": actor,
        "files": [str(one.resolve()) for one in order.files], "mapping": order.mapping,
        "first": order.first and order.first.isoformat(),
        "last": order.last and order.last.isoformat(),
        "asked_at": order.asked_at and order.asked_at.isoformat(),
        "correct": order.correct, "memory_mb": order.memory_mb,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "collectors.portal.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        start_new_session=True,  # Ctrl+C reaches us alone; the leash does the rest
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are pipes
    last: dict[str, Any] = {}
    try:
        with contextlib.suppress(BrokenPipeError):  # it ended before it listened: its code tells
            process.stdin.write(json.dumps(said) + "\n")
            process.stdin.flush()
        for last in map(json.loads, process.stdout):
            if "progress" in last:
                tell(last["progress"], last["share"])
    except (Exception, KeyboardInterrupt):
        last = _let_go(process)
        if "outcome" not in last:
            raise
    finally:
        _let_go(process)
    return _answer(last, process.returncode)


def _let_go(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """End it by its leash; the last that it said, {} where that was heard before."""
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are pipes
    with contextlib.suppress(BrokenPipeError, ValueError):
        process.stdin.close()
    said = [] if process.stdout.closed else process.stdout.read().splitlines()
    process.stdout.close()
    process.wait()
    return dict(json.loads(said[-1])) if said else {}


def _answer(last: dict[str, Any], code: int) -> Answer:
    if "refused" in last and "todo" in last:
        raise Refused(last["refused"], last["todo"])
    if "outcome" not in last:
        raise Refused(
            f"The run's process ended before it was done (exit {code}); nothing was released.",
            "If the machine ran out of memory, release fewer days at a time; then run it again.",
        )
    return Answer(**last["outcome"])
