"""Each fault switch of the sandbox, through each adapter that it concerns: what a user sees.

Long because every switch meets every adapter.
"""

import time
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pytest

from collectors.networks.base import Adapter, NetworkError, Page
from collectors.sandbox.faults import KINDS
from collectors.sandbox.server import RunningSandbox
from tests.networks.conftest import CLOCK, Open, account_of
from tests.networks.contract import assert_told, told_of_posts

NETWORKS = ("x", "facebook", "instagram", "meta_ads")
POSTING = ("x", "facebook", "instagram")
META = ("facebook", "instagram", "meta_ads")
NO_SKIP: frozenset[str] = frozenset()
UNTIL = CLOCK.date()


class Account:
    """One account of the sandbox and its adapter."""

    def __init__(self, sandbox: RunningSandbox, opened: Open, network: str, **options: Any) -> None:
        self.sandbox, self.network = sandbox, network
        self.remote_id = account_of(sandbox, network).remote_id
        self.token = account_of(sandbox, network).token
        self.adapter: Adapter = opened(network, **options)

    def page(self, cursor: str | None = None) -> Page:
        """The first page, or the one at a cursor."""
        if self.network == "meta_ads":
            since = UNTIL - timedelta(days=5)
            return self.adapter.ads(self.remote_id, since=since, until=UNTIL, cursor=cursor)
        return self.adapter.posts(self.remote_id, cursor=cursor, since=None, skip=NO_SKIP)

    def all_pages(self) -> list[Page]:
        """All of them."""
        pages = [self.page()]
        while pages[-1].cursor is not None:
            assert len(pages) < 80
            pages.append(self.page(pages[-1].cursor))
        return pages

    def ids(self) -> list[str]:
        """All posts' ids, in the order in which they came."""
        return [post.remote_id for page in self.all_pages() for post in page.posts]

    def refused(self, kind: str, **options: Any) -> NetworkError:
        """The error that a fault brings; afterwards all is well again."""
        self.sandbox.fault(kind, network=self.network, **options)
        with pytest.raises(NetworkError) as caught:
            self.page()
        error = caught.value
        assert str(error).endswith((".", '".')) and error.__cause__ is None
        assert self.token not in f"{error} {error.args} {error.todo} {error.__context__!r}"
        self.sandbox.clear_faults()
        assert self.page().raws
        return error


@pytest.fixture
def account(sandbox: RunningSandbox, opened: Open, network: str) -> Account:
    return Account(sandbox, opened, network)


def minutes_until(moment: datetime | None) -> float:
    assert moment is not None
    return (moment - CLOCK).total_seconds() / 60


@pytest.mark.parametrize("network", NETWORKS)
class TestEveryNetwork:
    def test_429_comes_back_when_the_network_says(self, account: Account) -> None:
        account.sandbox.set_clock(CLOCK)
        error = account.refused("429", seconds=600)
        assert (error.reason, error.permanent) == ("rate_limit", False)
        # X names an instant of the real clock, which the made-up one does not share.
        wanted = 15 if account.network == "x" else 10
        assert abs(minutes_until(error.retry_at) - wanted) < 1

    def test_429_without_a_word_comes_back_in_a_quarter_of_an_hour(self, account: Account) -> None:
        error = account.refused("429_no_reset")
        assert (error.reason, error.permanent) == ("rate_limit", False)
        assert abs(minutes_until(error.retry_at) - 15) < 1

    def test_402_wants_credit(self, account: Account) -> None:
        error = account.refused("402")
        assert (error.reason, error.permanent) == ("credit", True)
        assert error.todo

    def test_500_is_worth_another_try(self, account: Account) -> None:
        error = account.refused("500")
        assert (error.reason, error.permanent, error.retry_at) == ("server", False, None)

    def test_502_with_html_is_the_networks_trouble(self, account: Account) -> None:
        error = account.refused("502_html")
        assert (error.reason, error.permanent) == ("server", False)

    def test_200_with_html_is_no_reply(self, account: Account) -> None:
        error = account.refused("200_html")
        assert (error.reason, error.permanent) == ("bad_reply", False)
        assert "web page" in str(error)

    def test_a_huge_body_that_is_no_json_is_no_reply(self, account: Account) -> None:
        assert account.refused("not_json_huge").reason == "bad_reply"

    def test_a_connection_cut_in_mid_body_is_the_lines_fault(self, account: Account) -> None:
        error = account.refused("cut")
        assert (error.reason, error.permanent) == ("network", False)
        assert "broke off" in str(error)

    def test_a_slow_reply_is_given_up(
        self, sandbox: RunningSandbox, opened: Open, network: str
    ) -> None:
        hasty = Account(sandbox, opened, network, timeout=(2.0, 0.3))
        sandbox.fault("slow", network=network, seconds=1)
        with pytest.raises(NetworkError, match="in time") as caught:
            hasty.page()
        assert (caught.value.reason, caught.value.permanent) == ("network", False)
        time.sleep(1)  # until the abandoned request is over: it would meet the next test's fault
        assert Account(sandbox, opened, network).page().raws

    def test_an_expired_token_wants_a_new_one(self, account: Account) -> None:
        error = account.refused("token_expired")
        assert (error.reason, error.permanent) == ("token", True)
        assert "Connections" in str(error.todo)

    def test_a_lost_permission_is_named(self, account: Account) -> None:
        error = account.refused("permission_lost")
        assert (error.reason, error.permanent) == ("permission", True)
        names = {
            "x": "tweet.read",
            "facebook": "pages_read_engagement",
            "instagram": "instagram_basic",
            "meta_ads": "ads_read",
        }
        assert names[account.network] in str(error.todo)

    def test_nine_tenths_of_a_quota_end_the_run_but_keep_the_page(self, account: Account) -> None:
        account.sandbox.fault("usage_90", network=account.network, count=-1)
        page = account.page()
        assert page.posts or page.ads
        assert 0 < minutes_until(page.pause_until) <= 24 * 60
        account.sandbox.clear_faults()

    def test_an_account_that_is_gone_is_said_to_be(self, account: Account) -> None:
        error = account.refused("account_gone")
        assert (error.reason, error.permanent) == ("gone", True)


@pytest.mark.parametrize("network", POSTING)
class TestListsOfPosts:
    def test_an_empty_page_with_a_cursor_is_not_the_end(self, account: Account) -> None:
        whole = account.ids()
        account.sandbox.fault("empty_page_with_next", network=account.network)
        pages = account.all_pages()
        assert pages[0].posts == () and pages[0].cursor
        assert [post.remote_id for page in pages for post in page.posts] == whole

    def test_the_same_page_twice_loses_nothing(self, account: Account) -> None:
        whole = account.ids()
        account.sandbox.fault("same_page_twice", network=account.network)
        again = account.ids()
        assert len(again) > len(whole)
        assert list(dict.fromkeys(again)) == whole

    def test_the_same_page_for_ever_is_an_error_not_a_loop(self, account: Account) -> None:
        account.sandbox.fault("same_page_twice", network=account.network, count=-1)
        with pytest.raises(NetworkError, match="again and again") as caught:
            account.ids()
        assert (caught.value.reason, caught.value.permanent) == ("bad_reply", False)

    def test_a_renamed_account_is_found_under_its_id(self, account: Account) -> None:
        account.sandbox.fault("account_renamed", network=account.network, handle="elm_clinic")
        assert account.page().posts, "the id stays"
        found = account.adapter.find("elm_clinic")
        assert [one.remote_id for one in found] == [account.remote_id]
        assert account.adapter.find(account.remote_id)[0].handle == "elm_clinic"


def test_a_post_deleted_between_pages_shifts_nothing(opened: Open) -> None:
    """On a sandbox of its own, whose deleted posts no other test misses."""
    from collectors.networks import open_adapter, parse_credentials
    from collectors.sandbox.server import running_sandbox
    from data.clock import told_by

    with running_sandbox(days=200, clock=CLOCK) as own, told_by(own.now):
        for network in POSTING:
            account = account_of(own, network)
            adapter = open_adapter(network, parse_credentials(network, account.token), own.url)

            def ids(adapter: Adapter = adapter, remote_id: str = account.remote_id) -> list[str]:
                found, cursor = [], None
                while True:
                    page = adapter.posts(remote_id, cursor=cursor, since=None, skip=NO_SKIP)
                    found += [post.remote_id for post in page.posts]
                    if page.cursor is None:
                        return found
                    cursor = page.cursor

            whole = ids()
            own.fault("deleted_between_pages", network=network)
            assert ids() == whole, "it was there when its page was read"
            gone = set(whole) - set(ids())
            assert len(gone) == 1
            asked = dict.fromkeys([*gone, whole[0]], CLOCK)
            assert adapter.refresh(account.remote_id, asked, skip=NO_SKIP).missing == tuple(gone)


@pytest.mark.parametrize("network", ("facebook", "instagram"))
class TestRetiredMetric:
    METRIC: ClassVar = {"facebook": ("post_clicks", "clicks"), "instagram": ("saved", "saves")}

    def test_only_that_metric_is_missing_and_it_is_named(self, account: Account) -> None:
        theirs, ours = self.METRIC[account.network]
        before = {post.remote_id: post.metrics for post in account.page().posts}
        account.sandbox.fault("retired_metric", metric=theirs)
        page = account.page()
        assert page.unavailable == (theirs,)
        for post in page.posts:
            kept = {name for name in before[post.remote_id] if name != ours}
            assert set(post.metrics) == kept
        skipped = account.adapter.posts(
            account.remote_id, cursor=None, since=None, skip=frozenset({theirs})
        )
        assert skipped.unavailable == ()

    def test_known_posts_are_read_again_without_it(self, account: Account) -> None:
        theirs, ours = self.METRIC[account.network]
        asked = {post.remote_id: post.published_at for post in account.page().posts[:40]}
        account.sandbox.fault("retired_metric", metric=theirs)
        page = account.adapter.refresh(account.remote_id, asked, skip=NO_SKIP)
        assert page.unavailable == (theirs,)
        assert {post.remote_id for post in page.posts} == set(asked)
        assert all(ours not in post.metrics and post.metrics for post in page.posts)

    def test_days_of_the_account_lack_it_and_nothing_else(self, account: Account) -> None:
        theirs, ours = {
            "facebook": ("page_media_view", "views"),
            "instagram": ("follower_count", "new_followers"),
        }[account.network]
        since, until = UNTIL - timedelta(days=4), UNTIL
        before = account.adapter.account(account.remote_id, since=since, until=until)
        account.sandbox.fault("retired_metric", metric=theirs)
        page = account.adapter.account(account.remote_id, since=since, until=until)
        assert page.unavailable == (theirs,)
        wanted = {one.metric for one in before.account} - {ours}
        assert {one.metric for one in page.account} == wanted


def test_a_metric_of_one_kind_that_is_retired_is_found_out(
    sandbox: RunningSandbox, opened: Open
) -> None:
    account = Account(sandbox, opened, "instagram")
    sandbox.fault("retired_metric", metric="profile_visits")
    page = account.page()
    assert page.unavailable == ("profile_visits",)
    assert any("follows" in post.metrics for post in page.posts)
    assert all("profile_visits" not in post.metrics for post in page.posts)
    for post in page.posts:
        assert_told("instagram", post, told_of_posts(page.raws[post.raw].body).get(post.remote_id))


@pytest.mark.parametrize("network", META)
def test_code_17_is_a_quota(account: Account) -> None:
    error = account.refused("code_17", seconds=1200)
    assert (error.reason, error.permanent) == ("rate_limit", False)
    assert abs(minutes_until(error.retry_at) - 20) < 1


@pytest.mark.parametrize("network", ("facebook", "instagram"))
def test_code_1_is_asked_again_in_smaller_pages(account: Account) -> None:
    whole = account.ids()
    account.sandbox.fault("code_1", network=account.network, count=2)
    pages = account.all_pages()
    assert [post.remote_id for page in pages for post in page.posts] == whole
    assert max(len(page.posts) for page in pages) <= 25


@pytest.mark.parametrize("network", ("facebook", "instagram"))
def test_code_1_for_ever_is_an_error(account: Account) -> None:
    account.sandbox.fault("code_1", network=account.network, count=-1)
    with pytest.raises(NetworkError) as caught:
        account.page()
    assert (caught.value.reason, caught.value.permanent) == ("server", False)


class TestAdsTooLarge:
    """Code 1 on ads: the range is halved, then a day is read by a report."""

    SINCE = date(2026, 9, 1)

    def rows(self, account: Account) -> tuple[list[tuple[str, date, int | None]], list[Page]]:
        pages, cursor = [], None
        while True:
            page = account.adapter.ads(
                account.remote_id, since=self.SINCE, until=UNTIL, cursor=cursor
            )
            pages.append(page)
            cursor = page.cursor
            if cursor is None:
                break
            assert len(pages) < 60
        found = [(row.ad_id, row.day, row.spend_minor) for page in pages for row in page.ads]
        return sorted(found, key=str), pages

    def keys(self, rows: list[tuple[str, date, int | None]]) -> list[tuple[str, date]]:
        return [(ad, day) for ad, day, _ in rows]

    @pytest.fixture
    def account(self, sandbox: RunningSandbox, opened: Open) -> Account:
        return Account(sandbox, opened, "meta_ads")

    def test_the_range_is_halved(self, account: Account) -> None:
        whole, _ = self.rows(account)
        account.sandbox.fault("code_1", network="meta_ads", path="/insights", count=2)
        halved, pages = self.rows(account)
        assert self.keys(halved) == self.keys(whole)
        assert len(pages) > 1

    def test_a_day_comes_by_report_which_is_looked_at_later(self, account: Account) -> None:
        whole, _ = self.rows(account)
        account.sandbox.fault("code_1", network="meta_ads", path="/insights", count=5)
        found, pages = self.rows(account)
        assert self.keys(found) == self.keys(whole)
        waits = [page.pause_until for page in pages if page.pause_until]
        assert waits and all(0 < minutes_until(one) < 2 for one in waits)

    @pytest.mark.parametrize("status", ["Job Failed", "Job Skipped"])
    def test_a_report_that_fails_blocks_no_other_day(self, account: Account, status: str) -> None:
        whole, _ = self.rows(account)
        account.sandbox.fault("code_1", network="meta_ads", path="/insights", count=5)
        account.sandbox.fault("report_failed", status=status)
        found, pages = self.rows(account)
        lost = {day for _, day, _ in whole} - {day for _, day, _ in found}
        assert lost == {UNTIL}
        notes = [page.note for page in pages if page.note]
        assert len(notes) == 1 and status in notes[0] and str(UNTIL) in notes[0]


def test_a_name_that_fits_several_pages_gives_them_all(
    sandbox: RunningSandbox, opened: Open
) -> None:
    sandbox.fault("second_page")
    account = account_of(sandbox, "facebook")
    adapter = opened("facebook")
    every = adapter.find("")
    assert len({one.remote_id for one in every}) == 2
    assert all(one.token for one in every)
    assert [one.remote_id for one in adapter.find(account.remote_id)] == [account.remote_id]
    assert len(adapter.find(every[0].name)) == 2


def test_every_fault_of_the_sandbox_is_tested_here() -> None:
    from pathlib import Path

    text = Path(__file__).read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f'"{kind}"' not in text] == []
