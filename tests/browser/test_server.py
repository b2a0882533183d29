"""The frame that every page stands in: headers, addresses, no other host, a fresh deep link."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.pages import open_page, settle
from tests.browser.server import Desk, serving


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A server on an empty home, its worker off."""
    with serving(tmp_path_factory.mktemp("desk") / "home", REACHWELL_WORKER="off") as desk:
        yield desk


def test_pages_run_under_the_policy(desk: Desk, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    open_page(page, desk.url)
    assert not [text for text in complaints if "Content Security Policy" in text]


def test_an_address_in_figures_becomes_localhost(desk: Desk) -> None:
    reply = desk.get("/posts?q=1", host="127.0.0.1")
    assert (reply.status, reply.headers["location"]) == (303, f"{desk.url}/posts?q=1")
    assert desk.get("/_stcore/health", host="127.0.0.1").status == 200


def test_another_host_is_refused(desk: Desk) -> None:
    reply = desk.get("/", host="practice.example")
    assert reply.status == 421
    assert f"answers at {desk.url} only" in reply.body.decode()


@pytest.mark.parametrize("path", ["/", "/health/live", "/_stcore/health", "/static/js/none.js"])
def test_every_answer_carries_the_headers(desk: Desk, path: str) -> None:
    headers = desk.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_a_deep_link_on_a_fresh_server(tmp_path: Path, page: Page) -> None:
    with serving(tmp_path / "home", REACHWELL_WORKER="off") as fresh:
        page.goto(f"{fresh.url}/engagement")
        settle(page)
        assert page.get_by_test_id("stException").count() == 0
