"""Fixtures for tests in a real Chromium: `browser`, `page`, `dark_page`, `phone_page`.

Each fails its test when the page asked another host than this server.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import FLAGS, executable
from tests.browser.pages import new_context

expect.set_options(timeout=20_000)  # a crowded machine draws late; what never comes still fails


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder are marked `browser`."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium. A module's, not the run's: it keeps an event loop in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(executable()), headless=True, args=list(FLAGS)
        )
        yield browser
        browser.close()


def _page(browser: Browser, scheme: str = "light", phone: bool = False) -> Iterator[Page]:
    context, hosts = new_context(browser, scheme, phone)
    yield context.new_page()
    context.close()
    assert not hosts.strangers(), f"the page asked other hosts: {sorted(hosts.strangers())}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh profile, light, desktop."""
    yield from _page(browser)


@pytest.fixture
def dark_page(browser: Browser) -> Iterator[Page]:
    """The same in dark mode."""
    yield from _page(browser, "dark")


@pytest.fixture
def phone_page(browser: Browser) -> Iterator[Page]:
    """The same, 390 px wide, with touch."""
    yield from _page(browser, phone=True)
