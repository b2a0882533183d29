"""Collecting: everything that stands at the network, once; then only what is new or due."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from collectors import collecting
from collectors.collecting import Collecting
from collectors.outcomes import Outcome
from data import accounts
from data.models import AdDaily, WorkItem
from data.session import open_session
from tests.collectors.conftest import CLOCK, Desk, rows, snapshots

NETWORKS = ("x", "facebook", "instagram")


@pytest.mark.parametrize("network", NETWORKS)
def test_a_first_collect_brings_every_post_and_a_second_inserts_nothing(
    desk: Desk, network: str
) -> None:
    desk.connect(network)
    first = desk.run_of("posts", desk.collect())
    assert desk.remote_ids(network) == desk.published(network)
    assert first["inserted"] == len(desk.published(network)) and first["error"] is None
    before = snapshots(desk.engine)
    again = desk.collect()
    assert [run["inserted"] for run in again] == [0] * len(again)
    assert [run["error"] for run in again] == [None] * len(again)
    assert snapshots(desk.engine) - before <= 1  # the newest post may be read once more


def test_ads_come_with_their_days_and_a_second_collect_inserts_none(desk: Desk) -> None:
    desk.connect("meta_ads")
    first = desk.run_of("ads", desk.collect())
    assert first["inserted"] == rows(desk.engine, AdDaily) > 100
    assert desk.state("meta_ads", "ads").backfill_done_at is not None
    again = desk.run_of("ads", desk.collect())
    assert again["inserted"] == 0 and again["error"] is None


def test_what_was_published_since_is_found(desk: Desk) -> None:
    desk.connect("x")
    desk.collect()
    desk.sandbox.set_clock(CLOCK + timedelta(days=3))
    run = desk.run_of("posts", desk.collect())
    assert desk.remote_ids("x") == sorted({*desk.remote_ids("x"), *desk.published("x")})
    assert run["inserted"] and set(desk.published("x")) <= set(desk.remote_ids("x"))


def test_known_posts_are_read_again_when_they_are_due(desk: Desk) -> None:
    desk.connect("facebook")
    runs = desk.collect()
    assert desk.run_of("refresh", runs)["pages"] == 0
    before = snapshots(desk.engine)
    desk.sandbox.set_clock(CLOCK + timedelta(days=1, minutes=1))
    assert desk.run_of("refresh", desk.collect())["pages"]
    assert snapshots(desk.engine) > before + 15


def test_a_run_that_was_cut_off_between_new_and_known_posts_leaves_no_gap(desk: Desk) -> None:
    """The watermark trap: the newest page is stored, then the process ends."""
    desk.connect("x")
    desk.collect()
    desk.sandbox.set_clock(CLOCK + timedelta(days=150))  # more than one page of 100
    pages = 0

    def end_after_a_page(outcome: Outcome) -> None:
        nonlocal pages
        pages += 1
        raise KeyboardInterrupt

    with open_session(desk.engine, "test") as session:
        wanted = accounts.all_accounts(session)
    run = Collecting(desk.engine, desk.home, say=lambda _: None, tell=end_after_a_page)
    with pytest.raises(KeyboardInterrupt):
        run.accounts(wanted)
    assert pages == 1 and not set(desk.published("x")) <= set(desk.remote_ids("x"))
    desk.let_go()
    desk.collect()
    assert set(desk.published("x")) <= set(desk.remote_ids("x"))


def test_a_backfill_can_be_stopped_and_resumed(desk: Desk) -> None:
    desk.connect("x")
    with open_session(desk.engine, "test", write=True) as session:
        accounts.stop_backfill(session, accounts.find(session, "x:harborfamilymed"))
    desk.collect()
    assert len(desk.remote_ids("x")) == 100 < len(desk.published("x"))
    assert desk.state("x", "posts").cursor is not None
    with open_session(desk.engine, "test", write=True) as session:
        accounts.resume_backfill(session, accounts.find(session, "x:harborfamilymed"))
    desk.collect()
    assert desk.remote_ids("x") == desk.published("x")
    state = desk.state("x", "posts")
    assert (state.items, state.pages) == (len(desk.published("x")), 2)
    assert state.oldest_at is not None and state.oldest_at < CLOCK - timedelta(days=110)


def test_one_accounts_failure_stops_no_other(desk: Desk) -> None:
    for network in NETWORKS:
        desk.connect(network)
    desk.sandbox.fault("token_expired", network="facebook", count=-1)
    runs = desk.collect()
    assert [run["account"] for run in runs if run["error"]] == ["facebook:harborfamilymed"]
    assert desk.remote_ids("x") == desk.published("x")
    assert desk.remote_ids("instagram") == desk.published("instagram")


def test_waiting_in_vain_for_another_process_stops_no_other_account(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for network in ("facebook", "x"):
        desk.connect(network)
    key = accounts.account_id(desk.account("facebook"))
    assert collecting.claim_stream(desk.engine, key, "posts")  # and never lets it go
    monkeypatch.setattr(collecting, "PATIENCE_SECONDS", 0.2)
    runs = desk.collect()
    failed = [run for run in runs if run["error"]]
    assert [(run["account"], run["stream"]) for run in failed] == [
        ("facebook:harborfamilymed", "posts")
    ]
    assert "for a long time" in str(failed[0]["error"])
    assert desk.remote_ids("x") == desk.published("x")


def test_a_stream_that_another_process_took_over_is_told_as_not_read(desk: Desk) -> None:
    desk.connect("x")

    def taken_over(outcome: Outcome) -> None:
        with open_session(desk.engine, "test", write=True) as session:
            session.execute(update(WorkItem).values(attempt_id="another"))

    with open_session(desk.engine, "test") as session:
        wanted = accounts.all_accounts(session)
    run = Collecting(desk.engine, desk.home, say=lambda _: None, tell=taken_over)
    posts = next(one for one in run.accounts(wanted) if one.stream == "posts")
    assert posts.end == "lost" and "took this over" in str(posts.error) and posts.pages == 1
