"""The process of one run: it alone sees rows, and ends with the run.

Core dumps are off and its memory is closed to other processes; what it writes to stderr goes
nowhere, for a library's message may quote a value. It answers in lines of JSON on stdout:
progress, then the outcome. Its stdin is a leash: where the starter ends, however, it ends too.
"""

import contextlib
import ctypes
import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from collectors import leash
from data.errors import Refused, where

PR_SET_DUMPABLE = 4
LET_GO = 3
BEAT_SECONDS, TELL_SECONDS = 2.0, 0.9


def close_to_others() -> None:
    """No core file, and (on Linux) no other process of the same user may look into this one."""
    try:
        import resource
    except ImportError:  # Windows has neither
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            raise SystemExit("its memory cannot be closed to other processes")


def main() -> int:
    """Read the order from the first line of stdin; the exit code is 0 where there is an answer."""
    close_to_others()
    # A descriptor, not sys.stderr: libraries in C write there too.
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    said = json.loads(sys.stdin.readline())
    leash.hold(_let_go)
    threading.Thread(target=_beat, daemon=True).start()
    try:
        _answer({"outcome": _do(said)})
    except Refused as refusal:
        _answer({"refused": str(refusal), "todo": refusal.todo})
    except MemoryError:
        from collectors.portal.staging import too_little_memory

        sentence = too_little_memory(int(said["memory_mb"]))
        _answer({"refused": str(sentence), "todo": sentence.todo})
    except Exception as error:  # anything else: its kind and place, never its text
        _answer({"refused": f"The run ended unexpectedly ({where(error)}); nothing was released.",
                 "todo": "Report this sentence; it holds nothing of the file."})  # fmt: skip
    return 0


#: Held from the moment before the releases are written until the process ends, so that a run
#: that is let go has either released nothing, or says what it released.
_writing = threading.Lock()


def _let_go() -> None:
    with _writing:
        os._exit(LET_GO)


def _do(said: dict[str, Any]) -> dict[str, Any]:
    from collectors.portal.order import Order
    from collectors.portal.run import run
    from data.session import make_engine

    def day(name: str) -> date | None:
        return date.fromisoformat(said[name]) if said.get(name) else None

    order = Order(
        files=tuple(Path(one) for one in said["files"]),
        mapping=said.get("mapping"),
        first=day("first"),
        last=day("last"),
        correct=bool(said.get("correct")),
        memory_mb=int(said["memory_mb"]),
        asked_at=datetime.fromisoformat(said["asked_at"]) if said.get("asked_at") else None,
    )
    engine = make_engine(said["url"], durable=True)
    try:
        done = run(
            engine, said["actor"], Path(said["home"]), order, _tell, before_writing=_writing.acquire
        )
    finally:
        engine.dispose()
    return {
        "releases": [
            {"table": job.table.name, "period": job.period.name, "rho": job.table.rho,
             "cells": cells, "bounded": job.table.l}
            for job, cells in zip(done.released.jobs, done.released.cells, strict=True)
        ],
        "refused": [
            {"table": one.table, "period": one.period, "reason": one.reason}
            for one in done.released.refusals
        ],
        "is_nothing_left": any(one.is_done for one in done.released.refusals),
        "left_out": {reason: count for reason, count in done.left_out.items() if count},
    }  # fmt: skip


_at: dict[str, Any] = {"progress": "Starting", "share": None}
_told_at = 0.0
_speaking = threading.Lock()


def _tell(text: str, share: float | None) -> None:
    """A new step is told at once, how far one is no more than once a second."""
    global _told_at
    is_new, at = text != _at["progress"], time.monotonic()
    _at.update(progress=text, share=share)
    if is_new or at - _told_at >= TELL_SECONDS:
        _told_at = at
        _answer(_at)


def _beat() -> None:
    """Say where it is now and then: the worker prolongs its claim by it, and may stop us."""
    while True:
        time.sleep(BEAT_SECONDS)
        _answer(_at)


def _answer(said: Mapping[str, Any]) -> None:
    # Where nobody listens any more, the leash ends us.
    with contextlib.suppress(BrokenPipeError), _speaking:
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
