"""A release that a page asked for: the worker reads the named files in the practice's folder."""

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from collectors.portal.launch import launch
from collectors.portal.order import Order, Tell
from data import practice, unsealing
from data.errors import Refused
from data.models import Request
from data.session import Engine, open_session
from data.settings import load_settings

NO_FOLDER = "No folder of portal logs is named."


def fulfil(engine: Engine, home: Path, request: Request, tell: Tell) -> dict[str, Any]:
    """Release; the result for the page. `tell` may raise to stop it, which spends nothing.

    What was left out is not in it: a result is stored, and those counts never are.
    """
    with open_session(engine, "worker") as session:
        described = practice.get(session)
    if described is None or not described.portal_folder:
        raise Refused(NO_FOLDER, "Name it on the page Portal.")
    payload, settings = request.payload, load_settings()
    names = _names(home, request)
    order = Order(
        files=tuple(_within(Path(described.portal_folder), one) for one in names),
        mapping=payload.get("mapping"),
        first=date.fromisoformat(payload["first"]),
        last=date.fromisoformat(payload["last"]),
        correct=bool(payload.get("correct")),
        memory_mb=settings.portal_memory_mb,
        asked_at=request.asked_at,
    )
    try:
        answer = launch(settings.open_url, home, request.asked_by, order, tell)
    except Refused as refusal:
        raise _storable(refusal, names) from None
    if not answer.releases and not answer.is_nothing_left:
        reasons = list(dict.fromkeys(one["reason"] for one in answer.refused))
        raise Refused(f"Nothing was released: {'; '.join(reasons)}.", "Nothing was spent.")
    return {"releases": len(answer.releases), "refused": answer.refused}


def _names(home: Path, request: Request) -> list[str]:
    """The names of the files: they come sealed, for one may be a patient's."""
    try:
        return list(json.loads(unsealing.unseal(home, request.secret_sealed or b"")))
    except Refused:
        raise Refused("This was asked for with another key of the worker.", "Ask again.") from None


def _storable(refusal: Refused, names: Sequence[str]) -> Refused:
    """What is stored names no file and no column, and counts no row that was left out."""
    said = str(refusal).split(" Its columns are:")[0].split("; its columns are:")[0]
    said = re.sub(
        r" has the column `.*`(?=:)", " has a column that the mapping writes otherwise", said
    )
    said = re.sub(r": `.*`", "", said)
    said = re.sub(r" \([^()]*×[^()]*(\([^()]*\)[^()]*)*\)", "", said)
    for place, name in enumerate(names, 1):
        said = said.replace(name, "the file" if len(names) == 1 else f"file {place}")
    return Refused(said if said.endswith(".") else f"{said}.", refusal.todo)


def _within(folder: Path, name: str) -> Path:
    """A file of the folder itself: no way out of it, by no link either."""
    path = folder / name
    if Path(name).name != name or path.resolve().parent != folder.resolve():
        raise Refused("A file outside the folder was named.", "Choose files of the folder.")
    return path
