"""What the worker's ticks and lanes do, each in transactions of its own."""

import threading
from datetime import timedelta
from pathlib import Path

from collectors import demo, runs, schedule, skew
from data import alerts, heartbeat, raw
from data.clock import now
from data.dbtime import read_db_now
from data.session import Engine, Session, open_session

ACTOR = "worker"
CLOCK_ALERT = "clock"


def begin(engine: Engine, home: Path) -> None:
    """Once per database, before any work: where nothing was set up, ask for the demo."""
    demo.fill_live(engine, home)


def plan(engine: Engine) -> None:
    """Make the slots that are due."""
    schedule.plan(engine)


def handle_one(engine: Engine, home: Path, worker: str, stopping: threading.Event) -> bool:
    """Claim one due piece of work and do it; whether there was one."""
    return runs.handle_one(engine, home, worker, stopping.is_set)


def beat(engine: Engine, worker: str, doing: str) -> None:
    """Say that we live, and whether this machine's clock can be trusted."""
    with open_session(engine, ACTOR, write=True) as session:
        ahead = skew.worse(skew.latest(), now() - read_db_now(session))
        milliseconds = None if ahead is None else round(ahead / timedelta(milliseconds=1))
        heartbeat.beat(session, worker, doing, milliseconds)
        heartbeat.sweep(session)
        _tell_of_clock(session, ahead)


def say_goodbye(engine: Engine, worker: str) -> None:
    """Say that we stop on purpose."""
    with open_session(engine, ACTOR, write=True) as session:
        heartbeat.end(session, worker)


def prune(engine: Engine, keep_days: int) -> None:
    """Drop the bodies of old raw replies; their rows stay."""
    with open_session(engine, ACTOR, write=True) as session:
        raw.prune(session, now() - timedelta(days=keep_days))


def _tell_of_clock(session: Session, ahead: timedelta | None) -> None:
    if ahead is not None and abs(ahead) >= skew.NOTICEABLE:
        alerts.raise_alert(session, CLOCK_ALERT, "warning", skew.sentence(ahead), skew.TODO)
    else:
        alerts.resolve(session, CLOCK_ALERT)
