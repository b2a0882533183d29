"""The practice describes itself."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from data import audit, rollups
from data.clock import now
from data.models import Practice
from data.practice_rules import DEFAULTS, checked
from data.rollups.reading import NO_ZONE
from data.session import Session


def get(session: Session) -> Practice | None:
    """The practice; None before it is described."""
    return session.get(Practice, 1)


def describe(
    session: Session, *, progress: Callable[[int, int], None] | None = None, **fields: Any
) -> Practice:
    """Make or change the practice's row: only the given fields. Refused on bad ones.

    A new zone moves every day's border: the totals are recomputed, with `progress` (posts
    done, posts in all). Audited with the names of the fields, never their contents.
    """
    practice = get(session)
    values = checked(fields)
    zone_before = NO_ZONE if practice is None else practice.zone
    if practice is None:
        practice = Practice(**{**DEFAULTS, **values}, created_at=now(), ledger_mark=uuid4().hex)
        session.add(practice)
        changed = sorted(values)
    else:
        changed = sorted(name for name in values if getattr(practice, name) != values[name])
        for name in changed:
            setattr(practice, name, values[name])
    if changed or zone_before != practice.zone:
        audit.record(session, "practice.describe", "practice", fields=changed)
    if practice.zone != zone_before:
        session.flush()
        rollups.recompute(session, progress)
    return practice
