"""Connecting: what a token opens, what is refused, and connecting once more."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from collectors.connect import Wanted, connect
from data import accounts, audit, crypto, demo, practice, unsealing
from data.errors import Refused
from data.models import Account, ApiSpend, AuditEvent
from data.session import open_session
from tests.collectors.conftest import Desk, rows


def wanted(desk: Desk, network: str, handle: str | None = None, token: str | None = None) -> Wanted:
    one = next(one for one in desk.sandbox.accounts if one.network == network)
    return Wanted(network, handle or one.handle, token or one.token, desk.sandbox.url)


def test_every_user_read_of_connecting_is_counted(desk: Desk) -> None:
    account = connect(desk.engine, desk.home, wanted(desk, "x"), "ana")
    with open_session(desk.engine, "test") as session:
        spent = session.scalars(
            select(ApiSpend).where(col(ApiSpend.account_id) == account.id)
        ).all()
    asked = desk.sandbox.requests()
    assert {one.kind: one.units for one in spent}["user_read"] == 2, asked


def test_a_users_token_opens_the_page_and_the_pages_own_token_is_kept(desk: Desk) -> None:
    given = wanted(desk, "facebook")
    account = connect(desk.engine, desk.home, given, "ana")
    assert account.token_sealed is not None
    kept = unsealing.unseal(desk.home, account.token_sealed).decode()
    assert kept.startswith("EAAsandboxpage") and kept != given.token
    assert any("post" in what for what in account.can) and account.token_ends_at is not None


@pytest.mark.parametrize("network", ["x", "facebook", "instagram", "meta_ads"])
def test_a_token_is_stored_sealed_and_the_change_is_audited_without_it(
    desk: Desk, network: str
) -> None:
    given = wanted(desk, network)
    account = connect(desk.engine, desk.home, given, "ana")
    assert given.token.encode() not in (account.token_sealed or b"")
    with open_session(desk.engine, "test") as session:
        events = session.scalars(select(AuditEvent)).all()
    said = [f"{one.actor} {one.action} {one.object} {one.detail}" for one in events]
    assert any(f"ana account.add {network}:" in one for one in said)
    assert not any(given.token in one for one in said)


def test_a_name_that_fits_several_pages_is_refused_with_their_ids(desk: Desk) -> None:
    desk.sandbox.fault("second_page")
    with pytest.raises(Refused) as refused:
        connect(desk.engine, desk.home, wanted(desk, "facebook", "Harbor Family Medicine"), "ana")
    assert "fits several accounts" in str(refused.value) and "id " in str(refused.value)
    assert rows(desk.engine, Account) == 0


def test_a_new_token_ends_the_hold_and_the_posts_are_the_same(desk: Desk) -> None:
    first = connect(desk.engine, desk.home, wanted(desk, "x"), "ana")
    desk.sandbox.fault("token_expired", network="x", count=-1)
    desk.collect()
    assert desk.account("x").state == "needs_reauth" and len(desk.alerts()) == 1
    desk.sandbox.clear_faults()
    again = connect(desk.engine, desk.home, wanted(desk, "x"), "ana")
    assert (again.id, again.state) == (first.id, "connected") and desk.alerts() == []


def test_a_demo_takes_a_loopback_address_only(desk: Desk) -> None:
    with open_session(desk.engine, "test", write=True) as session:
        practice.describe(session, is_demo=True)
        assert demo.is_demo(session)
    connect(desk.engine, desk.home, wanted(desk, "x"), "ana")
    with pytest.raises(Refused) as refused:
        connect(desk.engine, desk.home, Wanted("x", "a", "t"), "ana")
    assert "reachwell setup" in refused.value.sentence()


def test_a_removed_accounts_token_is_gone(desk: Desk) -> None:
    connect(desk.engine, desk.home, wanted(desk, "x"), "ana")
    with open_session(desk.engine, "test", write=True) as session:
        accounts.remove(session, accounts.find(session, "x:harborfamilymed"))
        audit.record(session, "test.done")
    with open_session(desk.engine, "test") as session:
        removed = accounts.by_key(session, "x", "@HarborFamilyMed")
    assert removed is not None and removed.token_sealed is None and removed.state == "removed"


def test_the_key_that_seals_opens_nothing(desk: Desk) -> None:
    sealed = crypto.seal(desk.home, b"secret")
    (desk.home / crypto.PRIVATE_FILE).unlink()  # what the web process has
    assert crypto.seal(desk.home, b"another")
    with pytest.raises(Refused, match="is not there"):
        unsealing.unseal(desk.home, sealed)


def test_keys_are_made_without_reading_the_private_one(
    tmp_path: Path,
) -> None:
    assert crypto.make_keys(tmp_path)
    sealed = crypto.seal(tmp_path, b"secret")
    private, public = tmp_path / crypto.PRIVATE_FILE, tmp_path / crypto.PUBLIC_FILE
    kept = private.read_text()
    private.write_text("nothing that a reader would accept")
    assert not crypto.make_keys(tmp_path)
    private.write_text(kept)
    public.unlink()
    with pytest.raises(Refused, match=r"worker\.pub is not there"):
        crypto.make_keys(tmp_path)
    assert not unsealing.keep_keys(tmp_path) and public.exists()
    assert unsealing.unseal(tmp_path, crypto.seal(tmp_path, b"another")) == b"another"
    assert unsealing.unseal(tmp_path, sealed) == b"secret"
    private.unlink()  # lost: the public key that stayed must not seal to it any more
    assert crypto.make_keys(tmp_path)
    assert unsealing.unseal(tmp_path, crypto.seal(tmp_path, b"new")) == b"new"


def test_a_lost_key_is_told_and_the_account_can_be_connected_anew(desk: Desk) -> None:
    connect(desk.engine, desk.home, wanted(desk, "x"), "ana")
    for name in (crypto.PRIVATE_FILE, crypto.PUBLIC_FILE):
        (desk.home / name).unlink()
    crypto.make_keys(desk.home)
    run = desk.run_of("posts", desk.collect())
    assert "sealed with another key" in str(run["error"])
    connect(desk.engine, desk.home, wanted(desk, "x"), "ana")
    assert desk.run_of("posts", desk.collect())["error"] is None
