"""What a page asks the worker to do. The page follows the row's progress."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, true, update
from sqlmodel import col, select

from data import audit
from data.claims import LEASE, change, claim_rows
from data.clock import now
from data.dbtime import db_now
from data.models import Request
from data.session import Session, open_session

KINDS = (
    "collect",
    "connect_account",
    "test_account",
    "render_report",
    "fill_demo",
    "portal_release",
)
UNENDED = ("waiting", "claimed")
MAX_ATTEMPTS = 5
PATIENT = frozenset({"fill_demo"})  # resumed where it stood, as often as it is interrupted


def ask(session: Session, kind: str, payload: dict[str, Any], secret: bytes | None = None) -> int:
    """Write down a wish; its id, to follow it by. `secret` is sealed already.

    What may name a patient (a file's name can) belongs into the secret: a row's former bytes
    stay in a database's free pages and its log after they were overwritten.
    """
    if kind not in KINDS:
        raise ValueError(f"no request is called {kind}")
    row = Request(
        kind=kind,
        payload=payload,
        secret_sealed=secret,
        asked_by=session.actor,
        asked_at=now(),
    )
    session.add(row)
    session.flush()
    if row.id is None:
        raise RuntimeError("the database gave no id")
    audit.record(session, f"request.{kind}", f"request:{row.id}")
    return row.id


def get(session: Session, request_id: int) -> Request | None:
    """The row, for a page that follows it."""
    return session.get(Request, request_id)


def stop(session: Session, request_id: int) -> None:
    """Ask to stop it: at once where it waits, else whoever works on it sees the wish and lets
    go. What is done by then stays done, and the row's end says which it was."""
    row = session.get(Request, request_id)
    if row is None or row.state not in UNENDED:
        return
    this, state = col(Request.id) == request_id, col(Request.state)
    asked = update(Request).where(this, state.in_(UNENDED)).values(stop_asked_at=db_now())
    ended = _ended({"state": "stopped"})
    session.execute(asked)
    session.execute(update(Request).where(this, state == "waiting").values(**ended))
    audit.record(session, "request.stop", f"request:{request_id}")


def is_to_stop(session: Session, row: Request) -> bool:
    """Whether somebody asked to stop it."""
    asked = select(Request.stop_asked_at).where(col(Request.id) == row.id)
    return session.exec(asked).one() is not None


def claim(engine: Engine, kinds: Sequence[str], worker: str) -> Request | None:
    """The oldest waiting wish of these kinds, or None. Looks before it takes the write lock."""
    with open_session(engine, "worker") as session:
        unended = col(Request.state).in_(UNENDED)
        if session.exec(select(Request.id).where(unended).limit(1)).first() is None:
            return None
    with open_session(engine, "worker", write=True) as session:
        which = col(Request.kind).in_(kinds)
        order = (col(Request.asked_at), col(Request.id))
        for row in claim_rows(session, Request, which, true(), order, 1, worker):
            if row.stop_asked_at is not None:
                stopped(session, row)
            elif row.attempts <= MAX_ATTEMPTS or row.kind in PATIENT:
                return row
            else:
                fail(
                    session,
                    row,
                    f"Tried {MAX_ATTEMPTS} times; each time the worker ended before it was done.",
                    "Ask again; should it happen again, look at `reachwell health`.",
                )
    return None


def claim_one(session: Session, request_id: int, worker: str) -> Request | None:
    """That wish alone; None where another process has it."""
    which = col(Request.id) == request_id
    rows = claim_rows(session, Request, which, true(), (col(Request.id),), 1, worker)
    return rows[0] if rows else None


def progress(session: Session, row: Request, text: str) -> bool:
    """Say how far it is and prolong the lease; False where the claim is lost."""
    return change(session, row, progress=text, lease_until=db_now(LEASE))


def renew(session: Session, row: Request) -> bool:
    """Prolong the lease; False where the claim is lost."""
    return change(session, row, lease_until=db_now(LEASE))


def done(
    session: Session,
    row: Request,
    result: dict[str, Any] | None = None,
    file: tuple[str, bytes] | None = None,
) -> bool:
    """It is done; `file` is (name, bytes). The secret goes. False where the claim is lost."""
    values: dict[str, Any] = {"state": "done", "result": result or {}, "error": None, "todo": None}
    if file is not None:
        name, content = file
        values |= {
            "file_name": name,
            "file_bytes": content,
            "file_sha256": hashlib.sha256(content).hexdigest(),
        }
    return _end(session, row, values)


def fail(session: Session, row: Request, error: str, todo: str | None = None) -> bool:
    """It failed, in a sentence, with what to do. The secret goes."""
    return _end(session, row, {"state": "failed", "error": error, "todo": todo})


def stopped(session: Session, row: Request) -> bool:
    """It was stopped before it did anything that lasts. The secret goes."""
    return _end(session, row, {"state": "stopped", "progress": None})


def release(session: Session, row: Request) -> bool:
    """Let the claim go, to be taken up again (a worker that stops)."""
    return change(session, row, state="waiting", attempt_id=None, lease_until=None, claimed_by=None)


def _end(session: Session, row: Request, values: dict[str, Any]) -> bool:
    return change(session, row, **_ended(values))


def _ended(values: dict[str, Any]) -> dict[str, Any]:
    """What a row holds at its end: no claim and no secret."""
    gone = {"finished_at": db_now(), "lease_until": None, "claimed_by": None}
    return {**values, **gone, "secret_sealed": None}
