"""What the page says before and after a release: margins, what is left out, reasons. Pure."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dashboard import formats
from dashboard.portal_names import SHORT, TABLES, plural
from data.errors import Refused
from data.privacy import truncation
from data.privacy.periods import Unit, touching
from data.privacy.tables import BY_NAME, DAILY_FROM_PATIENTS, MILLIONTHS, Table, margin

MOST_FILES = 200
#: Behind "Yes": what the files must hold for it.
IF_HELD: Mapping[str, str] = {
    "day_event": "",
    "week_event_age": ", where the files hold ages",
    "week_event_zip3": ", where they hold ZIP codes",
    "week_event_topic": ", where they hold topics",
    "month_topic_age": ", where they hold topics and ages",
}
UNITS: tuple[Unit, ...] = ("week", "month", "day")


@dataclass(frozen=True)
class Listing:
    """The names in the folder, at most 200, and a sentence where they cannot be had."""

    names: tuple[str, ...]
    more: int = 0
    problem: str | None = None


def listing(folder: str | None) -> Listing:
    """The files of a folder by name, sorted. Only names are read: no file is opened."""
    if not folder:
        return Listing((), problem="No folder is named yet: name it in step 1.")
    try:
        with os.scandir(folder) as entries:
            found = sorted(
                one.name for one in entries if one.is_file() and not one.name.startswith(".")
            )
    except NotADirectoryError:
        return Listing((), problem=f"{folder} is a file, not a folder.")
    except FileNotFoundError:
        return Listing((), problem=f"There is no folder {folder} on the machine of this desk.")
    except OSError as error:
        return Listing((), problem=f"{folder} cannot be looked at: {error.strerror}.")
    if not found:
        return Listing((), problem=f"There is no file in {folder}.")
    return Listing(tuple(found[:MOST_FILES]), max(0, len(found) - MOST_FILES))


def checked_folder(text: str | None) -> str | None:
    """The folder as it is kept, None where empty; Refused where it is not a whole path."""
    folder = (text or "").strip()
    if not folder:
        return None
    if not Path(folder).is_absolute():
        raise Refused("The folder is not a whole path.", "Begin it with /, as in /srv/portal-logs.")
    return os.path.normpath(folder)


def areas(text: str | None) -> list[str]:
    """ "100, 112 113" -> three areas; blanks and repetitions go."""
    return list(dict.fromkeys((text or "").replace(",", " ").replace(";", " ").split()))


def why_not(table: Table, patients: int | None, zip3s: Sequence[str]) -> str | None:
    """Why what the practice states keeps a table from being released, None where it does not."""
    if table.unit == "day" and (patients or 0) < DAILY_FROM_PATIENTS:
        stated = "none are stated" if patients is None else f"{patients:,} are stated"
        return f"days need {DAILY_FROM_PATIENTS:,} active patients, and {stated}"
    if "zip3" in table.dimensions and not zip3s:
        return "no ZIP areas are named"
    return None


def margin_words(table: Table, patients: int | None) -> str:
    """ "± 59 patients (0.7 % of yours)"."""
    half = margin(table.sigma)
    share = f" ({formats.percent(half / patients)} of yours)" if patients else ""
    return f"± {half:,.0f} patients{share}"


def margins(patients: int | None, zip3s: Sequence[str]) -> list[dict[str, str]]:
    """A row a table: how sure its figures are, what a period costs, whether it is released."""
    rows = []
    for name, table in BY_NAME.items():
        reason = why_not(table, patients, zip3s)
        rows.append(
            {
                "Table": TABLES[name],
                "Margin of a figure": margin_words(table, patients),
                "Cost of a period": f"{table.rho:g}",
                "Left out (assumed)": f"about {formats.percent(truncation.loss(table))}",
                "Released": f"No: {reason}" if reason else f"Yes{IF_HELD[name]}",
            }
        )
    return rows


def whole_periods(first: date, last: date) -> dict[str, int]:
    """How many weeks, months and days lie wholly within these days."""
    return {
        unit: sum(one.first >= first and one.last <= last for one in touching(first, last, unit))
        for unit in UNITS
    }


def plan_words(
    first: date, last: date, patients: int | None, zip3s: Sequence[str], *, correct: bool
) -> tuple[str, bool]:
    """What these days could release and cost at most; whether there is anything at all."""
    whole = whole_periods(first, last)
    fit = [one for one in BY_NAME.values() if why_not(one, patients, zip3s) is None]
    cost = sum(one.rho_micro * whole[one.unit] for one in fit)
    units = [one for one in UNITS if any(table.unit == one for table in fit) and whole[one]]
    if not units:
        return "These days hold no whole week (Monday to Sunday) and no whole month.", False
    held = " and ".join(
        plural(whole[one], f"whole {one}" if one != "day" else one) for one in units
    )
    known = (
        "what was released already is paid for from the reserve"
        if correct
        else "what was released already costs nothing and is left as it is"
    )
    return f"{held}. At most {cost / MILLIONTHS:.4f} of the year's 1 is spent; {known}.", True


def result_words(result: Mapping[str, Any]) -> tuple[str, list[str]]:
    """A title, and a line for each reason why something was not released, the commonest first."""
    released = int(result.get("releases", 0))
    by_reason: dict[str, list[str]] = {}
    for one in result.get("refused", []):
        name = SHORT.get(str(one["table"]), str(one["table"]))
        what = f"{name}, {one['period']}" if one["period"] else f"{name}, all of it"
        by_reason.setdefault(str(one["reason"]), []).append(what)
    title = f"{plural(released, 'period')} released" if released else "Nothing new was released"
    return title, [
        f"Not released: {whats[0] if len(whats) == 1 else plural(len(whats), 'period')}: {reason}."
        for reason, whats in sorted(by_reason.items(), key=lambda pair: -len(pair[1]))
    ]
