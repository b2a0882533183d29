"""What people ask for on the pages: each request ends done, or failed with a sentence."""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from collectors import collecting, connect, outcomes, rendering
from collectors.networks.base import NetworkError
from collectors.outcomes import Outcome
from collectors.unforeseen import told
from data import accounts, demo, requests, unsealing, work
from data.errors import Refused
from data.models import Account, Request, WorkItem
from data.session import Engine, Session, open_session

log = logging.getLogger(__name__)

KEEP_SECONDS = 20.0  # the lease lasts two minutes

#: What a wish brings: its result for the page, and a file (name, bytes) where it made one.
Brought = tuple[dict[str, Any], tuple[str, bytes] | None]


class _Left(Exception):
    """A person stopped it, or the worker stops: then the next one takes it up again."""


def fulfil(engine: Engine, home: Path, request: Request, stopping: Callable[[], bool]) -> None:
    """Do one claimed request."""
    wish = _Wish(engine, home, request, stopping)
    try:
        result, file = _KINDS[request.kind](wish)
    except _Left:
        let_go = requests.stopped if wish.is_to_stop else requests.release
        _end(engine, lambda session: let_go(session, request))
        return
    except NetworkError as error:
        message, todo = str(error), error.todo
    except Exception as error:
        message, todo = told(error, f"Request {request.id}")
    else:
        _end(engine, lambda session: requests.done(session, request, result, file))
        return
    _end(engine, lambda session: requests.fail(session, request, message, todo))


def check(engine: Engine, home: Path, item: WorkItem) -> None:
    """The schedule's own look at an account: token, rights, present name."""
    error: NetworkError | None = None
    with open_session(engine, "worker") as session:
        account = accounts.get(session, item.account_id or 0)
    try:
        connect.recheck(engine, home, account, "worker", between=lambda: work.renew(engine, item))
    except NetworkError as caught:
        error = caught
    except Refused as refusal:
        outcome = Outcome(item.account_id or 0, item.stream or "")
        outcomes.broke(engine, item, outcome, str(refusal), refusal.todo)
        return
    with open_session(engine, "worker", write=True) as session:
        if error is None:
            work.finish(session, item)
        elif work.finish(session, item, state="failed", error=str(error), todo=error.todo):
            outcomes.hold_for(session, accounts.get(session, item.account_id or 0), error)


class _Wish:
    """A claimed request with what it takes to fulfil it."""

    def __init__(
        self, engine: Engine, home: Path, request: Request, stopping: Callable[[], bool]
    ) -> None:
        self.engine, self.home, self.request, self.stopping = engine, home, request, stopping
        self.payload = request.payload
        self.told = ""
        self.lost = self.is_to_stop = False
        self._kept_at = time.monotonic()

    def progress(self, text: str) -> None:
        """Say how far it is; the lease is prolonged by it."""
        self.note(text)
        if self.ends():
            raise _Left

    def note(self, text: str) -> None:
        """The same from within a run over a stream, which ends as its own rules say."""
        with open_session(self.engine, "worker", write=True) as session:
            self.lost = not requests.progress(session, self.request, text)
            self.is_to_stop = requests.is_to_stop(session, self.request)
        self._kept_at = time.monotonic()

    def keep(self) -> None:
        """Prolong the lease now and then where there is nothing to tell."""
        if time.monotonic() - self._kept_at < KEEP_SECONDS:
            return
        with open_session(self.engine, "worker", write=True) as session:
            self.lost = not requests.renew(session, self.request)
        self._kept_at = time.monotonic()

    def look(self) -> None:
        """See whether somebody asked to stop it: cheap, no lock."""
        with open_session(self.engine, "worker") as session:
            self.is_to_stop = requests.is_to_stop(session, self.request)

    def ends(self) -> bool:
        """Whether to let go: a person or the worker stops, or another one has the request."""
        return self.lost or self.is_to_stop or self.stopping()

    def account(self) -> Account:
        """The account that it is about."""
        with open_session(self.engine, "worker") as session:
            return accounts.get(session, int(self.payload["account_id"]))


def _collect(wish: _Wish) -> Brought:
    with open_session(wish.engine, "worker") as session:
        filling = demo.is_filling(session)
        wanted = (
            [accounts.get(session, int(wish.payload["account_id"]))]
            if wish.payload.get("account_id")
            else [one for one in accounts.all_accounts(session) if one.state != "paused"]
        )
    if filling:
        raise Refused("The demo is still being filled.", "Its figures come by themselves.")
    run = collecting.Collecting(
        wish.engine,
        wish.home,
        say=log.info,
        tell=lambda outcome: wish.note(f"{outcome.stream}: {outcome.pages} pages"),
        stopping=wish.ends,
        alive=wish.keep,
    )
    results = collecting.summed(run.accounts(wanted))
    if wish.ends():
        raise _Left  # what was read is stored; the rest is read when it is taken up again
    failed = list({one.account_id: one for one in reversed(results) if one.error}.values())[::-1]
    if failed and len(failed) == len(wanted):
        raise Refused(_how_many(failed, run.names, len(wanted)), failed[0].todo)
    brought: dict[str, Any] = {"runs": [collecting.as_json(one, run.names) for one in results]}
    if failed:
        brought["failed"] = _how_many(failed, run.names, len(wanted))
    return brought, None


def _how_many(failed: Sequence[Outcome], names: dict[int, str], wanted: int) -> str:
    """ "1 of 4 failed: x:…: …", or the sentence alone where one account was asked for."""
    if wanted == 1:
        return str(failed[0].error)
    told = " ".join(f"{names[one.account_id]}: {one.error}" for one in failed)
    return f"{len(failed)} of {wanted} failed: {told}"


def _connect(wish: _Wish) -> Brought:
    sealed = wish.request.secret_sealed
    if sealed is None:
        raise Refused("No token came with this.", "Paste it again.")
    wanted = connect.Wanted(
        network=str(wish.payload["network"]),
        handle=str(wish.payload["handle"]),
        token=unsealing.unseal(wish.home, sealed).decode(),
        base_url=wish.payload.get("base_url") or None,
        budget_minor=wish.payload.get("budget_minor"),
    )
    account = connect.connect(wish.engine, wish.home, wanted, wish.request.asked_by)
    return {
        "account": accounts.label(account),
        "account_id": account.id,
        "can": account.can,
        "cannot": account.cannot,
    }, None


def _test(wish: _Wish) -> Brought:
    name = accounts.label(wish.account())
    tested = connect.test_now(wish.engine, wish.home, name, wish.request.asked_by)
    return {"account": name, "can": tested.can, "cannot": tested.cannot}, None


def _render(wish: _Wish) -> Brought:
    wish.progress("Writing the file")
    campaign_id, form = int(wish.payload["campaign_id"]), str(wish.payload["format"])
    file = rendering.render(wish.engine, campaign_id, form)
    return {"file": file[0]}, file


def _fill(wish: _Wish) -> Brought:
    from collectors.demo import fill  # brings the sandbox with it: only where it is played

    def hold(session: Session, text: str) -> None:
        if wish.stopping() or not requests.progress(session, wish.request, text):
            raise _Left

    return dict(fill(wish.engine, wish.home, hold)), None


def _release_portal(wish: _Wish) -> Brought:
    from collectors.portal.wish import fulfil as release

    def tell(text: str, share: float | None) -> None:
        wish.look()
        if wish.ends():
            raise _Left
        told = text if share is None else f"{text}: {100 * share:.0f} %"
        if told != wish.told:
            wish.told = told
            wish.progress(told)
        else:
            wish.keep()

    return release(wish.engine, wish.home, wish.request, tell), None


_KINDS: dict[str, Callable[[_Wish], Brought]] = {
    "collect": _collect,
    "connect_account": _connect,
    "test_account": _test,
    "render_report": _render,
    "fill_demo": _fill,
    "portal_release": _release_portal,
}


def _end(engine: Engine, how: Callable[[Any], bool]) -> None:
    with open_session(engine, "worker", write=True) as session:
        how(session)
