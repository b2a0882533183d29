"""Which format a file has, by its headings. What is not known is refused, and told by them."""

import re
from collections.abc import Sequence
from pathlib import Path

from collectors.exports import FORMATS, patients, texts
from collectors.exports.base import Format
from data.errors import Refused

MOST_COLUMNS, MOST_CHARACTERS = 30, 40
#: Cells that only a record has: a number, a day, an address, a number of a person.
_VALUE = re.compile(
    r"[\s0-9.,:;/()+%$€-]*[0-9][\s0-9.,:;/()+%$€-]*|.*@.*"
    r"|.*[0-9]{3}-[0-9]{2}-[0-9]{4}.*|.*[0-9]{3}[-. ][0-9]{4}.*|.*[0-9]{4}-[0-9]{2}-[0-9]{2}.*",
    re.DOTALL,
)


def recognise(path: Path, wanted: str | None = None) -> Format:
    """The file's format; `wanted` is one by name.

    Refused where the file is none that we know, or holds data of patients: no value of it is
    told then, only its headings.
    """
    if wanted is not None and wanted not in FORMATS:
        raise Refused(f"There is no format {wanted}; known are: {_known()}.")
    if not path.is_file():
        raise Refused(f"There is no file {path.name} there.", "Look at its name and folder.")
    with texts.opened(path) as table:
        columns = table.columns
    patients.refuse(path.name, columns)
    formats = [one for one in FORMATS.values() if one.known_by(columns)]
    if wanted is not None:
        formats = [one for one in formats if one.name == wanted]
    if formats:
        return formats[0]
    has = f"it has these columns: {_told(columns)}"
    if any(_VALUE.fullmatch(column) for column in columns):  # then they are a record's, not ours
        has = "its first line holds values, not the names of columns"
    if wanted is not None:
        raise Refused(f"{path.name} is not {FORMATS[wanted].title}; {has}.", _TODO)
    raise Refused(f"{path.name} is not a file we know; {has}; known are: {_known()}.", _TODO)


_TODO = "Look whether it is the right file, as it was exported; nothing of it was imported."


def _known() -> str:
    return ", ".join(f"{one.name} ({one.title})" for one in FORMATS.values())


def _told(columns: Sequence[str]) -> str:
    names = [" ".join(column.split())[:MOST_CHARACTERS] for column in columns[:MOST_COLUMNS]]
    left = len(columns) - len(names)
    return ", ".join(names) + (f" and {left} more" if left else "")
