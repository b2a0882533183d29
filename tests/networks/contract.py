"""What every adapter keeps, whoever answers it: the fake, the sandbox, replies on file."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from collectors.networks.base import Adapter, AdFigure, Page, PostRecord
from data.metrics import ACCOUNT_METRICS, BY_NAME, POST_METRIC_NAMES

NOTHING_SKIPPED: frozenset[str] = frozenset()
MOST_PAGES = 60


@dataclass
class Case:
    """One account behind one adapter. `skippable`: network names that can be left out."""

    adapter: Adapter
    remote_id: str
    handle: str
    token: str
    until: date
    skippable: Mapping[str, str] = field(default_factory=dict)

    def all_posts(self, since: datetime | None = None) -> list[PostRecord]:
        """Every post, page by page."""
        return [post for page in self.pages(since) for post in page.posts]

    def pages(self, since: datetime | None = None) -> Iterator[Page]:
        """Every page of posts."""
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = self.adapter.posts(
                self.remote_id, cursor=cursor, since=since, skip=NOTHING_SKIPPED
            )
            yield page
            cursor = page.cursor
            if cursor is None:
                return
        raise AssertionError("the pages never end")

    def reads(self, stream: str) -> bool:
        """Whether the adapter has that stream; a test of another one ends here."""
        return stream in self.adapter.streams


def told_of_posts(body: bytes) -> dict[str, dict[str, object]]:
    """By id what a reply tells of a post: of a list, of an object, or of a batch of either."""
    found: dict[str, dict[str, object]] = {}
    waiting: list[object] = [json.loads(body)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            if isinstance(one.get("id"), str):
                found[one["id"]] = one
            waiting += [one.get("data")]
            if isinstance(one.get("body"), str):
                waiting.append(json.loads(one["body"]))
    return found


def assert_told(network: str, post: PostRecord, told: dict[str, object] | None) -> None:
    """The reply names the post, and each of its metrics by the network's own name."""
    assert told is not None, f"the reply does not name post {post.remote_id}"
    text = json.dumps(told)
    for name, value in post.metrics.items():
        theirs = BY_NAME[name].networks.get(network, (name,))
        assert any(f'"{one}"' in text for one in theirs), (name, post.remote_id)
        if not theirs[0].startswith("post_"):  # those may come in parts, which are summed
            assert re.search(rf"\b{value}\b", text), (name, value, post.remote_id)


class Contract:
    """Subclasses give the fixture `case`."""

    def test_finds_the_account_by_what_a_person_types(self, case: Case) -> None:
        for typed in (case.handle, f"@{case.handle}", case.handle.upper(), f" {case.handle} "):
            if typed.startswith("@act"):
                continue
            found = case.adapter.find(typed)
            assert [one.remote_id for one in found] == [case.remote_id], typed
            assert found[0].network == case.adapter.network
            assert found[0].name

    def test_finds_nothing_under_a_name_that_nobody_has(self, case: Case) -> None:
        assert case.adapter.find("nobody_has_this") == ()

    def test_says_in_words_what_can_be_read(self, case: Case) -> None:
        tested = case.adapter.test(case.remote_id)
        assert any(one.startswith("read ") for one in tested.can), tested
        assert tested.cannot == ()

    def test_pages_hold_each_post_once_newest_first_and_end(self, case: Case) -> None:
        posts = case.all_posts()
        ids = [post.remote_id for post in posts]
        assert len(ids) == len(set(ids))
        times = [post.published_at for post in posts]
        assert times == sorted(times, reverse=True)
        assert bool(posts) == case.reads("posts")

    def test_posts_are_whole_and_storable(self, case: Case) -> None:
        for post in case.all_posts():
            assert post.remote_id and isinstance(post.remote_id, str)
            assert post.published_at.tzinfo is UTC
            assert post.captured_at.tzinfo is UTC
            assert post.kind
            assert "\x00" not in post.text
            post.text.encode()
            assert set(post.metrics) <= set(POST_METRIC_NAMES)
            assert all(type(v) is int and 0 <= v < 2**63 for v in post.metrics.values())

    def test_retweets_of_others_bring_no_counts(self, case: Case) -> None:
        for post in case.all_posts():
            assert post.kind != "retweet" or post.metrics == {}

    def test_every_figure_names_a_reply_without_the_token(self, case: Case) -> None:
        for page in case.pages():
            assert all(0 <= post.raw < len(page.raws) for post in page.posts)
            for raw in page.raws:
                assert raw.address and raw.api_version
                assert raw.fetched_at.tzinfo is UTC
                assert case.token not in raw.address
                assert case.token.encode() not in raw.body
                json.loads(raw.body)

    def test_every_figure_of_a_post_stands_in_the_reply_it_names(self, case: Case) -> None:
        asked = {post.remote_id: post.published_at for post in case.all_posts()[:50]}
        pages = [*case.pages()]
        if case.reads("refresh"):
            pages.append(case.adapter.refresh(case.remote_id, asked, skip=NOTHING_SKIPPED))
        for page in pages:
            told = [told_of_posts(raw.body) for raw in page.raws]
            for post in page.posts:
                assert_told(case.adapter.network, post, told[post.raw].get(post.remote_id))

    def test_since_leaves_out_what_is_older(self, case: Case) -> None:
        posts = case.all_posts()
        if not posts:
            return
        since = posts[len(posts) // 2].published_at
        newer = [post.remote_id for post in posts if post.published_at >= since]
        assert [post.remote_id for post in case.all_posts(since)] == newer

    def test_known_posts_are_read_again_and_lost_ones_named(self, case: Case) -> None:
        if not case.reads("refresh"):
            return
        posts = case.all_posts()[: case.adapter.refresh_size - 1]
        asked = {post.remote_id: post.published_at for post in posts}
        lost = "999999999999999999999999999999"
        page = case.adapter.refresh(
            case.remote_id, asked | {lost: posts[0].published_at}, skip=NOTHING_SKIPPED
        )
        assert page.missing == (lost,)
        assert {post.remote_id for post in page.posts} == set(asked)
        before = {post.remote_id: post for post in posts}
        for post in page.posts:
            assert post.text == before[post.remote_id].text
            assert set(post.metrics) == set(before[post.remote_id].metrics)
            assert 0 <= post.raw < len(page.raws)

    def test_skipped_metrics_are_not_asked_for(self, case: Case) -> None:
        for theirs, ours in case.skippable.items():
            page = case.adapter.posts(
                case.remote_id, cursor=None, since=None, skip=frozenset({theirs})
            )
            assert page.posts
            assert all(ours not in post.metrics for post in page.posts)
            assert page.unavailable == ()

    def test_days_of_the_account_lie_in_the_days_asked_for(self, case: Case) -> None:
        since = case.until - timedelta(days=6)
        page = case.adapter.account(case.remote_id, since=since, until=case.until)
        assert bool(page.account) == case.reads("account")
        seen = [(one.day, one.metric) for one in page.account]
        assert len(seen) == len(set(seen))
        for one in page.account:
            assert since <= one.day <= case.until
            assert one.metric in ACCOUNT_METRICS
            assert one.value >= 0
            assert 0 <= one.raw < len(page.raws)

    def test_ads_come_by_ad_and_day_once(self, case: Case) -> None:
        since, rows = case.until - timedelta(days=9), list[AdFigure]()
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = case.adapter.ads(case.remote_id, since=since, until=case.until, cursor=cursor)
            rows += page.ads
            cursor = page.cursor
            if cursor is None:
                break
        assert cursor is None
        assert bool(rows) == case.reads("ads")
        keys = [(row.ad_id, row.day) for row in rows]
        assert len(keys) == len(set(keys))
        for row in rows:
            assert since <= row.day <= case.until
            assert len(row.currency) == 3
            assert row.spend_minor is None or row.spend_minor >= 0


@pytest.fixture
def case() -> Case:
    """Overridden by every class that keeps the contract."""
    raise NotImplementedError
