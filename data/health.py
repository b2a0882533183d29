"""Whether all is well: a list of checks, each with what is so and since when.

Nothing is made or migrated by looking. A check that fails says what to do.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from data import heartbeat, migrate
from data.clock import now
from data.crypto import PRIVATE_FILE
from data.dbtime import read_db_now
from data.errors import Refused
from data.faults import refusing
from data.models import WorkerHeartbeat
from data.queries import freshness
from data.session import Engine, make_engine, open_session
from data.settings import Settings

ACTOR = "health"
#: Account figures come every six hours, posts every quarter of one: a day of silence is too long.
STALE = timedelta(hours=26)
SKEWED = timedelta(minutes=2)
LEAST_FREE_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Check:
    """One thing looked at. `since`: UTC instant since when it is so, where that is known."""

    name: str
    ok: bool
    detail: str
    since: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """The keys of `reachwell health --json`."""
        return {"name": self.name, "ok": self.ok, "detail": self.detail, "since": self.since}


def look(settings: Settings) -> list[Check]:
    """All checks; those on the database's contents only where it can be opened."""
    checks = [_disk(settings.resolved_home), _keys(settings.resolved_home)]
    try:
        checks += _database(settings)
    except Refused as refusal:
        checks.insert(0, Check("database", False, refusal.sentence()))
    return checks


def _database(settings: Settings) -> list[Check]:
    url = make_url(settings.open_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise Refused(
            f"There is no database at {url.database} yet.", "Start `make run` or `reachwell setup`."
        )
    engine = make_engine(settings.open_url)
    try:
        return list(_contents(engine, _shown(settings.open_url)))
    finally:
        engine.dispose()


def _contents(engine: Engine, shown: str) -> Iterator[Check]:
    revision = _revision(engine)
    if revision.ok:
        migrate.check_writable(engine)
    yield Check("database", True, f"{shown} can be read and written.")
    yield revision
    if not revision.ok:
        return
    with refusing(), open_session(engine, ACTOR) as session:
        yield _worker(heartbeat.alive(session), heartbeat.latest(session))
        yield _clock(now() - read_db_now(session), heartbeat.latest(session))
        yield from (_source(source) for source in freshness.sources(session))


def _revision(engine: Engine) -> Check:
    found, wanted = migrate.current(engine), migrate.head()
    if found == wanted:
        return Check("revision", True, f"Schema {found}, as this version wants it.")
    return Check(
        "revision",
        False,
        f"Schema {found or 'none'}, this version wants {wanted}. "
        "Start `make run` or `reachwell setup` of the newest version installed here.",
    )


def _worker(alive: list[WorkerHeartbeat], latest: WorkerHeartbeat | None) -> Check:
    if alive:
        who = ", ".join(f"{row.host} (process {row.pid}, {row.doing})" for row in alive)
        return Check("worker", True, f"{len(alive)} at work: {who}.", alive[0].started_at)
    todo = "Nothing is collected. Start `make run` or `reachwell worker`."
    if latest is None:
        return Check("worker", False, f"No worker has ever run. {todo}")
    return Check("worker", False, f"No worker runs. {todo}", latest.stopped_at or latest.beat_at)


def _clock(by_database: timedelta, latest: WorkerHeartbeat | None) -> Check:
    by_networks = timedelta(milliseconds=(latest and latest.clock_skew_ms) or 0)
    apart = max(by_database, by_networks, key=abs)
    if abs(apart) < SKEWED:
        return Check("clock", True, f"{abs(apart) / timedelta(seconds=1):.0f} s off at most.")
    minutes = round(abs(apart) / timedelta(minutes=1))
    way = "fast" if apart > timedelta(0) else "slow"
    return Check(
        "clock",
        False,
        f"This machine's clock is {minutes} minutes {way}. "
        "Turn on the automatic setting of date and time.",
    )


def _source(source: freshness.Source) -> Check:
    name = f"source {source.label}"
    if source.state == "paused":
        return Check(name, True, "Paused by a person.", source.last_ok_at)
    if source.failing:
        why = source.reason or source.last_error or source.state
        return Check(name, False, f"{why} See the page Connections.", source.last_error_at)
    if source.last_ok_at is None:
        return Check(name, True, "Not read yet.")
    silent = now() - source.last_ok_at
    if silent > STALE:
        hours = round(silent / timedelta(hours=1))
        return Check(name, False, f"Nothing was read for {hours} hours.", source.last_ok_at)
    return Check(name, True, "Read when it was due.", source.last_ok_at)


def _disk(home: Path) -> Check:
    free = shutil.disk_usage(next(p for p in (home, *home.parents) if p.exists())).free
    shown = f"{free / 1e9:.1f} GB free for {home}."
    if free < LEAST_FREE_BYTES:
        return Check("disk", False, f"{shown} Free some space: collecting stops when it is full.")
    return Check("disk", True, shown)


def _keys(home: Path) -> Check:
    key = home / PRIVATE_FILE
    if not key.exists():
        return Check("keys", True, "No keys yet; they are made with the first account.")
    mode = key.stat().st_mode & 0o777
    if mode & 0o077:
        return Check("keys", False, f"{key} can be read by others. Run: chmod 600 {key}")
    return Check("keys", True, f"{key} is its owner's alone.")


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)
