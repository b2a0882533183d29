"""The bytes of a file, gzipped or not, as bounded lines or as one document of JSON.

An exception of the JSON parser holds the file's text: none leaves `parsed`.
"""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import orjson

from data.errors import Refused

MIB = 2**20
LONGEST_LINE, LARGEST_DOCUMENT = 16 * MIB, 256 * MIB
STEP_BYTES = MIB
GZIP, BOM = b"\x1f\x8b", b"\xef\xbb\xbf"


def parsed(raw: bytes | bytearray) -> object:
    """The JSON value; None where it is no JSON (and for `null`, which is no resource either)."""
    try:
        found: object = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return found


def cut_off(line: bytes) -> bool:
    """Whether a line is longer than may be, so that its rest has not been taken."""
    return len(line) > LONGEST_LINE and not line.endswith(b"\n")


class Source:
    """The unpacked bytes of a file, never more of them at once than a line or a document may be."""

    def __init__(self, path: Path, seen: Callable[[int], None] | None) -> None:
        self._name, self._seen, self._told = path.name, seen, 0
        try:
            self.file = path.open("rb")
            packed = self.file.peek(2).startswith(GZIP)
        except OSError:
            raise Refused(f"{self._name} cannot be opened.") from None
        self._bytes = gzip.GzipFile(fileobj=self.file) if packed else self.file

    def line(self) -> bytes:
        """The next line, empty at the end; of a longer one than may be, one byte more than that."""
        return self._taken(self._bytes.readline, LONGEST_LINE + 1)

    def pass_over(self) -> None:
        """Leave out the rest of a line."""
        while (part := self._taken(self._bytes.readline, STEP_BYTES)) and part[-1:] != b"\n":
            pass

    def document(self, begun: bytes) -> object:
        """The whole file as one JSON value, of which the beginning was taken already."""
        whole = bytearray(begun)
        while len(whole) <= LARGEST_DOCUMENT and (
            part := self._taken(self._bytes.read, STEP_BYTES)
        ):
            whole += part
        if len(whole) > LARGEST_DOCUMENT:
            raise Refused(f"{self._name} is too large for one document.", "Export it as NDJSON.")
        value = parsed(whole)
        if value is None:
            raise Refused(
                f"{self._name} ends in the middle: it is no whole JSON.", "Export it again."
            )
        return value

    def tell(self) -> None:
        """How far the file itself is read."""
        self._told = self.file.tell()
        if self._seen is not None:
            self._seen(self._told)

    def _taken(self, take: Callable[[int], bytes], most: int) -> bytes:
        try:
            part = take(most)
        except EOFError:
            why = "ends in the middle: the packed file is not whole"
        except (gzip.BadGzipFile, zlib.error):
            why = "cannot be unpacked: the packed file is damaged"
        except OSError:
            why = "cannot be read"
        else:
            if self.file.tell() - self._told >= STEP_BYTES:
                self.tell()
            return part
        raise Refused(f"{self._name} {why}.", "Copy or export it again.")
