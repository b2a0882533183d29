"""The marker outside the database: which releases were made, though the database forget it.

A database that is restored from an older backup does not know its newest releases; releasing
those periods again would show the same patients under fresh noise, unpaid. So each release is
written here too, as lines of JSON: `intent` before the commit, `done` after it. An intent that
the database does not bear out was never committed: nobody has seen its noise.
"""

import contextlib
import errno
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from data.errors import Refused

INTENT, DONE = "intent", "done"


@dataclass(frozen=True)
class Entry:
    """One release, as the ledger holds it; days are the practice's."""

    source: str
    table: str
    period: str
    revision: int
    first: str
    last: str
    rho_micro: int
    released_at: str

    @property
    def key(self) -> tuple[str, str, str, int, str]:
        """By which it is the same release as a row of the ledger."""
        return self.source, self.table, self.period, self.revision, self.released_at

    @property
    def days(self) -> tuple[date, date]:
        """First and last day."""
        return date.fromisoformat(self.first), date.fromisoformat(self.last)


class Marker:
    """The file of one database. Raises Refused where it is missing, damaged or not writable."""

    def __init__(self, home: Path, mark: str) -> None:
        self.path = home / "privacy" / f"{mark}.jsonl"

    def known(self, ledger: Sequence[Entry]) -> list[Entry]:
        """Releases that were committed once, by this file; `ledger` is what the database says.

        Refused where the database has releases and the file is not there.
        """
        if not self.path.exists():
            if ledger:
                raise Refused(
                    f"The marker of this database's releases is not at {self.path}, so whether "
                    "the database is the newest one cannot be known; every period stays closed.",
                    "Copy the file from the home that released last. If it is lost and this is "
                    "the newest database, say so with `reachwell portal ledger --renew-marker`.",
                )
            return []
        held = {one.key for one in ledger}
        found: dict[str, list[Entry]] = {}
        done: set[str] = set()
        for state, run, entries in self._lines():
            if state == DONE:
                done.add(run)
            else:
                found[run] = entries
                if entries and all(one.key in held for one in entries):
                    done.add(run)
        return [one for run, entries in found.items() if run in done for one in entries]

    def intend(self, entries: Sequence[Entry]) -> str:
        """Before the commit; the run's id, for `did`."""
        run = uuid4().hex
        self._append({"state": INTENT, "run": run, "entries": [asdict(one) for one in entries]})
        return run

    def did(self, run: str) -> None:
        """After the commit."""
        self._append({"state": DONE, "run": run})

    def settle(self, ledger: Sequence[Entry]) -> None:
        """Write what a kill left out: `done` of each intent that the database bears out."""
        if not self.path.exists():
            return
        held, lines = {one.key for one in ledger}, self._lines()
        done = {run for state, run, _ in lines if state == DONE}
        for state, run, entries in lines:
            borne_out = bool(entries) and all(one.key in held for one in entries)
            if state == INTENT and run not in done and borne_out:
                self.did(run)

    def renew(self, ledger: Iterable[Entry]) -> None:
        """Begin anew with what the database holds: an owner says that it is the newest."""
        self.path.unlink(missing_ok=True)
        self.did(self.intend(list(ledger)))

    def _lines(self) -> list[tuple[str, str, list[Entry]]]:
        try:
            text = self.path.read_text(encoding="utf-8")
            whole = text if text.endswith("\n") else text[: text.rfind("\n") + 1]
            lines = [json.loads(line) for line in whole.splitlines()]
            return [
                (said["state"], said["run"], [Entry(**one) for one in said.get("entries", [])])
                for said in lines
            ]
        except (OSError, ValueError, TypeError, KeyError):
            raise Refused(
                f"The marker of this database's releases at {self.path} cannot be read; "
                "every period stays closed.",
                "Bring the file back from the newest backup.",
            ) from None

    def _append(self, said: dict[str, object]) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                _lock(descriptor)
                _end_torn_line(descriptor)
                line = (json.dumps(said) + "\n").encode()
                if os.write(descriptor, line) < len(line):
                    _end_torn_line(descriptor)
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise Refused(
                f"{self.path} cannot be written ({error.strerror}); nothing was released.",
                "Give the user that runs Reachwell room and the right to write there.",
            ) from None


def _lock(descriptor: int) -> None:
    """Until it is closed; where the machine has no such locks, the database's lock is left."""
    with contextlib.suppress(ImportError):
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _end_torn_line(descriptor: int) -> None:
    """A line that a full disk or a power cut tore was never acted on: drop it."""
    size = os.fstat(descriptor).st_size
    if not size:
        return
    tail = os.pread(descriptor, size, 0)
    if not tail.endswith(b"\n"):
        os.ftruncate(descriptor, tail.rfind(b"\n") + 1)
