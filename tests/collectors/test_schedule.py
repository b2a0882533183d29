"""What the schedule makes due, and what the worker's loop does with it.

Long because planning and handling are told together, as one day of the worker.
"""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from collectors import runs, schedule
from collectors.networks.x import XAdapter
from data import accounts, crypto, requests
from data.dbtime import db_now
from data.models import Account, Alert, ApiSpend, Post, Request, WorkItem
from data.session import open_session
from tests.collectors.conftest import CLOCK, Desk, rows

WORKER = "elsewhere:1:1"
HOUR = timedelta(hours=1)


def work_off(desk: Desk) -> int:
    """Everything that is due, as the worker's loop does it; how many pieces."""
    done = 0
    while runs.handle_one(desk.engine, desk.home, WORKER):
        done += 1
        assert done < 100
    return done


def streams_due(desk: Desk) -> list[str | None]:
    with open_session(desk.engine, "test") as session:
        return sorted(
            session.scalars(select(WorkItem.stream).where(WorkItem.state == "waiting")),  # type: ignore[call-overload]
            key=str,
        )


def test_a_new_account_is_read_by_itself_to_its_oldest_post(desk: Desk) -> None:
    desk.connect("x")
    schedule.plan(desk.engine)
    assert streams_due(desk) == ["account", "posts"]
    work_off(desk)
    desk.sandbox.set_clock(CLOCK + timedelta(minutes=1))
    schedule.plan(desk.engine)
    assert "backfill" in streams_due(desk)
    work_off(desk)
    assert set(desk.remote_ids("x")) == set(desk.published("x"))


def test_two_schedulers_at_one_time_make_each_slot_once(desk: Desk) -> None:
    desk.connect("x")
    desk.connect("meta_ads")
    first = schedule.plan(desk.engine)
    assert first > 0 and schedule.plan(desk.engine) == 0
    work_off(desk)
    schedule.plan(desk.engine, CLOCK + timedelta(seconds=5))
    assert streams_due(desk) == ["ads_backfill", "backfill"]  # the past, after the present


def test_what_is_on_hold_waits(desk: Desk) -> None:
    desk.connect("x")
    with open_session(desk.engine, "test", write=True) as session:
        accounts.pause(session, accounts.find(session, "x:harborfamilymed"))
    assert schedule.plan(desk.engine) == 0
    with open_session(desk.engine, "test", write=True) as session:
        account = accounts.find(session, "x:harborfamilymed")
        accounts.resume(session, account)
        accounts.pause_until(session, account, CLOCK + timedelta(minutes=20))
    assert schedule.plan(desk.engine) == 0
    assert schedule.plan(desk.engine, CLOCK + timedelta(minutes=5)) == 0
    desk.sandbox.set_clock(CLOCK + timedelta(minutes=21))
    assert schedule.plan(desk.engine) > 0


def test_posts_are_read_again_only_when_one_is_due(desk: Desk) -> None:
    desk.connect("facebook")
    desk.collect()
    schedule.plan(desk.engine)
    assert "refresh" not in streams_due(desk)
    desk.sandbox.set_clock(CLOCK + timedelta(hours=7))
    schedule.plan(desk.engine)
    assert "refresh" in streams_due(desk)
    work_off(desk)
    with open_session(desk.engine, "test") as session:
        late = session.scalars(
            select(Post.remote_id).where(Post.next_snapshot_at <= CLOCK + timedelta(hours=7))  # type: ignore[call-overload, operator]
        ).all()
    assert late == []


def test_a_post_that_the_network_no_longer_has_is_marked_and_not_asked_again(desk: Desk) -> None:
    desk.connect("x")
    desk.collect()
    newest = desk.published("x")[-1]
    desk.sandbox._app.world.feeds["x"].remove(newest)
    desk.sandbox.set_clock(CLOCK + timedelta(days=2))
    desk.collect()
    with open_session(desk.engine, "test") as session:
        post = session.scalars(select(Post).where(Post.remote_id == newest)).one()  # type: ignore[arg-type]
    assert post.deleted_at is not None and post.next_snapshot_at is None


def test_a_tokens_end_is_told_seven_days_before(desk: Desk) -> None:
    account = desk.connect("facebook")
    assert account.token_ends_at is not None
    schedule.plan(desk.engine, account.token_ends_at - timedelta(days=8))
    assert desk.alerts() == []
    schedule.plan(desk.engine, account.token_ends_at - timedelta(days=6))
    schedule.plan(desk.engine, account.token_ends_at - timedelta(days=5))
    [told] = desk.alerts()
    assert "its token ends on" in told and rows(desk.engine, Alert) == 1


def test_the_accounts_own_check_finds_a_token_that_was_revoked(desk: Desk) -> None:
    desk.connect("facebook")
    desk.sandbox.fault("token_expired", network="facebook", count=-1)
    desk.sandbox.set_clock(CLOCK + timedelta(days=1, minutes=1))
    with open_session(desk.engine, "test", write=True) as session:
        session.execute(update(Account).values(paused_until=None))
    schedule.plan(desk.engine)
    assert "check" in streams_due(desk)
    work_off(desk)
    assert desk.account("facebook").state == "needs_reauth" and len(desk.alerts()) == 1


def ask(desk: Desk, kind: str, payload: Mapping[str, object], secret: str | None = None) -> Request:
    """Ask as a page does, let the worker do it, and look at the row."""
    sealed = crypto.seal(desk.home, secret.encode()) if secret else None
    with open_session(desk.engine, "ana@example.org", write=True) as session:
        asked = requests.ask(session, kind, dict(payload), sealed)
    assert runs.handle_one(desk.engine, desk.home, WORKER)
    with open_session(desk.engine, "test") as session:
        row = requests.get(session, asked)
    assert row is not None and row.secret_sealed is None
    return row


def test_a_page_connects_tests_and_collects_through_requests(desk: Desk) -> None:
    one = desk.sandbox.accounts[0]
    payload = {"network": "x", "handle": one.handle, "base_url": desk.sandbox.url}
    row = ask(desk, "connect_account", payload, one.token)
    assert row.state == "done" and row.result is not None, row.error
    assert row.result["account"] == "x:harborfamilymed"
    key = {"account_id": row.result["account_id"]}
    assert ask(desk, "test_account", key).state == "done"
    collected = ask(desk, "collect", key)
    assert collected.state == "done" and collected.progress is not None
    assert desk.remote_ids("x") == desk.published("x")


def test_a_wish_that_fails_says_why_and_what_to_do(desk: Desk) -> None:
    one = desk.sandbox.accounts[0]
    payload = {"network": "x", "handle": one.handle, "base_url": desk.sandbox.url}
    row = ask(desk, "connect_account", payload, "not-this-one")
    assert row.state == "failed" and "does not accept the token" in str(row.error) and row.todo
    assert ask(desk, "render_report", {"campaign_id": 9, "format": "pdf"}).state == "failed"


def test_a_stop_between_two_pages_lets_the_claim_go(desk: Desk) -> None:
    desk.connect("x")
    schedule.plan(desk.engine)
    runs.handle_one(desk.engine, desk.home, WORKER, lambda: True)
    [item] = desk.items("posts")
    assert item.state == "waiting" and item.attempt_id is None and item.error is None
    work_off(desk)
    assert desk.remote_ids("x")


def test_a_claim_that_was_taken_over_meanwhile_writes_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.connect("x")
    schedule.plan(desk.engine)
    fetch = XAdapter.posts

    def while_another_takes_it(self: XAdapter, *args: object, **options: object) -> object:
        with open_session(desk.engine, "test", write=True) as session:
            session.execute(
                update(WorkItem).values(
                    attempt_id="another", lease_until=db_now(timedelta(hours=1))
                )
            )
        return fetch(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(XAdapter, "posts", while_another_takes_it)
    with open_session(desk.engine, "test", write=True) as session:
        session.execute(update(WorkItem).where(WorkItem.stream != "posts").values(state="done"))  # type: ignore[arg-type]
    runs.handle_one(desk.engine, desk.home, WORKER)
    assert rows(desk.engine, Post) == 0
    [item] = desk.items("posts")
    assert (item.state, item.attempt_id, item.pages) == ("claimed", "another", 0)


def test_xs_budget_stops_reading_with_a_sentence_until_it_is_raised(desk: Desk) -> None:
    account = desk.connect("x", budget_minor=500)
    with open_session(desk.engine, "test", write=True) as session:
        key = accounts.account_id(account)
        spent = ApiSpend(account_id=key, day=CLOCK.date(), kind="before", cost_micros=5_000_000)
        session.add(spent)
    runs_ = desk.collect()
    assert [run["error"] for run in runs_] == [None] and desk.remote_ids("x") == []
    assert any("$5.00 is used up" in line for line in desk.said)
    assert any("budget of $5.00" in title for title in desk.alerts())
    paused = desk.account("x").paused_until
    assert paused is not None and (paused.month, paused.day) == (10, 1)
    set_budget(desk, 400)
    assert desk.account("x").paused_until == paused and desk.alerts() != []
    set_budget(desk, 900)
    raised = desk.account("x")
    assert (raised.paused_until, raised.state_reason, desk.alerts()) == (None, None, [])
    desk.collect()
    assert desk.remote_ids("x") == desk.published("x") and desk.alerts() == []


def set_budget(desk: Desk, cents: int) -> None:
    with open_session(desk.engine, "ana@example.org", write=True) as session:
        accounts.set_budget(session, accounts.find(session, "x:harborfamilymed"), cents)


def test_a_higher_budget_leaves_the_pause_that_the_network_asked_for(desk: Desk) -> None:
    desk.connect("x", budget_minor=500)
    until = CLOCK + timedelta(minutes=20)
    with open_session(desk.engine, "test", write=True) as session:
        accounts.pause_until(session, accounts.find(session, "x:harborfamilymed"), until)
    set_budget(desk, 900)
    assert desk.account("x").paused_until == until


def test_a_new_month_ends_the_budgets_alert(desk: Desk) -> None:
    account = desk.connect("x", budget_minor=500)
    with open_session(desk.engine, "test", write=True) as session:
        key = accounts.account_id(account)
        session.add(
            ApiSpend(account_id=key, day=CLOCK.date(), kind="before", cost_micros=5_000_000)
        )
    desk.collect()
    assert len(desk.alerts()) == 1
    desk.sandbox.set_clock(CLOCK + timedelta(days=16))
    desk.collect()
    assert desk.remote_ids("x") and desk.alerts() == []


def ask_all(desk: Desk) -> int:
    """ "Collect now", not yet taken up."""
    with open_session(desk.engine, "ana@example.org", write=True) as session:
        return requests.ask(session, "collect", {})


def wish(desk: Desk, asked: int) -> Request:
    with open_session(desk.engine, "test") as session:
        row = requests.get(session, asked)
    assert row is not None
    return row


def test_a_stop_amid_collect_now_leaves_the_wish_to_the_next_worker(desk: Desk) -> None:
    desk.connect("x")
    desk.connect("facebook")
    asked = ask_all(desk)

    def after_a_page() -> bool:
        return rows(desk.engine, Post) > 0

    assert runs.handle_one(desk.engine, desk.home, WORKER, after_a_page)
    row = wish(desk, asked)
    assert (row.state, row.error, row.attempt_id) == ("waiting", None, None)
    stopped = [item for stream in ("posts", "refresh", "account") for item in desk.items(stream)]
    assert {item.error for item in stopped} == {None} and len(stopped) == 1
    assert desk.remote_ids("x") == []  # its turn had not come
    assert runs.handle_one(desk.engine, desk.home, WORKER)
    assert wish(desk, asked).state == "done"
    assert desk.remote_ids("x") == desk.published("x")


def test_a_wish_that_another_worker_took_over_is_let_go(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.connect("x")
    asked = ask_all(desk)
    fetch = XAdapter.posts

    def while_another_takes_it(self: XAdapter, *args: object, **options: object) -> object:
        with open_session(desk.engine, "test", write=True) as session:
            later = db_now(timedelta(hours=1))
            session.execute(update(Request).values(attempt_id="another", lease_until=later))
        return fetch(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(XAdapter, "posts", while_another_takes_it)
    assert runs.handle_one(desk.engine, desk.home, WORKER)
    row = wish(desk, asked)
    assert (row.state, row.attempt_id, row.error) == ("claimed", "another", None)
    [item] = desk.items("posts")
    assert item.state in ("waiting", "done") and item.error is None


def test_collect_now_says_how_many_accounts_failed(desk: Desk) -> None:
    desk.connect("facebook")
    desk.connect("x")
    desk.sandbox.fault("token_expired", network="facebook", count=-1)
    row = ask(desk, "collect", {})
    assert row.state == "done" and row.result is not None
    assert row.result["failed"].startswith("1 of 2 failed: facebook:harborfamilymed: ")
    desk.sandbox.fault("token_expired", network="x", count=-1)
    row = ask(desk, "collect", {})
    assert row.state == "failed" and str(row.error).startswith("2 of 2 failed: ") and row.todo
