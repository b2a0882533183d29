"""What became of the files, as lines and as JSON. JSON is written bit by bit: a file may have
a million records that it repeats, each with its line.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TextIO

from collectors.exports.base import Notes
from collectors.exports.report import Report

_LINES_SHOWN = 5
_AT_ONCE = 10_000


def write_json(reports: Sequence[Report], out: TextIO) -> None:
    """One object: {"files": [...]}, the files in their order."""
    out.write('{"files": [')
    for number, one in enumerate(reports):
        out.write(", " if number else "")
        out.write(json.dumps(_head(one), ensure_ascii=False)[:-1])
        for name, notes in (("skipped", one.skipped), ("rejected", one.rejected)):
            out.write(f', "{name}": [')
            _write_notes(notes, out)
            out.write("]")
        out.write("}")
    out.write("]}\n")
    out.flush()


def _head(one: Report) -> dict[str, Any]:
    kept = one.kept()
    del kept["skipped"], kept["rejected"]
    return {"file": one.file, "format": one.format.name, **kept}


def _write_notes(notes: Notes, out: TextIO) -> None:
    left, before = iter(notes), ""
    while some := list(islice(left, _AT_ONCE)):
        told = ({"line": line, "reason": reason} for line, reason in some)
        out.write(before + ", ".join(json.dumps(note, ensure_ascii=False) for note in told))
        before = ", "


def lines(one: Report, is_dry: bool) -> Iterator[str]:
    """A file for people."""
    yield f"{one.file}: {one.format.title}, {one.records:,} records"
    yield (
        f"  inserted {one.inserted:,}, updated {one.updated:,}, unchanged {one.unchanged:,}, "
        f"skipped {len(one.skipped):,}, rejected {len(one.rejected):,}"
    )
    if one.first_day and one.last_day:
        yield f"  {one.first_day} to {one.last_day}"
    for name, number in one.totals.items():
        yield f"  {name.replace('_', ' ')}: {number:,}"
    for what, notes in (("skipped", one.skipped), ("rejected", one.rejected)):
        for reason, count in notes.by_reason().most_common():
            first = notes.first_lines(reason, _LINES_SHOWN)
            more = ", …" if count > len(first) else ""
            yield f"  {what} {count:,}: {reason} (line {', '.join(map(str, first))}{more})"
    if one.is_refused:
        yield "  Nothing of it is stored."
    elif is_dry:
        yield "  A dry run: nothing was changed."
