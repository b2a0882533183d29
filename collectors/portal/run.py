"""One run: read the files, count, release. It happens in a process of its own (`child`)."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from collectors.portal import inputs, run_checks
from collectors.portal.counting import count
from collectors.portal.inputs import Input
from collectors.portal.mapping import Mapping as ColumnMapping
from collectors.portal.mapping import parse
from collectors.portal.order import Order, Tell
from collectors.portal.staging import Lists, Staging, finish, open_staging
from collectors.portal.watching import Progress
from content.topics.vocabulary import topic_names
from data import practice
from data.clock import local_day, now
from data.errors import Refused
from data.models import PortalMapping, Practice
from data.privacy import mappings
from data.privacy.planning import Plan, Wanted
from data.privacy.releasing import Released, plan_now, release
from data.session import Engine, open_session

MOST_DAYS = 400


@dataclass(frozen=True)
class Outcome:
    """What was released and why the rest was not; what was left out is for the runner's eyes."""

    released: Released
    left_out: dict[str, int]


def run(
    engine: Engine,
    actor: str,
    home: Path,
    order: Order,
    tell: Tell,
    before_writing: Callable[[], object] = lambda: None,
) -> Outcome:
    """Do it. Refused where nothing of it can be; all else comes back with its reasons.

    `before_writing` is called once, when it can no longer be stopped.
    """
    described, files = _look(engine, order)
    topics, today = topic_names(), local_day(now(), described.zone)
    keys = inputs.keys_of(files, described.zip3s, topics)
    if not keys.event:
        raise Refused(
            "None of these files tells of an event that is counted.",
            "Add one that does: AuditEvent, Encounter, Observation, or a table with a mapping.",
        )

    def wanted(first: date, last: date) -> Wanted:
        _check_days(first, last, today, order)
        source = inputs.source_of(files)
        return Wanted(
            source, first, last, described.zone, described.active_patients, keys, today,
            order.correct, order.asked_at,
        )  # fmt: skip

    if order.first and order.last:
        early = wanted(order.first, order.last)
        plan = _plan(engine, home, early)
        if not plan.jobs:
            return Outcome(Released([], plan.refusals, []), {})
    staging = open_staging(Lists(described.zone, topics, keys.zip3), order.memory_mb)
    _read(staging, files, tell)
    whole = wanted(*_days(staging, order))
    plan = _plan(engine, home, whole)
    tell("Counting", 0.0)
    staging.progress = Progress(partial(tell, "Counting"))
    with staging.watched(0.0, 1.0):
        counts = count(staging, plan.jobs, keys)
    before_writing()
    tell("Releasing", None)
    done = release(engine, actor, home, whole, counts)
    return Outcome(done, dict(staging.left_out))


def _look(engine: Engine, order: Order) -> tuple[Practice, list[Input]]:
    with open_session(engine, "machine") as session:
        described = practice.get(session)
        if described is None:
            raise Refused("The practice is not described yet.", "Run `reachwell setup` first.")
        if order.mapping is not None:
            mappings.get(session, order.mapping)
        rows = mappings.all_of(session)
    return described, inputs.choose(order.files, _parsed(rows, order.mapping), order.mapping)


def _parsed(rows: Sequence[PortalMapping], wanted: str | None) -> dict[str, ColumnMapping]:
    """The wanted mapping, else all that can be used: a stale one stops nobody else's run."""
    found: dict[str, ColumnMapping] = {}
    for row in rows:
        if wanted is None:
            with suppress(Refused):
                found[row.name] = parse(row.mapping, topic_names())
        elif row.name == wanted:
            found[row.name] = parse(row.mapping, topic_names())
    return found


def _plan(engine: Engine, home: Path, wanted: Wanted) -> Plan:
    with open_session(engine, "machine") as session:
        return plan_now(session, home, wanted)


def _check_days(first: date, last: date, today: date, order: Order) -> None:
    if first > last:
        raise Refused(f"{first} comes after {last}.", "Give --from and --through in their order.")
    if last > today:
        what = "--through" if order.last else "The newest event"
        raise Refused(f"{what} lies in the future.", "Give a --through that is over.")
    if order.first is None and (last - first).days >= MOST_DAYS:
        raise Refused(
            f"The events span more than {MOST_DAYS} days, too long to be taken for what the files "
            "cover.",
            "Say from which day on they are complete: --from 2026-01-01.",
        )


def _read(staging: Staging, files: Sequence[Input], tell: Tell) -> None:
    whole = sum(one.path.stat().st_size for one in files) or 1
    before = 0
    tell("Reading", 0.0)
    staging.progress = Progress(partial(tell, "Reading"))
    for one in files:
        size = one.path.stat().st_size
        with staging.progress.part(before / whole, (before + size) / whole):
            one.stage(staging)
        before += size
    run_checks.check(staging)
    finish(staging)


def _days(staging: Staging, order: Order) -> tuple[date, date]:
    """What the input covers: as said, else from the first to the last counted event's day."""
    ((first, last),) = staging.rows("SELECT min(day), max(day) FROM events")
    first, last = order.first or first, order.last or last
    if first is None or last is None:
        raise Refused(
            "No event in these files is counted" + _why(staging) + ".",
            "Say what they cover with --from and --through if that is right.",
        )
    return first, last


def _why(staging: Staging) -> str:
    """What was left out, in words for the runner."""
    told = [f"{count:,} × {reason}" for reason, count in staging.left_out.most_common() if count]
    return f" ({'; '.join(told)})" if told else ""
