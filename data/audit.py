"""The audit trail in its plain form: one row per change, in the change's own transaction."""

from typing import Any

from data.clock import now
from data.models import AuditEvent
from data.session import Session


def record(
    session: Session, action: str, about: str | None = None, outcome: str = "ok", **detail: Any
) -> None:
    """Write that the session's actor did `action` to `about`. Never a token or a content."""
    session.add(
        AuditEvent(
            at=now(),
            actor=session.actor,
            action=action,
            object=about,
            outcome=outcome,
            detail=detail,
        )
    )
