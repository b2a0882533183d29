"""The practice's mappings of its exports' columns. What they mean is the reader's to say."""

import re
from typing import Any

from sqlmodel import col, select

from data import audit
from data.clock import now
from data.errors import Refused
from data.models import PortalMapping
from data.session import Session

TAKEN = ("fhir", "synthea")  # sources that need no mapping


def all_of(session: Session) -> list[PortalMapping]:
    """All of them, by name."""
    return list(session.exec(select(PortalMapping).order_by(col(PortalMapping.name))))


def get(session: Session, name: str) -> PortalMapping:
    """That one; Refused where there is none."""
    found = session.get(PortalMapping, name)
    if found is None:
        known = ", ".join(one.name for one in all_of(session)) or "none"
        raise Refused(
            f"There is no mapping called {name!r}; known are: {known}.",
            "Make it with `reachwell portal mapping add NAME FILE`.",
        )
    return found


def put(session: Session, name: str, mapping: dict[str, Any]) -> None:
    """Keep a mapping that was parsed before, new or instead of the one of that name."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,39}", name) or name in TAKEN:
        raise Refused(
            f"{name!r} cannot be a mapping's name.",
            "Use up to 40 small letters, digits, dots and dashes; fhir and synthea are taken.",
        )
    row = session.get(PortalMapping, name) or PortalMapping(
        name=name, changed_at=now(), changed_by=session.actor
    )
    row.mapping, row.changed_at, row.changed_by = mapping, now(), session.actor
    session.add(row)
    audit.record(session, "portal.mapping.put", f"mapping:{name}")


def remove(session: Session, name: str) -> None:
    """Take it away; what was released by it stays."""
    session.delete(get(session, name))
    audit.record(session, "portal.mapping.remove", f"mapping:{name}")
