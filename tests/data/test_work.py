"""Claims: never twice, lost with the lease, free at once when the claimant is gone."""

import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update

from data import requests, work
from data.claimant import host, is_dead, start_of, this_process
from data.clock import now
from data.dbtime import db_now, read_db_now
from data.models import Request, WorkItem
from data.session import open_session

FULL = os.environ.get("DRILLS") == "full"
KIND = "drill"


def make(engine: Engine, count: int, **values: object) -> None:
    with open_session(engine, "test", write=True) as session:
        for number in range(count):
            work.ensure_slot(session, KIND, f"{KIND}:{number}", None, None, now())
        if values:
            session.execute(update(WorkItem).values(**values))


def claim(engine: Engine, worker: str = "elsewhere:1:1", limit: int = 1) -> list[WorkItem]:
    return work.claim(engine, [KIND], limit, worker)


def test_two_schedulers_make_one_row(engine: Engine) -> None:
    with open_session(engine, "test", write=True) as session:
        made = [
            work.ensure_slot(session, KIND, "collect:1:posts:2026-01-01", None, "posts", now())
            for _ in range(2)
        ]
    assert made == [True, False]


def test_a_claimed_item_is_nobody_elses_until_its_lease_ends(engine: Engine) -> None:
    make(engine, 1)
    [mine] = claim(engine)
    assert mine.state == "claimed" and mine.attempts == 1
    assert claim(engine, "other:1:1") == []
    with open_session(engine, "test", write=True) as session:
        session.execute(update(WorkItem).values(lease_until=db_now(-timedelta(seconds=1))))
    [theirs] = claim(engine, "other:1:1")
    assert theirs.attempt_id != mine.attempt_id and theirs.attempts == 2


def test_a_lost_claim_changes_nothing(engine: Engine) -> None:
    make(engine, 1)
    [mine] = claim(engine)
    with open_session(engine, "test", write=True) as session:
        session.execute(update(WorkItem).values(lease_until=db_now(-timedelta(seconds=1))))
    assert not work.renew(engine, mine)  # the lease has ended: it may be another's any moment
    claim(engine, "other:1:1")
    with open_session(engine, "test", write=True) as session:
        assert not work.finish(session, mine)
        assert not work.release(session, mine)
        assert not work.count_page(session, mine, 1, 1, 1)
    with open_session(engine, "test") as session:
        row = session.scalars(select(WorkItem)).one()
        assert (row.state, row.claimed_by, row.pages) == ("claimed", "other:1:1", 0)


def test_a_renewed_lease_lasts_two_minutes_of_database_time(engine: Engine) -> None:
    make(engine, 1)
    [mine] = claim(engine)
    assert work.renew(engine, mine)
    with open_session(engine, "test") as session:
        row = session.scalars(select(WorkItem)).one()
        assert row.lease_until is not None
        left = row.lease_until - read_db_now(session)
    assert timedelta(seconds=110) < left <= timedelta(seconds=120)


def test_what_is_not_due_waits_and_the_longest_due_goes_first(engine: Engine) -> None:
    with open_session(engine, "test", write=True) as session:
        for name, minutes in (("later", 5), ("first", -10), ("second", -1)):
            due = now() + timedelta(minutes=minutes)
            work.ensure_slot(session, KIND, name, None, None, due)
    assert [one.slot_key for one in claim(engine, limit=5)] == ["first", "second"]


def test_a_claim_of_a_process_that_is_gone_is_free_at_once(engine: Engine) -> None:
    make(engine, 1)
    code = "from data.claimant import this_process; print(this_process())"
    gone = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert claim(engine, gone) and claim(engine, this_process())


def test_a_number_that_another_process_has_now_does_not_keep_a_claim() -> None:
    assert not is_dead(this_process())
    assert is_dead(f"{host()}:{os.getpid()}:{start_of(os.getpid())}0")
    assert not is_dead("another-machine:1:1")


def test_a_live_process_keeps_its_claim(engine: Engine) -> None:
    make(engine, 1)
    assert claim(engine, this_process())
    assert claim(engine, "other:1:1") == []


def test_a_wish_is_done_once_and_its_secret_goes(engine: Engine) -> None:
    with open_session(engine, "ana@example.org", write=True) as session:
        asked = requests.ask(session, "connect_account", {"network": "x"}, secret=b"sealed")
    row = requests.claim(engine, requests.KINDS, "w:1:1")
    assert row is not None and row.id == asked and row.secret_sealed == b"sealed"
    assert requests.claim(engine, requests.KINDS, "w:2:2") is None
    with open_session(engine, "worker", write=True) as session:
        assert requests.progress(session, row, "half")
        assert requests.done(session, row, {"ok": True}, ("a.pdf", b"%PDF"))
        assert not requests.done(session, row)
    with open_session(engine, "test") as session:
        ended = session.get(Request, asked)
        assert ended is not None and ended.state == "done" and ended.secret_sealed is None
        assert ended.result == {"ok": True} and ended.file_bytes == b"%PDF"


def test_a_wish_that_ends_every_worker_is_given_up_with_a_sentence(engine: Engine) -> None:
    with open_session(engine, "test", write=True) as session:
        asked = requests.ask(session, "render_report", {})
    for _ in range(requests.MAX_ATTEMPTS):
        assert requests.claim(engine, requests.KINDS, f"{host()}:999999999:0") is not None
    assert requests.claim(engine, requests.KINDS, "w:1:1") is None
    with open_session(engine, "test") as session:
        row = session.get(Request, asked)
        assert row is not None and row.state == "failed" and "worker ended" in str(row.error)


def _asked(engine: Engine, kind: str = "portal_release") -> int:
    with open_session(engine, "ana@example.org", write=True) as session:
        return requests.ask(session, kind, {}, secret=b"sealed")


def _stop(engine: Engine, asked: int) -> None:
    with open_session(engine, "ana@example.org", write=True) as session:
        requests.stop(session, asked)


def _wish(engine: Engine, asked: int) -> Request:
    with open_session(engine, "test") as session:
        row = session.get(Request, asked)
        assert row is not None
        return row


def test_a_wish_that_waits_is_stopped_at_once(engine: Engine) -> None:
    asked = _asked(engine)
    _stop(engine, asked)
    ended = _wish(engine, asked)
    assert (ended.state, ended.secret_sealed, ended.finished_at is None) == ("stopped", None, False)
    assert requests.claim(engine, requests.KINDS, "w:1:1") is None


def test_who_works_on_a_wish_sees_that_it_is_to_stop(engine: Engine) -> None:
    asked = _asked(engine)
    row = requests.claim(engine, requests.KINDS, "w:1:1")
    assert row is not None
    with open_session(engine, "worker") as session:
        assert not requests.is_to_stop(session, row)
    _stop(engine, asked)
    with open_session(engine, "worker", write=True) as session:
        assert requests.is_to_stop(session, row)
        assert requests.stopped(session, row)
    ended = _wish(engine, asked)
    assert (ended.state, ended.secret_sealed, ended.finished_at is None) == ("stopped", None, False)


def test_what_was_done_before_the_stop_was_seen_stays_done(engine: Engine) -> None:
    asked = _asked(engine)
    row = requests.claim(engine, requests.KINDS, "w:1:1")
    assert row is not None
    _stop(engine, asked)
    with open_session(engine, "worker", write=True) as session:
        assert requests.done(session, row, {"releases": 3})
    _stop(engine, asked)
    ended = _wish(engine, asked)
    assert (ended.state, ended.result) == ("done", {"releases": 3})


def test_a_stopped_wish_whose_worker_died_is_not_begun_again(engine: Engine) -> None:
    asked = _asked(engine, "collect")
    assert requests.claim(engine, requests.KINDS, f"{host()}:999999999:0") is not None
    _stop(engine, asked)
    assert requests.claim(engine, requests.KINDS, "w:1:1") is None
    ended = _wish(engine, asked)
    assert (ended.state, ended.secret_sealed) == ("stopped", None)


CLAIMER = """
import sys
from data import work
from data.claimant import this_process
from data.errors import Refused
from data.faults import refusing
from data.session import make_engine
engine = make_engine(sys.argv[1])
items = True
while items:
    try:
        with refusing():
            items = work.claim(engine, ["drill"], int(sys.argv[2]), this_process())
    except Refused:  # locked for 30 s on a crowded machine: try again, as a worker does
        continue
    for item in items:
        print(item.id)
"""


@pytest.mark.drill
def test_four_processes_claim_every_row_once(engine: Engine, database_url: str) -> None:
    number = 5000 if FULL else 2000
    make(engine, number)
    claimers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMER, database_url, "20"], stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    taken = Counter(line for one in claimers for line in one.communicate()[0].split())
    assert [one.returncode for one in claimers] == [0] * 4
    assert len(taken) == number and set(taken.values()) == {1}
