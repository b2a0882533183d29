"""How every command answers: with --json one object on stdout, else lines; messages to stderr."""

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any


def emit(result: Mapping[str, Any], as_json: bool, lines: Iterable[str]) -> None:
    """Print one JSON object, or the lines for people."""
    if as_json:
        sys.stdout.write(json.dumps(result, ensure_ascii=False, default=_plain) + "\n")
    else:
        for line in lines:
            sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say(message: str) -> None:
    """A message for the person at the terminal, on stderr."""
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not JSON")
