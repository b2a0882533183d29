"""What a person should know: one open alert per key."""

from sqlmodel import col, select

from data.clock import now
from data.models import Alert
from data.session import Session


def raise_alert(
    session: Session,
    key: str,
    severity: str,
    title: str,
    todo: str | None = None,
    account_id: int | None = None,
) -> Alert:
    """Open an alert, or bring the open one of that key up to date (it keeps its time)."""
    if severity not in ("info", "warning", "error"):
        raise ValueError(f"no severity is called {severity}")
    alert = _open_one(session, key)
    if alert is None:
        alert = Alert(
            key=key, severity=severity, title=title, raised_at=now(), account_id=account_id
        )
    alert.severity, alert.title, alert.todo = severity, title, todo
    session.add(alert)
    session.flush()
    return alert


def resolve(session: Session, key: str) -> bool:
    """Close the open alert of that key; whether there was one."""
    alert = _open_one(session, key)
    if alert is None:
        return False
    alert.resolved_at = now()
    session.add(alert)
    return True


def resolve_all(session: Session, prefix: str) -> int:
    """Close the open alerts whose key begins so."""
    found = session.exec(
        select(Alert).where(col(Alert.key).startswith(prefix), col(Alert.resolved_at).is_(None))
    ).all()
    for alert in found:
        alert.resolved_at = now()
        session.add(alert)
    return len(found)


def open_alerts(session: Session) -> list[Alert]:
    """The open ones: errors first, then warnings, each newest first."""
    rows = session.exec(
        select(Alert).where(col(Alert.resolved_at).is_(None)).order_by(col(Alert.raised_at).desc())
    ).all()
    rank = {"error": 0, "warning": 1, "info": 2}
    return sorted(rows, key=lambda alert: rank[alert.severity])


def _open_one(session: Session, key: str) -> Alert | None:
    return session.exec(
        select(Alert).where(Alert.key == key, col(Alert.resolved_at).is_(None))
    ).first()
