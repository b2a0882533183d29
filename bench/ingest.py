"""Ingest with totals against the bare driver writing the same snapshot rows.

Both write into the real, migrated schema with all its indexes, batch by batch, one
transaction a batch. The two take turns, so that a busy machine slows both alike.
"""

import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine

from bench import collecting
from bench.result import Result
from data import bulk
from data.ingest.bulk import snapshots
from data.migrate import upgrade
from data.models import to_micros
from data.models.base import to_instant
from data.rollups import inserted
from data.rollups.appending import SNAPSHOT
from data.rollups.batch import Row
from data.session import make_engine
from tests import postgres

BATCH = 5000
_YEAR = 365
_POSTS = 12_500


def run(large: bool) -> list[Result]:
    """The three goals of ingest; `large`: the one at 10 million rows."""
    if large:
        return [_at_ten_million()]
    made = collecting.posts(_POSTS, _YEAR)
    hard = made[:10_000]
    pages = (page for page in collecting.by_capture(hard, 12, timedelta(hours=6)))
    every = [row for page in pages for row in page]
    return [
        _sqlite("ingest / sqlite3 executemany", 0.45, made, collecting.rows(made)),
        _sqlite("the same, where every counter of every post moves", None, hard, every),
        _psycopg(made, islice(collecting.rows(made), 100_000)),
    ]


def _sqlite(
    name: str, goal: float | None, made: list[collecting.Made], rows: Iterable[Row]
) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = _database(f"{folder}/ours.sqlite3", made), f"{folder}/bare.sqlite3"
        _database(bare, made).dispose()
        reference = _bare_sqlite(bare)
        times = [0.0, 0.0]
        count = 0
        for batch in _batches(rows):
            times[0] += _timed(lambda batch=batch: _write_bare(reference, batch))
            times[1] += _timed(lambda batch=batch: _write(ours, batch))
            count += len(batch)
        reference.close()
        ours.dispose()
    each = [f"{seconds / count * 1e6:.1f} µs" for seconds in times]
    detail = f"{count:,} snapshots: bare {each[0]} a row, ingest with totals {each[1]}"
    return Result(name, times[0] / times[1], goal, detail)


def _at_ten_million() -> Result:
    made = collecting.posts(_POSTS * 10, _YEAR * 10)
    marks = {(500_000, 1_000_000): 0.0, (9_500_000, 10_000_000): 0.0}
    with tempfile.TemporaryDirectory() as folder:
        engine, count = _database(f"{folder}/large.sqlite3", made), 0
        for batch in _batches(collecting.rows(made)):
            took = _timed(lambda batch=batch: _write(engine, batch))
            count += len(batch)
            for low, high in marks:
                marks[low, high] += took if low < count <= high else 0
        engine.dispose()
    small, big = marks.values()
    detail = f"half a million rows: {small:.1f} s up to 1M stored, {big:.1f} s up to 10M"
    return Result("ingest at 10M / at 1M rows stored", small / big, 0.8, detail)


def _psycopg(made: list[collecting.Made], rows: Iterable[Row]) -> Result:
    """Against the same rows (snapshots, newest stands, totals), same statements, executemany."""
    with _postgres() as (ours, bare):
        _fill(ours, made)
        _fill(bare, made)
        times, alone, count = [0.0, 0.0], 0.0, 0
        url = bare.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as reference:
            for batch in _batches(rows):
                with _recorded() as writes:
                    times[1] += _timed(lambda batch=batch: _write(ours, batch))
                alone += _timed(lambda w=writes[:1]: _executemany(reference, w))
                times[0] += _timed(lambda w=writes[1:]: _executemany(reference, w))
                reference.commit()
                count += len(batch)
    each = [seconds / count * 1e6 for seconds in (times[0] + alone, times[1], alone)]
    detail = (
        f"{count:,} snapshots: executemany of the same rows {each[0]:.1f} µs a snapshot "
        f"(of which {each[2]:.1f} the snapshots alone), ingest {each[1]:.1f}"
    )
    name = "PostgreSQL ingest / psycopg executemany of the same rows"
    return Result(name, each[0] / each[1], 3, detail)


Write = tuple[str, Sequence[str], bulk.Rows, str]


@contextmanager
def _recorded() -> Iterator[list[Write]]:
    """What ingest writes inside, statement by statement."""
    real, writes = bulk.write, list[Write]()

    def record(
        connection: Connection, table: str, columns: Sequence[str], rows: bulk.Rows, conflict: str
    ) -> None:
        writes.append((table, columns, rows, conflict))
        real(connection, table, columns, rows, conflict)

    bulk.write = record
    try:
        yield writes
    finally:
        bulk.write = real


def _executemany(connection: psycopg.Connection, writes: Sequence[Write]) -> None:
    with connection.cursor() as cursor:
        for table, columns, rows, conflict in writes:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) {conflict}",  # noqa: S608
                rows,
            )


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _write(engine: Engine, batch: list[Row]) -> None:
    with engine.execution_options(write=True).begin() as connection:
        snapshots(connection, batch)


def _bare_sqlite(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


_INTO = f"INSERT INTO post_snapshot ({', '.join(SNAPSHOT)}) VALUES "  # noqa: S608 - own names


def _write_bare(connection: sqlite3.Connection, batch: list[Row]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"{_INTO} ({', '.join('?' * len(SNAPSHOT))})", batch)
    connection.execute("COMMIT")


@contextmanager
def _postgres() -> Iterator[tuple[Engine, Engine]]:
    home = postgres.start()
    try:
        with (
            postgres.address(home),
            postgres.database("ours") as ours,
            postgres.database("bare") as bare,
        ):
            engines = make_engine(ours), make_engine(bare)
            yield engines
            for engine in engines:
                engine.dispose()
    finally:
        postgres.stop(home)


def _database(path: str, made: list[collecting.Made]) -> Engine:
    engine = make_engine(f"sqlite:///{Path(path)}")
    _fill(engine, made)
    return engine


def _fill(engine: Engine, made: list[collecting.Made]) -> None:
    """The practice, accounts, topics and posts that the snapshots are of."""
    upgrade(engine)
    with engine.execution_options(write=True).begin() as connection:
        at = _instant(connection, to_micros(collecting.BEGIN))
        bulk.insert(
            connection,
            "practice",
            ("id", "name", "zone", "currency", "language", *_LISTS, "is_demo", "created_at"),
            [(1, "Bench", "America/New_York", "USD", "en", *["[]"] * len(_LISTS), False, at)],
        )
        accounts = [
            (number, network, f"a{number}", f"a{number}", "connected", "[]", "[]", at)
            for number, network in enumerate(collecting.NETWORKS, 1)
        ]
        names = ("id", "network", "handle", "handle_key", "state", "can", "cannot", "created_at")
        bulk.insert(connection, "account", names, accounts)
        topics = [(number, f"topic {number}") for number in range(1, collecting.TOPICS + 1)]
        bulk.insert(connection, "topic", ("id", "name"), topics)
        bulk.insert(connection, "post", _POST, [_post(connection, post) for post in made])
        pairs = [(post.id, topic, 0, "[]") for post in made for topic in post.topics]
        bulk.insert(connection, "post_topic", ("post_id", "topic_id", "rank", "words"), pairs)
        for start in range(0, len(made), BATCH):
            inserted(connection, [post.id for post in made[start : start + BATCH]])


_LISTS = ("zip3s", "phones", "emails", "addresses", "sites", "staff")
_POST = (
    "id",
    "account_id",
    "remote_id",
    "kind",
    "published_at",
    "text",
    "links",
    "topics_by",
    "first_seen_at",
    "seen_at",
    "changed_at",
)


def _post(connection: Connection, post: collecting.Made) -> tuple[Any, ...]:
    at = _instant(connection, to_micros(post.published_at))
    return (post.id, post.account, str(post.id), post.kind, at, "text", "[]", "match", at, at, at)


def _instant(connection: Connection, micros: int) -> Any:
    return micros if connection.dialect.name == "sqlite" else to_instant(micros)
