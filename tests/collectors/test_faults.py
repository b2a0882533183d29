"""Each fault switch of the sandbox: what a person then sees, and that nothing is lost."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from collectors import outcomes
from collectors.collecting import claim_stream
from collectors.connect import test_now as look_again
from collectors.items import run_item
from collectors.networks.base import NetworkError
from collectors.outcomes import Outcome
from collectors.readers import READERS
from data import accounts
from data.models import Account
from data.session import open_session
from tests.collectors.conftest import CLOCK, Desk


@dataclass(frozen=True)
class Seen:
    """What a fault leaves to be seen. `error` None: collecting went on as if nothing was."""

    error: str | None
    state: str = "connected"
    todo: str | None = None
    alert: str | None = None
    options: dict[str, object] = field(default_factory=dict)


#: Faults that last until cleared, on X; the words that a person must be able to read.
LASTING = {
    "402": Seen("credit of this developer account is used up", "out_of_credit", "Add credit",
                "credit"),
    "500": Seen("trouble of its own (status 500)", todo="tried again by itself",
                alert="trouble of its own"),
    "502_html": Seen("trouble of its own (status 502)", todo="tried again by itself",
                     alert="trouble of its own"),
    "200_html": Seen("answered with a web page", todo="sign-in page", alert="a web page"),
    "not_json_huge": Seen("answered with a web page", todo="sign-in page", alert="a web page"),
    "cut": Seen("broke off in the middle", todo="tried again by itself", alert="broke off"),
    "token_expired": Seen("does not accept the token", "needs_reauth", "new token",
                          "does not accept the token"),
    "permission_lost": Seen("does not permit", "permission", "scopes", "does not permit"),
    "account_gone": Seen("does not know this account", "gone", "account's name", "does not know"),
}  # fmt: skip


@pytest.fixture
def connected(desk: Desk) -> Account:
    """X, connected, nothing read yet."""
    return desk.connect("x")


@pytest.mark.parametrize("kind", LASTING)
def test_a_fault_that_lasts_is_told_and_ends_with_its_cause(
    desk: Desk, connected: Account, kind: str
) -> None:
    seen = LASTING[kind]
    desk.sandbox.fault(kind, network="x", count=-1)
    runs = desk.collect()
    errors = [str(run["error"]) for run in runs if run["error"]]
    assert errors and seen.error is not None and seen.error in errors[0]
    assert any(seen.error in line for line in desk.said)
    assert desk.account("x").state == seen.state
    last = desk.items("posts")[-1]
    assert last.state == "failed" and seen.error in str(last.error)
    assert seen.todo is None or seen.todo in str(last.todo)
    assert seen.alert is None or any(seen.alert in title for title in desk.alerts())
    assert not any("sandbox-x-" in text for text in (*errors, *desk.said, *desk.alerts()))

    desk.sandbox.clear_faults()
    runs = desk.collect()  # an account on hold is tried once; success ends the hold
    assert [run["error"] for run in runs] == [None] * len(runs)
    assert desk.account("x").state == "connected" and desk.alerts() == []
    assert desk.remote_ids("x") == desk.published("x")


@pytest.mark.parametrize("kind", ["500", "502_html", "200_html", "cut", "not_json_huge"])
def test_a_bad_moment_is_got_over_within_the_run(desk: Desk, connected: Account, kind: str) -> None:
    desk.sandbox.fault(kind, network="x", count=2)
    runs = desk.collect()
    assert [run["error"] for run in runs] == [None] * len(runs)
    assert desk.remote_ids("x") == desk.published("x")


@pytest.mark.parametrize("kind", ["429", "429_no_reset"])
@pytest.mark.parametrize("network", ["x", "facebook"])
def test_a_used_up_quota_pauses_and_is_no_error(desk: Desk, kind: str, network: str) -> None:
    desk.connect(network)
    desk.sandbox.fault(kind, network=network, seconds=600)
    runs = desk.collect()
    assert [run["error"] for run in runs] == [None]
    account = desk.account(network)
    assert account.state == "connected" and account.paused_until is not None
    wait = account.paused_until - CLOCK
    assert timedelta(minutes=9) < wait < timedelta(minutes=16)
    item = desk.items("posts")[-1]
    assert item.state == "waiting" and item.due_at == account.paused_until
    desk.collect()
    assert desk.remote_ids(network) == []  # the pause is kept
    desk.sandbox.set_clock(account.paused_until + timedelta(seconds=1))
    desk.collect()
    assert desk.remote_ids(network) == desk.published(network)


def test_a_quota_nearly_used_keeps_the_page_and_stops(desk: Desk) -> None:
    desk.connect("facebook")
    desk.sandbox.fault("usage_90", network="facebook", count=1)
    runs = desk.collect()
    assert [run["error"] for run in runs] == [None] * len(runs)
    account = desk.account("facebook")
    assert account.paused_until is not None and account.paused_until > CLOCK
    assert desk.remote_ids("facebook") != []
    desk.sandbox.set_clock(account.paused_until + timedelta(minutes=1))
    desk.collect()
    assert set(desk.published("facebook")) <= set(desk.remote_ids("facebook"))


@pytest.mark.parametrize("kind", ["empty_page_with_next", "same_page_twice"])
@pytest.mark.parametrize("network", ["x", "facebook", "instagram"])
def test_a_list_that_stumbles_loses_no_post(desk: Desk, kind: str, network: str) -> None:
    desk.connect(network)
    desk.sandbox.fault(kind, network=network)
    runs = desk.collect()
    assert [run["error"] for run in runs] == [None] * len(runs)
    assert desk.remote_ids(network) == desk.published(network)


def test_a_post_deleted_between_two_pages_takes_no_other_with_it(desk: Desk) -> None:
    desk.connect("x")
    desk.sandbox.fault("deleted_between_pages", network="x")
    desk.collect()
    assert set(desk.published("x")) <= set(desk.remote_ids("x"))


def test_a_retired_metric_is_left_out_and_remembered(desk: Desk) -> None:
    desk.connect("facebook")
    desk.sandbox.fault("retired_metric", network="facebook", metric="post_clicks")
    runs = desk.collect()
    assert [run["error"] for run in runs] == [None] * len(runs)
    assert desk.remote_ids("facebook") == desk.published("facebook")
    assert list(desk.state("facebook", "posts").unavailable) != []


@pytest.mark.parametrize("kind", ["code_1", "code_17"])
def test_graphs_own_troubles(desk: Desk, kind: str) -> None:
    desk.connect("facebook")
    desk.sandbox.fault(kind, network="facebook")
    runs = desk.collect()
    assert [run["error"] for run in runs] == [None] * len(runs)
    account = desk.account("facebook")
    if account.paused_until is not None:
        desk.sandbox.set_clock(account.paused_until + timedelta(minutes=1))
        desk.collect()
    assert set(desk.published("facebook")) <= set(desk.remote_ids("facebook"))


def test_no_network_at_all(desk: Desk) -> None:
    account = desk.connect("x")
    with open_session(desk.engine, "test", write=True) as session:
        row = session.get(Account, account.id)
        assert row is not None
        row.base_url = "http://127.0.0.1:9"
    run = desk.run_of("posts", desk.collect())
    assert "could not be reached" in str(run["error"])
    assert "internet connection" in str(desk.items("posts")[-1].todo)
    assert desk.account("x").state == "connected"


def test_a_renamed_account_is_still_itself(desk: Desk) -> None:
    desk.connect("facebook")
    desk.collect()
    desk.sandbox.fault("account_renamed", network="facebook", handle="harbornew")
    renamed = look_again(desk.engine, desk.home, "facebook:harborfamilymed", "test")
    assert renamed.handle == "harbornew"
    runs = desk.collect("facebook:harbornew")
    assert [run["error"] for run in runs] == [None] * len(runs)


def test_only_what_was_refused_ends_a_hold_over_a_right(desk: Desk, connected: Account) -> None:
    key = accounts.account_id(connected)
    desk.sandbox.fault("permission_lost", network="x", count=1)
    desk.collect()
    assert desk.account("x").state == "permission"
    for stream, state in (("account", "permission"), ("posts", "connected")):
        item = claim_stream(desk.engine, key, stream)
        assert item is not None and run_item(desk.engine, desk.home, item).end == "done"
        assert desk.account("x").state == state


@pytest.mark.parametrize("reason", ["token", "rate_limit", "budget", "server"])
def test_an_answer_to_a_claim_that_was_lost_changes_nothing(
    desk: Desk, connected: Account, reason: str
) -> None:
    key = accounts.account_id(connected)
    item = claim_stream(desk.engine, key, "posts")
    assert item is not None
    desk.let_go()
    assert claim_stream(desk.engine, key, "posts")  # another process took it over
    outcome = Outcome(key, "posts")
    error = NetworkError("No.", reason=reason, permanent=True)  # type: ignore[arg-type]
    reader = READERS["posts"](connected, CLOCK)
    outcomes.was_refused(desk.engine, item, reader, outcome, error)
    account = desk.account("x")
    assert outcome.end == "lost" and desk.alerts() == []
    assert (account.state, account.paused_until) == ("connected", None)
    assert desk.items("posts")[-1].state == "claimed"
