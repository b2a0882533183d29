"""Where a file's records stand until they are stored: a private SQLite file without a name.

It keeps memory small, finds records that the file repeats, and lets the file be read to its end
before the desk's database is locked at all.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import orjson

from collectors.exports.base import Item, Notes, Record, Row, Skipped
from data.errors import Refused

TWICE = "the same as an earlier record of this file"
CONFLICT = "an earlier record of this file has the same key and other figures"

_TABLE = (
    "CREATE TABLE record (line INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, cells BLOB NOT NULL)"
)


@dataclass
class Staging:
    """A file's records, each key once, and those that were left out."""

    connection: sqlite3.Connection
    taken: int = 0
    skipped: Notes = field(default_factory=Notes)
    rejected: Notes = field(default_factory=Notes)

    @property
    def records(self) -> int:
        """How many there are in the file."""
        return self.taken + len(self.skipped) + len(self.rejected)

    def fill(self, items: Iterable[Item]) -> Iterator[int]:
        """Take what a reader hands on; tells after each how many there were."""
        for item in items:
            if isinstance(item, Record):
                self._take(item)
            else:
                notes = self.skipped if isinstance(item, Skipped) else self.rejected
                notes.add(item.line, item.reason)
            yield self.records

    def rows(self) -> Iterator[Row]:
        """Key and figures of each, in the file's order."""
        for (cells,) in self.connection.execute("SELECT cells FROM record ORDER BY line"):
            key, figures = orjson.loads(cells)
            yield (*key, *figures)

    def leave_out(self, reason: str) -> None:
        """All that was taken is skipped after all."""
        for (line,) in self.connection.execute("SELECT line FROM record ORDER BY line"):
            self.skipped.add(line, reason)
        self.taken = 0

    def _take(self, one: Record) -> None:
        key = hashlib.blake2b(orjson.dumps(one.key), digest_size=16).digest()
        cells = orjson.dumps([one.key, one.figures])
        done = self.connection.execute(
            "INSERT INTO record VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
            (one.line, key, cells),
        )
        if done.rowcount:
            self.taken += 1
            return
        (earlier,) = self.connection.execute("SELECT cells FROM record WHERE key = ?", (key,))
        if earlier[0] == cells:
            self.skipped.add(one.line, TWICE)
        else:
            self.rejected.add(one.line, CONFLICT)


@contextmanager
def staging() -> Iterator[Staging]:
    """An empty one; SQLite deletes its file at the end, however this process ends.

    Refused where the disk for temporary files does not hold it.
    """
    connection = sqlite3.connect("", isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute(_TABLE)
        connection.execute("BEGIN")
        yield Staging(connection)
    except sqlite3.Error:  # the desk's own database raises other errors
        raise Refused(
            "The disk for temporary files is full, or cannot be written to.",
            "Free some space, or name another folder in TMPDIR; nothing was imported.",
        ) from None
    finally:
        connection.close()
