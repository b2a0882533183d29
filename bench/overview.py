"""The Overview's data against sqlite3 and orjson reading the same rollups, and its growth.

Ours ends in frames that the page can draw from, the reference in JSON bytes. The two take
turns, so that a busy machine slows both alike.
"""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import islice

import orjson
from sqlalchemy import Engine

from bench import collecting
from bench import ingest as filling
from bench.result import Result
from data.queries import overview
from data.rollups.batch import Row
from data.session import open_session

TURNS = 60
WINDOW = timedelta(days=53 * 7)  # what the page reads for a period of four weeks
_STATEMENTS = (overview.DAILY, overview.POSTS, overview.FOLLOWERS, overview.SPEND)


def run(large: bool) -> list[Result]:
    """The goals of the Overview's data; `large`: its growth from 1 to 10 million rows."""
    return [_growth()] if large else [_against_sqlite()]


def _against_sqlite() -> Result:
    made = collecting.posts(12_500, 365)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/practice.sqlite3"
        engine = filling._database(path, made)
        stored = _store(engine, islice(collecting.rows(made), 1_000_000))
        reference = sqlite3.connect(path)
        last = collecting.BEGIN.date() + timedelta(days=364)
        ours, theirs = _turns(lambda: _ours(engine, last), lambda: _reference(reference, last))
        reference.close()
        engine.dispose()
    detail = f"{stored:,} snapshots: sqlite3 + orjson {theirs:.1f} ms, ours {ours:.1f} ms"
    return Result("overview's data / sqlite3 + orjson", ours / theirs, 1.5, detail, "at most")


def _growth() -> Result:
    """Ten years of a practice: the newest year read after the first and after the tenth."""
    made = collecting.posts(125_000, 3_650)
    medians = []
    with tempfile.TemporaryDirectory() as folder:
        engine = filling._database(f"{folder}/practice.sqlite3", made)
        rows = iter(collecting.rows(made))
        for count in (1_000_000, 9_000_000):
            _store(engine, islice(rows, count))
            last = _last_day(engine)
            times = [_timed(lambda: _ours(engine, last)) for _ in range(TURNS)]  # noqa: B023
            medians.append(statistics.median(times) * 1000)
        engine.dispose()
    detail = f"{medians[0]:.1f} ms at 1M snapshots, {medians[1]:.1f} ms at 10M"
    return Result("overview at 10M / at 1M", medians[1] / medians[0], 1.2, detail, "at most")


def _store(engine: Engine, rows: Iterable[Row]) -> int:
    count = 0
    for batch in filling._batches(rows):
        filling._write(engine, batch)
        count += len(batch)
    return count


def _last_day(engine: Engine) -> date:
    """The newest day that was read: posts are filled in for all ten years beforehand."""
    newest = "SELECT max(day) FROM engagement_daily WHERE axis = 'happened'"
    with engine.connect() as connection:
        return date.fromisoformat(str(connection.exec_driver_sql(newest).scalar_one()))


def _turns(ours: Callable[[], None], theirs: Callable[[], None]) -> tuple[float, float]:
    """Medians in milliseconds."""
    ours()
    theirs()
    times = [(_timed(ours), _timed(theirs)) for _ in range(TURNS)]
    one, other = (statistics.median(column) * 1000 for column in zip(*times, strict=True))
    return one, other


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ours(engine: Engine, last: date) -> None:
    with open_session(engine, "bench") as session:
        overview.overview(session, axis="happened", first=last - WINDOW, last=last)


def _reference(connection: sqlite3.Connection, last: date) -> None:
    values = {
        "axis": "happened",
        "first": (last - WINDOW).isoformat(),
        "last": last.isoformat(),
    }
    for statement in _STATEMENTS:
        orjson.dumps(connection.execute(statement.text, values).fetchall())
