"""Change posts and keep their totals: what they added before goes out, what they add now in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection

from data.rollups import latest
from data.rollups.contributions import Folded, Subject, fold
from data.rollups.deltas import Deltas
from data.rollups.reading import snapshots, subjects, zone_of


@contextmanager
def changing(connection: Connection, post_ids: Sequence[int]) -> Iterator[None]:
    """Any change of these posts, their topics or snapshots inside; the totals follow.

    A post that is inserted inside counts as well: name its id, or see `inserted`.
    """
    zone = zone_of(connection)
    before = fold_all(connection, post_ids, zone)
    yield
    _apply(connection, before, fold_all(connection, post_ids, zone))


def inserted(connection: Connection, post_ids: Sequence[int]) -> None:
    """New posts, with whatever snapshots they have, join the totals."""
    _apply(connection, {}, fold_all(connection, post_ids, zone_of(connection)))


def counted_as_posts(connection: Connection, post_ids: Sequence[int]) -> None:
    """Posts join the totals as posts alone: their snapshots are added elsewhere."""
    zone, deltas = zone_of(connection), Deltas()
    for subject in subjects(connection, post_ids).values():
        deltas.add(subject, fold(subject, (), zone), 1)
    deltas.write(connection)


def fold_all(
    connection: Connection, post_ids: Sequence[int], zone: str
) -> dict[int, tuple[Subject, Folded]]:
    """What these posts add to the totals as they stand in the database, by id."""
    seen = snapshots(connection, post_ids)
    return {
        post_id: (subject, fold(subject, seen.get(post_id, []), zone))
        for post_id, subject in subjects(connection, post_ids).items()
    }


def _apply(
    connection: Connection,
    before: dict[int, tuple[Subject, Folded]],
    after: dict[int, tuple[Subject, Folded]],
) -> None:
    deltas = Deltas()
    for subject, folded in before.values():
        deltas.add(subject, folded, -1)
    for subject, folded in after.values():
        deltas.add(subject, folded, 1)
    deltas.write(connection)
    latest.rewrite(connection, ((post_id, folded) for post_id, (_, folded) in after.items()))
