"""Collect now: every stream of an account to its end or its pause, in this process."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from collectors.items import run_item
from collectors.outcomes import Outcome
from collectors.progress import Line
from collectors.stream_run import never, say_nothing
from data import accounts, demo, work
from data.claimant import this_process
from data.clock import now
from data.errors import Refused
from data.models import Account, WorkItem
from data.schedule_times import COLLECT, PART_OF, STREAMS_OF
from data.session import Engine, Session, open_session

LOOK_AGAIN_SECONDS = 0.5
#: An item lasts no longer than its turn; a process that hangs loses its lease within two minutes.
PATIENCE_SECONDS = 300.0


@dataclass
class Collecting:
    """How to collect. `say` hears a line for people, `tell` each page's outcome.

    `alive` is called between two streams and while another process is waited for.
    """

    engine: Engine
    home: Path
    say: Callable[[str], None]
    tell: Callable[[Outcome], None] = say_nothing
    stopping: Callable[[], bool] = never
    alive: Callable[[], None] = lambda: None
    names: dict[int, str] = field(default_factory=dict)

    def accounts(self, wanted: Sequence[Account]) -> list[Outcome]:
        """One account after the other; one's failure stops no other."""
        found: list[Outcome] = []
        for account in wanted:
            self.names[accounts.account_id(account)] = accounts.label(account)
            found += self._account(account)
            if self.stopping():
                break
        return found

    def _account(self, account: Account) -> list[Outcome]:
        key = accounts.account_id(account)
        outcomes: list[Outcome] = []
        for stream in STREAMS_OF.get(account.network, ()):
            self.alive()
            outcome = self._waits(key, stream) or self._stream(key, stream)
            outcomes.append(outcome)
            if outcome.held or outcome.end in ("paused", "left") or self.stopping():
                break
        return outcomes

    def _waits(self, key: int, stream: str) -> Outcome | None:
        """A pause that the network asked for is kept."""
        with open_session(self.engine, "worker") as session:
            account = accounts.get(session, key)
        until = account.paused_until
        if until is None or until <= now():
            return None
        note = f"{accounts.label(account)}: paused until {until:%Y-%m-%d %H:%M} UTC."
        self.say(f"{note} {account.state_reason or ''}".strip())
        return Outcome(key, stream, end="paused", note=note)

    def _stream(self, key: int, stream: str) -> Outcome:
        item = self._claim(key, stream)
        outcome = self._not_had(key, stream) if item is None else self._run(item)
        name = f"{self.names[key]} {stream}"
        if outcome.error:
            self.say(f"{name}: {outcome.error} {outcome.todo or ''}".strip())
        elif outcome.note:
            self.say(f"{name}: {outcome.note}")
        return outcome

    def _run(self, item: WorkItem) -> Outcome:
        outcome = run_item(
            self.engine, self.home, item, self.stopping, turn_seconds=None, tell=self.tell
        )
        if outcome.end == "lost" and outcome.error is None:
            outcome.error = "Another process took this over before it was read to its end."
            outcome.todo = "See on the page Activity what became of it, or collect again."
        return outcome

    def _not_had(self, key: int, stream: str) -> Outcome:
        """It could not be claimed: we are to stop, or another process would not end."""
        if self.stopping():
            return Outcome(key, stream, end="left")
        return Outcome(
            key,
            stream,
            end="failed",
            error="Another process has been reading this for a long time.",
            todo="Look at the page Activity, or try again later.",
        )

    def _claim(self, key: int, stream: str) -> WorkItem | None:
        """The stream's waiting item, or one of our own; None where a running one did not end."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        told = False
        while time.monotonic() < deadline and not self.stopping():
            item = claim_stream(self.engine, key, stream)
            if item is not None:
                return item
            if not told:
                self.say(f"{self.names[key]} {stream}: another process reads it; waiting for it.")
                told = True
            time.sleep(LOOK_AGAIN_SECONDS)
            self.alive()
        return None


def collect_now(engine: Engine, home: Path, name: str | None) -> list[dict[str, object]]:
    """`reachwell collect`: the named account, or all that no person paused; the runs."""
    with open_session(engine, "machine") as session:
        wanted = _wanted(session, name)
        filling = demo.is_filling(session)
    if filling and any(one.base_url == demo.ADDRESS for one in wanted):
        raise Refused("The demo is still being filled.", "Its figures come by themselves.")
    line = Line()
    if not wanted:
        line.say(_why_none(engine))
    run = Collecting(engine, home, say=line.say)
    run.tell = lambda outcome: line.show(
        f"{run.names[outcome.account_id]} {outcome.stream}: {outcome.pages} pages, "
        f"{outcome.inserted} new"
    )
    with line:
        return [as_json(one, run.names) for one in summed(run.accounts(wanted))]


def _why_none(engine: Engine) -> str:
    with open_session(engine, "machine") as session:
        if accounts.all_accounts(session):
            return "Every account is paused: `reachwell accounts resume ACCOUNT` ends that."
    return (
        "No account is connected: connect one on the page Connections, "
        "or with `reachwell accounts add`."
    )


def _wanted(session: Session, name: str | None) -> list[Account]:
    if name is None:
        return [one for one in accounts.all_accounts(session) if one.state != "paused"]
    account = accounts.find(session, name)
    if account.state == "paused":
        raise Refused(
            f"{accounts.label(account)} is paused.",
            f"Run `reachwell accounts resume {accounts.label(account)}` first.",
        )
    return [account]


def claim_stream(engine: Engine, account_id: int, stream: str) -> WorkItem | None:
    """Claim one account's stream now, due or not; None while another process runs it."""
    with open_session(engine, "worker", write=True) as session:
        work.free_dead(session)
        waiting = work.waiting(session, account_id, stream)
        if waiting is None:
            key = work.slot_key(account_id, stream, f"asked-{uuid4().hex}")
            work.ensure_slot(session, COLLECT, key, account_id, stream, now())
            waiting = work.waiting(session, account_id, stream)
        if waiting is None:
            return None
        claimed = work.claim_in(session, (COLLECT,), 1, this_process(), only=waiting)
        return claimed[0] if claimed else None


def summed(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """One outcome a stream: reading the past is part of reading the present."""
    merged: dict[tuple[int, str], Outcome] = {}
    for one in outcomes:
        stream = PART_OF.get(one.stream, one.stream)
        total = merged.setdefault((one.account_id, stream), Outcome(one.account_id, stream))
        total.pages += one.pages
        total.error = total.error or one.error
        total.todo = total.todo or one.todo
        total.end = one.end if total.end == "done" else total.end
        if stream != "account":  # posts and ad days are counted, not an account's own figures
            total.inserted += one.inserted
            total.updated += one.updated
            total.unchanged += one.unchanged
    return list(merged.values())


def as_json(outcome: Outcome, names: dict[int, str]) -> dict[str, object]:
    """A run as `reachwell collect --json` and a request's result tell it."""
    return {
        "account": names[outcome.account_id],
        "stream": outcome.stream,
        "pages": outcome.pages,
        "inserted": outcome.inserted,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "error": outcome.error,
    }
