"""Releases as the list on Privacy and its file tell them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from dashboard import formats
from dashboard.portal_names import SHORT, plural
from data.models import PrivacyLedger
from data.privacy.marker import Entry
from data.privacy.tables import BY_NAME, MILLIONTHS


@dataclass(frozen=True)
class Release:
    """One release as the list and the file tell it; `released_at` in the practice's zone."""

    released_at: datetime
    by: str
    source: str
    table: str
    first_day: date
    last_day: date
    rho: float
    l: int  # noqa: E741 - the field's own letter
    sigma: float
    note: str


def releases(rows: Sequence[PrivacyLedger], lost: Sequence[Entry], zone: str) -> list[Release]:
    """Every release, the newest first."""
    there = ZoneInfo(zone)
    by_id = {row.id: row for row in rows}
    replaced = {row.replaces_id for row in rows}
    made = [_release(row, by_id.get(row.replaces_id), row.id in replaced, there) for row in rows]
    made += [_lost(one, there) for one in lost]
    return sorted(made, key=lambda one: one.released_at, reverse=True)


def _release(
    row: PrivacyLedger, before: PrivacyLedger | None, is_replaced: bool, there: ZoneInfo
) -> Release:
    notes = []
    if before is not None:
        notes.append(f"replaces that of {before.released_at.astimezone(there):%-d %b, %H:%M}")
    if is_replaced:
        notes.append("replaced since")
    return Release(
        released_at=row.released_at.astimezone(there),
        by=row.released_by,
        source=row.source,
        table=row.table_name,
        first_day=row.first_day,
        last_day=row.last_day,
        rho=row.rho_micro / MILLIONTHS,
        l=row.l,
        sigma=round(row.sigma, 2),
        note=", ".join(notes),
    )


def _lost(one: Entry, there: ZoneInfo) -> Release:
    table = BY_NAME[one.table]
    return Release(
        released_at=datetime.fromisoformat(one.released_at).astimezone(there),
        by="",
        source=one.source,
        table=one.table,
        first_day=one.days[0],
        last_day=one.days[1],
        rho=one.rho_micro / MILLIONTHS,
        l=table.l,
        sigma=round(table.sigma, 2),
        note="known by the marker alone: this database has lost it",
    )


def as_frame(found: Sequence[Release]) -> pd.DataFrame:
    """All of it, for a file."""
    columns = [field.name for field in fields(Release)]
    return pd.DataFrame([vars(one) for one in found], columns=columns)


def shown(found: Sequence[Release]) -> list[dict[str, str]]:
    """The same as people read it."""
    return [
        {
            "Released": f"{one.released_at:%-d %b %Y, %H:%M}",
            "By": one.by,
            "Source": one.source,
            "Table": SHORT.get(one.table, one.table),
            "Days": days_words(one.first_day, one.last_day),
            "Cost": f"{one.rho:g}",
            "Note": one.note[:1].upper() + one.note[1:],
        }
        for one in found
    ]


def days_words(first: date, last: date) -> str:
    """A day, or from when to when."""
    return formats.day(first) if first == last else formats.span(first, last)


def title(rows: Sequence[PrivacyLedger]) -> str:
    """How many, and how many of them were corrections."""
    if not rows:
        return "No release yet"
    again = sum(row.revision > 0 for row in rows)
    said = plural(len(rows), "release")
    return f"{said}, {again} of them corrections" if again else said
