"""A summary as PDF: typst sets it from data, never from text made into markup.

The file keeps PDF/UA-1 (tagged, titled, with words for each chart). That standard forbids signs
for which no font is at hand, such as emoji on many machines: those are shown as a white square.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Literal

import typst

from campaigns.figures import CampaignSummary
from campaigns.reports.pdf_data import page_data

STANDARD: Literal["ua-1"] = "ua-1"
SQUARE = "□"
_NOT_SHOWN = re.compile(r"the text `\"([^`\n]+)\"`")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_SQUARES = re.compile(f"{SQUARE}[{SQUARE}\ufe0f\u200d]*")
#: Each round names all signs that are in the way, so that one nearly always does.
_ROUNDS = 4


def render(summary: CampaignSummary) -> bytes:
    """The PDF's bytes: the same for the same summary and fonts."""
    template = files("campaigns.reports").joinpath("summary.typ").read_bytes()
    data: Any = page_data(summary)
    moment = datetime(summary.today.year, summary.today.month, summary.today.day, tzinfo=UTC)
    for _ in range(_ROUNDS):
        try:
            return _compile(template, data, moment)
        except typst.TypstError as error:
            missing = _not_shown(error.diagnostic)
            if not missing:
                raise
            data = _each_text(data, _replacing(missing))
    return _compile(template, _each_text(data, _only_latin), moment)


def _compile(template: bytes, data: Any, moment: datetime) -> bytes:
    compiled = typst.compile(
        template,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=STANDARD,
        timestamp=moment,
    )
    if not isinstance(compiled, bytes):
        raise TypeError("typst gave no single PDF")
    return compiled


def _not_shown(diagnostic: str) -> frozenset[str]:
    """The signs that a failed round names."""
    named = "".join(_NOT_SHOWN.findall(diagnostic))
    signs = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), named)
    return frozenset(sign for sign in signs if not sign.isascii())


def _replacing(missing: frozenset[str]) -> Callable[[str], str]:
    table = str.maketrans(dict.fromkeys(missing, SQUARE))
    return lambda text: _SQUARES.sub(SQUARE, text.translate(table))


def _only_latin(text: str) -> str:
    return "".join(sign if sign < "\u0250" or sign in "–—·’“”…" else "?" for sign in text)


def _each_text(data: Any, change: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, list):
        return [_each_text(item, change) for item in data]
    if isinstance(data, dict):
        return {key: _each_text(value, change) for key, value in data.items()}
    return data
