"""10 million portal events: our run against hand-written SQL on the same file, in turns.

The reference does what ours does and nothing else: read the mapped columns, take the practice's
days, count each patient once a cell and in at most L cells a period, all tables. It keys nobody,
checks no column, releases nothing. Both run in processes of their own.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.result import Result

EVENTS, PATIENTS, DAYS, TURNS = 10_000_000, 46_743, 90, 3
KINDS = ("LOGIN", "VIEW", "MSG", "APPT", "RX", "VIDEO", "SYNC", "EDU")
MEANT = ("sign_in", "record_view", "message", "booking", "refill", "telehealth_visit",
         "wearable_sync", "education_view")  # fmt: skip
MEMORY_MB = 2_300


def run(large: bool) -> list[Result]:
    """The ratio of the times and the memory that ours took; only with --large."""
    if not large:
        return []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.parquet"
        write(file)
        ours, theirs = [], []
        for turn in range(TURNS):
            theirs.append(_child("reference", file, Path(folder), turn))
            ours.append(_child("ours", file, Path(folder), turn))
    mine, raw = (min(one["seconds"] for one in ones) for ones in (ours, theirs))
    gib = max(one["gib"] for one in ours)
    detail = (
        f"{EVENTS:,} events in {mine:.1f} s and {gib:.2f} GiB, raw DuckDB {raw:.1f} s and "
        f"{max(one['gib'] for one in theirs):.2f} GiB"
    )
    return [
        Result("10M portal events / raw DuckDB on the same file", mine / raw, 1.25, detail,
               "at most"),
        Result("the same: GiB of memory", gib, 3.0, "highest resident set", "at most"),
    ]  # fmt: skip


def write(file: Path, count: int = EVENTS) -> None:
    """A made log as Parquet: 46,743 patients over 90 days, ages, areas, topics."""
    dice = np.random.default_rng(1)
    person = dice.integers(0, PATIENTS, count)
    begin = np.datetime64("2026-01-05T05:00:00", "us")
    at = begin + dice.integers(0, DAYS * 86_400 * 10**6, count).astype("timedelta64[us]")

    def picked(labels: list[str | None], codes: object) -> pa.Array:
        return pa.array(labels, pa.string()).take(pa.array(codes))

    table = pa.table(
        {
            "pid": picked([f"P{n:08d}" for n in range(PATIENTS)], person),
            "what": picked(list(KINDS), dice.integers(0, len(KINDS), count)),
            "seen": pa.array(at, pa.timestamp("us", "UTC")),
            "age": pa.array((person * 7 % 95).astype("int16")),
            "zip": picked([f"{10_000 + n * 97 % 900:05d}" for n in range(900)], person % 900),
            "topic": picked(["sleep", "flu", "diabetes", None, None],
                            dice.integers(0, 5, count)),
        }
    )  # fmt: skip
    pq.write_table(table, file)


def _child(what: str, file: Path, folder: Path, turn: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.portal", what, str(file), str(folder / f"{what}{turn}")],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _ours(file: Path, home: Path) -> None:
    from collectors.portal import run as runs
    from collectors.portal.order import Order
    from data import practice
    from data.migrate import upgrade
    from data.privacy import mappings
    from data.session import make_engine, open_session

    said = {"patient": "pid", "event": "what", "when": "seen", "age": "age", "zip": "zip",
            "topic": "topic", "events": dict(zip(KINDS, MEANT, strict=True))}  # fmt: skip
    engine = make_engine(f"sqlite:///{home / 'desk.sqlite3'}", durable=True)
    upgrade(engine)
    with open_session(engine, "bench", write=True) as session:
        practice.describe(session, name="Hudson", zone="America/New_York", currency="USD",
                          active_patients=50_000, zip3s=["100", "101", "104", "108"])  # fmt: skip
        mappings.put(session, "made", said)
    order = Order((file,), "made", None, None, False, MEMORY_MB)
    done = runs.run(engine, "bench", home, order, lambda _text, _share: None)
    if len(done.released.jobs) < DAYS:
        raise SystemExit("not all was released")


_BANDS = (
    "CASE WHEN age >= 90 THEN 7 WHEN age >= 75 THEN 6 WHEN age >= 65 THEN 5 WHEN age >= 50 THEN 4 "
    "WHEN age >= 40 THEN 3 WHEN age >= 30 THEN 2 WHEN age >= 18 THEN 1 ELSE 0 END"
)
_TABLES = (
    ("day", "e", 4), ("week", "e::BIGINT * 9 + a", 5), ("week", "e::BIGINT * 6 + z", 5),
    ("week", "e::BIGINT * 61 + t", 6),
    ("month", "t::BIGINT * 9 + a", 6),
)  # fmt: skip


def _reference(file: Path, _home: Path) -> None:
    import duckdb

    connection = duckdb.connect(config={"memory_limit": f"{MEMORY_MB}MB", "temp_directory": ""})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(
        f"""CREATE TABLE e AS SELECT DISTINCT pid, CASE what WHEN 'LOGIN' THEN 0 WHEN 'VIEW' THEN 1
        WHEN 'MSG' THEN 2 WHEN 'APPT' THEN 3 WHEN 'RX' THEN 4 WHEN 'VIDEO' THEN 5 WHEN 'SYNC' THEN 6
        ELSE 7 END::TINYINT AS e, CAST(timezone('America/New_York', seen) AS DATE) AS day,
        ({_BANDS})::TINYINT AS a, CASE left(zip, 3) WHEN '100' THEN 0 WHEN '101' THEN 1
        WHEN '104' THEN 2 WHEN '108' THEN 3 WHEN '102' THEN 4 ELSE 5 END::TINYINT AS z,
        CASE topic WHEN 'sleep' THEN 0 WHEN 'flu' THEN 1 WHEN 'diabetes' THEN 2 ELSE 60
        END::SMALLINT AS t FROM read_parquet(?)""",  # noqa: S608 - numbers of ours
        [str(file)],
    )
    for unit, cell, most in _TABLES:
        connection.execute(
            f"""SELECT period, cell, count(*) FROM (SELECT period, cell, row_number() OVER (
            PARTITION BY pid, period ORDER BY hash(pid, cell)) AS place FROM (SELECT DISTINCT pid,
            date_trunc('{unit}', day) AS period, {cell} AS cell FROM e)) WHERE place <= {most}
            GROUP BY ALL"""  # noqa: S608 - numbers of ours
        ).fetchall()


def main() -> None:
    """One turn in this process; its time and memory as JSON."""
    import resource

    what, file, home = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    home.mkdir()
    if what == "ours":
        import ibis  # noqa: F401 - the reference imports its engine before the clock starts too

        import collectors.portal.run  # noqa: F401
    else:
        import duckdb  # noqa: F401
    begin = time.perf_counter()
    {"ours": _ours, "reference": _reference}[what](file, home)
    seconds = time.perf_counter() - begin
    gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    sys.stdout.write(json.dumps({"seconds": seconds, "gib": gib}))


if __name__ == "__main__":
    main()
