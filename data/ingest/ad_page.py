"""Ads by day: the tree of campaigns, ad sets and ads, and what each ad did on each day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from data.ingest.clean import storable
from data.ingest.counts import Counts
from data.models import Account, AdDaily, AdObject
from data.records import AdFigure
from data.rollups import lock_accounts
from data.rollups.reading import chunks
from data.session import Session

_FIGURES = (
    "spend_minor",
    "currency",
    "impressions",
    "reach",
    "clicks",
    "link_clicks",
    "results",
    "result_type",
    "actions",
)


def ads(
    session: Session, account: Account, figures: Sequence[AdFigure], raw_ids: Sequence[int]
) -> Counts:
    """Keep ad figures by (ad, day): a network restates 28 days, the newest capture counts.

    Counts are of ad days; one is updated when a figure changed.
    """
    assert account.id is not None  # noqa: S101 - a stored account
    session.flush()
    connection = session.connection()
    lock_accounts(connection, [account.id])
    ordered = sorted(figures, key=lambda figure: figure.captured_at)
    tree = _tree(connection, account.id, ordered)
    newest = {(tree["ad", figure.ad_id], figure.day): figure for figure in ordered}
    held = _held(connection, newest)
    new, updated = [], 0
    for key, figure in newest.items():
        values = _values(figure, raw_ids)
        row = held.get(key)
        if row is None:
            new.append({"ad_object_id": key[0], "day": key[1], **values})
        elif figure.captured_at > row.captured_at:
            updated += any(values[name] != getattr(row, name) for name in _FIGURES)
            connection.execute(
                update(AdDaily)
                .where(col(AdDaily.ad_object_id) == key[0], col(AdDaily.day) == key[1])
                .values(**values)
            )
    if new:
        connection.execute(insert(AdDaily), new)
    session.expire_all()
    return Counts(len(new), updated, len(newest) - len(new) - updated)


def _values(figure: AdFigure, raw_ids: Sequence[int]) -> dict[str, Any]:
    values = {name: getattr(figure, name) for name in _FIGURES}
    values["actions"] = [dict(action) for action in figure.actions]
    values["captured_at"] = figure.captured_at
    values["raw_reply_id"] = raw_ids[figure.raw] if raw_ids else None
    return values


def _held(connection: Connection, keys: Iterable[tuple[int, date]]) -> dict[tuple[int, date], Any]:
    wanted = set(keys)
    if not wanted:
        return {}
    table = AdDaily.__table__  # type: ignore[attr-defined]
    days = [day for _, day in wanted]
    found: dict[tuple[int, date], Any] = {}
    for part in chunks(sorted({ad for ad, _ in wanted})):
        for row in connection.execute(
            select(table).where(
                table.c.ad_object_id.in_(part), table.c.day.between(min(days), max(days))
            )
        ):
            found[row.ad_object_id, row.day] = row
    return found


def _tree(
    connection: Connection, account_id: int, figures: Sequence[AdFigure]
) -> dict[tuple[str, str], int]:
    """Make or rename the objects, parents first; ids by (level, remote id)."""
    ids: dict[tuple[str, str], int] = {}
    for level, rows in _levels(figures):
        wanted = {
            remote_id: {"name": storable(name), "parent_id": ids.get(parent) if parent else None}
            for remote_id, (name, parent) in rows.items()
        }
        ids |= _level(connection, account_id, level, wanted)
    return ids


def _levels(
    figures: Sequence[AdFigure],
) -> Iterable[tuple[str, dict[str, tuple[str, tuple[str, str] | None]]]]:
    campaigns: dict[str, tuple[str, tuple[str, str] | None]] = {}
    adsets: dict[str, tuple[str, tuple[str, str] | None]] = {}
    ads: dict[str, tuple[str, tuple[str, str] | None]] = {}
    for one in figures:
        campaign = ("campaign", one.campaign_id) if one.campaign_id else None
        adset = ("adset", one.adset_id) if one.adset_id else None
        if one.campaign_id:
            campaigns[one.campaign_id] = (one.campaign_name or one.campaign_id, None)
        if one.adset_id:
            adsets[one.adset_id] = (one.adset_name or one.adset_id, campaign)
        ads[one.ad_id] = (one.ad_name or one.ad_id, adset or campaign)
    return (("campaign", campaigns), ("adset", adsets), ("ad", ads))


def _level(
    connection: Connection, account_id: int, level: str, wanted: dict[str, dict[str, Any]]
) -> dict[tuple[str, str], int]:
    held = _objects(connection, account_id, level, wanted)
    new = [
        {"account_id": account_id, "level": level, "remote_id": remote_id, **values}
        for remote_id, values in wanted.items()
        if remote_id not in held
    ]
    if new:
        connection.execute(insert(AdObject), new)
    for remote_id, row in held.items():
        values = wanted[remote_id]
        if (row.name, row.parent_id) != (values["name"], values["parent_id"]):
            connection.execute(update(AdObject).where(col(AdObject.id) == row.id).values(**values))
    found = _objects(connection, account_id, level, wanted) if new else held
    return {(level, remote_id): row.id for remote_id, row in found.items()}


def _objects(
    connection: Connection, account_id: int, level: str, remote_ids: Iterable[str]
) -> dict[str, Any]:
    table = AdObject.__table__  # type: ignore[attr-defined]
    found: dict[str, Any] = {}
    for part in chunks(remote_ids):
        rows = connection.execute(
            select(table).where(
                table.c.account_id == account_id,
                table.c.level == level,
                table.c.remote_id.in_(part),
            )
        )
        found |= {row.remote_id: row for row in rows}
    return found
