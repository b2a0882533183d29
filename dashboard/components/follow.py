"""Follows what the worker does for a page, from waiting to done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.components import db
from dashboard.components.acting import acting
from data import requests
from data.models import Request

BUSY = frozenset({"waiting", "claimed"})


@dataclass(frozen=True)
class Followed:
    """A request as it stands: what the page may know of it."""

    state: str
    progress: str | None
    result: dict[str, Any] | None
    file_name: str | None
    error: str | None
    todo: str | None
    is_to_stop: bool


def state(request_id: int) -> Followed | None:
    """The request's state now, or None where it is gone."""
    with db.read() as session:
        row = session.get(Request, request_id)
        if row is None:
            return None
        return Followed(
            row.state, row.progress, row.result, row.file_name, row.error, row.todo,
            row.stop_asked_at is not None,
        )  # fmt: skip


def follow(
    request_id: int,
    *,
    key: str,
    waiting: str = "Waiting for the worker",
    on_done: Callable[[Followed], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
    stopped: str | None = None,
) -> None:
    """Show a request's progress, then what came of it.

    Polls twice a second while it runs and draws the whole page once when it ends. `meanwhile`
    draws what can be done already, `on_done` the result; a failure shows its sentence and what
    to do. `stopped` is what to say of one that was stopped: where it is given, it can be.
    """
    now = state(request_id)
    busy = now is not None and now.state in BUSY

    @st.fragment(run_every=0.5 if busy else None, key=f"follow-{key}")
    def _poll() -> None:
        found = state(request_id)
        if found is None:
            return
        if found.state in BUSY:
            doing = "Stopping" if found.is_to_stop else found.progress or waiting
            st.markdown(f":material/progress_activity: {doing} …")
            if stopped is not None and not found.is_to_stop:
                st.button("Stop", icon=":material/stop_circle:", key=f"stop-{key}",
                          on_click=_stop, args=(request_id,))  # fmt: skip
            if meanwhile is not None:
                meanwhile()
        elif busy:
            st.rerun()
        elif found.state == "stopped":
            st.info(stopped or "Stopped.", icon=":material/stop_circle:")
        else:
            _ended(request_id, found, key, on_done)

    _poll()


def _stop(request_id: int) -> None:
    with acting(), db.write() as session:
        requests.stop(session, request_id)


def _ended(
    request_id: int, found: Followed, key: str, on_done: Callable[[Followed], None] | None
) -> None:
    if found.error:
        st.error(found.todo or "", title=found.error, icon=":material/error:")
        return
    if on_done is not None:
        on_done(found)
    if found.file_name:
        st.download_button(
            f"Download {found.file_name}",
            data=lambda: _file(request_id),
            file_name=found.file_name,
            key=f"file-{key}",
            icon=":material/download:",
            on_click="ignore",
        )


def _file(request_id: int) -> bytes:
    with db.read() as session:
        row = session.get(Request, request_id)
        return (row.file_bytes or b"") if row else b""
