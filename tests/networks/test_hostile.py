"""Replies that no network should send: nothing crashes, nothing false is stored, all is said."""

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest

from collectors.networks import open_adapter, parse_credentials
from collectors.networks.base import NetworkError, Page
from collectors.networks.values import Notes, clean_text, count, instant, remote_id, total
from data.clock import told_by
from tests.networks.recorded import USER_TOKEN, X_TOKEN, RecordedGraph, RecordedX
from tests.networks.replay import Answer, Asked, replaying

WHEN = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
NO_SKIP: frozenset[str] = frozenset()
LONG_ID = "123456789012345678901234567890"
OWNERS = {"x": "7401", "facebook": "5501", "instagram": "17840000000000001"}
TIMES = {"x": "created_at", "facebook": "created_time", "instagram": "timestamp"}
TEXTS = {"x": "text", "facebook": "message", "instagram": "caption"}


def source(network: str) -> tuple[Any, list[dict[str, Any]]]:
    """The replies of a network, and the posts of their first page, to be spoiled."""
    if network == "x":
        recorded = RecordedX()
        return recorded, recorded.content["pages"][0]["data"]
    graph = RecordedGraph()
    content = graph.facebook if network == "facebook" else graph.instagram
    return graph, content["pages"][0]["data"]


@contextmanager
def served(network: str, route: Any) -> Iterator[Any]:
    token = X_TOKEN if network == "x" else USER_TOKEN
    with replaying(route) as replay, told_by(lambda: WHEN):
        yield open_adapter(network, parse_credentials(network, token), replay.url)


def first_page(network: str, route: Any) -> Page:
    with served(network, route) as adapter:
        page: Page = adapter.posts(OWNERS[network], cursor=None, since=None, skip=NO_SKIP)
        return page


@pytest.mark.parametrize("network", list(OWNERS))
class TestSpoiledPosts:
    def spoiled(self, network: str, **changes: Any) -> Page:
        route, posts = source(network)
        posts[0].update(changes)
        return first_page(network, route)

    def test_an_id_of_thirty_digits_stays_text(self, network: str) -> None:
        page = self.spoiled(network, id=LONG_ID)
        assert page.posts[0].remote_id == LONG_ID

    def test_an_id_that_is_a_number_becomes_text(self, network: str) -> None:
        assert self.spoiled(network, id=int(LONG_ID)).posts[0].remote_id == LONG_ID

    @pytest.mark.parametrize("identity", [None, "", {}, ["1"], True, "9" * 1000])
    def test_a_post_without_an_id_is_left_out_and_said(
        self, network: str, identity: object
    ) -> None:
        _, untouched = source(network)
        page = self.spoiled(network, id=identity)
        assert len(page.posts) == len(untouched) - 1
        assert page.note and "without an id" in page.note

    def test_a_post_of_1970_is_taken_as_given(self, network: str) -> None:
        page = self.spoiled(network, **{TIMES[network]: "1970-01-01T00:00:00+00:00"})
        assert page.posts[0].published_at == datetime(1970, 1, 1, tzinfo=UTC)

    @pytest.mark.parametrize("year", [2100, 9999])
    def test_a_post_to_come_is_left_out_and_named(self, network: str, year: int) -> None:
        page = self.spoiled(network, id="4242", **{TIMES[network]: f"{year}-01-01T00:00:00+0000"})
        assert "4242" not in [post.remote_id for post in page.posts]
        assert page.note and "4242" in page.note and str(year) in page.note

    @pytest.mark.parametrize("time", [None, "", "yesterday", "2026-09-01T10:00:00", 17, {}])
    def test_a_post_without_a_time_is_left_out_and_named(self, network: str, time: object) -> None:
        page = self.spoiled(network, id="4242", **{TIMES[network]: time})
        assert page.note and "4242" in page.note

    def test_a_nul_goes_and_half_a_surrogate_is_shown(self, network: str) -> None:
        page = self.spoiled(network, **{TEXTS[network]: "a\x00b \ud83d end"})
        assert page.posts[0].text == "ab \ufffd end"
        page.posts[0].text.encode()

    def test_emoji_and_right_to_left_text_come_through(self, network: str) -> None:
        text = "👩‍⚕️ مرحبا بكم שלום \u202eevil\u202c ñ"
        assert self.spoiled(network, **{TEXTS[network]: text}).posts[0].text == text

    def test_a_text_of_a_megabyte_comes_through(self, network: str) -> None:
        text = "flu " * 262_144
        assert self.spoiled(network, **{TEXTS[network]: text}).posts[0].text == text

    @pytest.mark.parametrize("text", [None, 7, ["a"], {"a": 1}])
    def test_a_text_that_is_none_is_empty(self, network: str, text: object) -> None:
        assert self.spoiled(network, **{TEXTS[network]: text}).posts[0].text == ""

    @pytest.mark.parametrize("value", [-1, 2**63, 2**70, 1.5, "12a", True, "", [], "１２"])
    def test_an_impossible_counter_is_missing_and_said(self, network: str, value: object) -> None:
        spoiled: dict[str, Any] = {
            "x": {"public_metrics": {"like_count": value, "reply_count": 3}},
            "facebook": {
                "comments": {"summary": {"total_count": value}},
                "shares": {"count": 3},
            },
            "instagram": {"comments_count": value, "like_count": 3},
        }
        name, good = {
            "x": ("likes", "replies"),
            "facebook": ("comments", "shares"),
            "instagram": ("comments", "likes"),
        }[network]
        page = self.spoiled(network, **spoiled[network])
        assert name not in page.posts[0].metrics
        assert page.posts[0].metrics[good] == 3
        assert page.note and "impossible" in page.note

    @pytest.mark.parametrize("shape", [None, 3, "x", [], [1, "a", None]])
    def test_parts_of_another_shape_are_as_good_as_absent(
        self, network: str, shape: object
    ) -> None:
        names = (
            "public_metrics", "non_public_metrics", "entities", "attachments", "note_tweet",
            "referenced_tweets", "shares", "reactions", "comments", "insights", "lang",
            "permalink_url", "permalink", "status_type", "media_type", "media_product_type",
        )  # fmt: skip
        page = self.spoiled(network, **dict.fromkeys(names, shape))
        assert page.posts[0].remote_id


@pytest.mark.parametrize("network", list(OWNERS))
@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"3", b'"text"', b'{"data": [', b"\xff\xfe\x00", b"[" * 100_000,
        b"<!DOCTYPE html><title>Sign in</title>",
    ],
    ids=["empty", "null", "list", "number", "text", "cut", "binary", "deep", "html"],
)  # fmt: skip
def test_a_body_that_is_no_object_is_an_error_in_words(network: str, body: bytes) -> None:
    with pytest.raises(NetworkError) as caught:
        first_page(network, lambda _: Answer(body))
    assert (caught.value.reason, caught.value.permanent) == ("bad_reply", False)


@pytest.mark.parametrize("network", list(OWNERS))
@pytest.mark.parametrize("data", [None, {}, "x", 3, [None, 1, "a", [], {}]])
def test_data_of_another_shape_is_an_empty_page(network: str, data: object) -> None:
    assert first_page(network, lambda _: Answer({"data": data})).posts == ()


@pytest.mark.parametrize("network", list(OWNERS))
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 418, 429, 500, 503])
@pytest.mark.parametrize("body", [b"", b"[]", b'["a"]', b'{"errors": 3}', b'{"error": "no"}'])
def test_any_status_with_any_body_is_a_network_error(
    network: str, status: int, body: bytes
) -> None:
    with pytest.raises(NetworkError) as caught:
        first_page(network, lambda _: Answer(body, status))
    assert str(caught.value)
    assert caught.value.permanent is (status < 429) or caught.value.reason == "bad_reply"


@pytest.mark.parametrize("reset", ["", "soon", "-5", "1e9", "99999999999999999999", "٣"])
def test_a_reset_that_is_no_time_means_a_quarter_of_an_hour(reset: str) -> None:
    headers = {"x-rate-limit-reset": reset.encode().decode("latin-1")}
    with pytest.raises(NetworkError) as caught:
        first_page("x", lambda _: Answer({"title": "Too Many Requests"}, 429, headers))
    retry = caught.value.retry_at
    assert caught.value.reason == "rate_limit" and retry is not None
    assert (retry - WHEN).total_seconds() == 900


@pytest.mark.parametrize("network", list(OWNERS))
def test_a_redirect_is_not_followed(network: str) -> None:
    elsewhere: list[Asked] = []

    def other(asked: Asked) -> Answer:
        elsewhere.append(asked)
        return Answer({"data": []})

    with replaying(other) as target:
        headers = {"location": f"{target.url}/2/users"}
        with pytest.raises(NetworkError, match="another address") as caught:
            first_page(network, lambda _: Answer({}, 302, headers))
    assert caught.value.reason == "network"
    assert elsewhere == []


class TestAdRows:
    def page(self, **changes: Any) -> Page:
        graph = RecordedGraph()
        graph.ads["rows"] = [copy.deepcopy(graph.ads["rows"][0]) | changes]
        with served("meta_ads", graph) as adapter:
            page: Page = adapter.ads(
                "act_660077", since=date(2026, 9, 1), until=date(2026, 9, 15), cursor=None
            )
            return page

    @pytest.mark.parametrize(
        ("spend", "currency", "minor"),
        [
            ("76.53", "USD", 7653), ("1200", "JPY", 1200), ("1.234", "KWD", 1234),
            ("0", "USD", 0), (12, "EUR", 1200), ("0.10", "USD", 10), ("19.99", "USD", 1999),
        ],
    )  # fmt: skip
    def test_spend_becomes_minor_units_of_its_currency(
        self, spend: object, currency: str, minor: int
    ) -> None:
        row = self.page(spend=spend, account_currency=currency).ads[0]
        assert (row.spend_minor, row.currency) == (minor, currency)

    @pytest.mark.parametrize(
        "spend", ["", "abc", "-1", "NaN", "Infinity", "1e99", True, [], "1e999999"]
    )
    def test_an_impossible_amount_is_missing_and_said(self, spend: object) -> None:
        page = self.page(spend=spend)
        assert page.ads[0].spend_minor is None
        assert page.note and "amount" in page.note

    @pytest.mark.parametrize("changes", [{"ad_id": None}, {"date_start": "soon"}, {"ad_id": {}}])
    def test_a_row_without_ad_or_day_is_left_out_and_said(self, changes: dict[str, Any]) -> None:
        page = self.page(**changes)
        assert page.ads == () and page.note

    @pytest.mark.parametrize("actions", [None, 3, {}, [1], [{"value": "1"}], [{"action_type": []}]])
    def test_actions_of_another_shape_do_no_harm(self, actions: object) -> None:
        row = self.page(actions=actions).ads[0]
        assert row.results is None and row.spend_minor == 7653

    @pytest.mark.parametrize("cursor", ["", "x", "{}", "[]", '{"since": 1}', "\x00"])
    def test_a_cursor_that_is_none_begins_anew(self, cursor: str) -> None:
        with served("meta_ads", RecordedGraph()) as adapter:
            page = adapter.ads(
                "act_660077", since=date(2026, 9, 1), until=date(2026, 9, 15), cursor=cursor
            )
        assert len(page.ads) == 3


def test_single_values() -> None:
    notes = Notes()
    assert count("0012", "n", notes) == 12
    assert count(3.0, "n", notes) == 3
    assert count(None, "n", notes) is None and notes.text() is None
    assert total({"paid": 1, "organic": "2"}, "n", notes) == 3
    assert total({}, "n", notes) is None
    assert total({"paid": 1, "organic": None}, "n", notes) is None
    assert remote_id(" 7 ") == "7" and remote_id("7\x00") == "7" and remote_id(0) == "0"
    assert clean_text(json.loads('"\\ud83d\\ude00"')) == "😀"
    assert instant("2026-01-01T00:00:00+0130") == datetime(2025, 12, 31, 22, 30, tzinfo=UTC)
    assert instant("0001-01-01T00:00:00+14:00") is None


def test_many_notes_are_cut_short() -> None:
    notes = Notes()
    for number in range(9):
        notes.add(f"Sentence {number}.")
    text = notes.text()
    assert text is not None and text.endswith("Sentence 4. And 4 more.")
