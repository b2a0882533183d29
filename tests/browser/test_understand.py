"""Overview and Engagement in a real Chromium: seen by axe, clicked, sent to a colleague."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from data.clock import now
from tests.browser.pages import DARK, darken, open_page, violations
from tests.browser.server import Desk, serving
from tests.made import made_practice

PAGES = ("/", "/engagement")
SECOND_CLICK = 10_000


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A server on a made practice of half a year, its worker off."""
    home = tmp_path_factory.mktemp("understand") / "home"
    home.mkdir()
    made_practice(f"sqlite:///{home / 'demo.sqlite3'}", now=now(), days=180, posts_a_day=0.6)
    with serving(home, REACHWELL_WORKER="off") as desk:
        yield desk


def _sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(
        page.evaluate(
            "Math.max(document.documentElement.scrollWidth - innerWidth,"
            " document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth)"
        )
    )


def _card(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-rw-card-{key}")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_light_and_dark(desk: Desk, page: Page, path: str) -> None:
    open_page(page, desk.url + path)
    assert violations(page) == []
    darken(page)
    assert violations(page) == []


def test_who_comes_in_the_dark_gets_the_dark_page(desk: Desk, dark_page: Page) -> None:
    open_page(dark_page, desk.url)
    ground = dark_page.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    assert ground == DARK


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_needs_no_sideways_scroll(desk: Desk, phone_page: Page, path: str) -> None:
    open_page(phone_page, desk.url + path)
    assert _sideways(phone_page) <= 0
    assert violations(phone_page) == []


def test_inter_is_served_from_here(desk: Desk, page: Page) -> None:
    open_page(page, desk.url)
    assert page.evaluate("document.fonts.check('16px Inter')")
    loaded = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert any(name.startswith(f"{desk.url}/app/static/inter-latin") for name in loaded)


def test_the_active_page_is_marked_and_links_lead_to_the_others(desk: Desk, page: Page) -> None:
    open_page(page, desk.url)
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_role("link", name="Engagement").click()
    expect(page.get_by_role("heading", name="Engagement", exact=True)).to_be_visible()
    assert page.url.startswith(f"{desk.url}/engagement")


def test_a_filter_stands_in_the_address_and_a_colleague_sees_the_same(
    desk: Desk, page: Page
) -> None:
    open_page(page, f"{desk.url}/engagement")
    heading = _card(page, "totals").get_by_role("heading")
    of_four_weeks = heading.inner_text()
    page.get_by_role("radio", name="8 weeks").click()
    page.wait_for_url("**period=8*")
    expect(page.get_by_text("the 56 days before").first).to_be_visible()
    expect(heading).not_to_have_text(of_four_weeks)  # the card follows a moment after the line
    colleague = page.context.browser.new_page()  # type: ignore[union-attr]
    open_page(colleague, page.url)
    expect(_card(colleague, "totals").get_by_role("heading")).to_have_text(heading.inner_text())
    colleague.close()


def test_a_click_on_a_bar_lists_the_posts_of_its_day(desk: Desk, page: Page) -> None:
    open_page(page, f"{desk.url}/engagement?axis=Day+published")
    bars = _card(page, "totals").locator(".barlayer .point path")
    boxes = [bars.nth(index).bounding_box() for index in range(bars.count())]
    box = max((box for box in boxes if box), key=lambda box: box["height"])
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text("published on").first).to_be_visible(timeout=SECOND_CLICK)
    page.wait_for_url("**day=20*")
    expect(_card(page, "day").get_by_test_id("stDataFrame")).to_be_visible()


def test_a_chart_can_be_taken_along_as_csv(desk: Desk, page: Page, tmp_path: Path) -> None:
    open_page(page, f"{desk.url}/engagement?axis=Day+published")
    with page.expect_download() as download:
        _card(page, "totals").get_by_role("button", name="Download CSV").click()
    path = tmp_path / "totals.csv"
    download.value.save_as(path)
    frame = pd.read_csv(path)
    assert list(frame.columns) == ["day", "value", "estimated", "before", "axis"]
    assert len(frame) == 28
    heading = _card(page, "totals").get_by_role("heading").inner_text()
    assert f"{frame['value'].sum():,.0f}" in heading


def test_charts_have_words(desk: Desk, page: Page) -> None:
    open_page(page, f"{desk.url}/engagement")
    charts = page.get_by_test_id("stPlotlyChart")
    assert charts.count() == 2
    assert page.locator(".rw-week[role=img][aria-label]").count() == 1
    assert page.locator(".rw-bars[role=img][aria-label]").count() == 2
    for chart in charts.all():
        assert chart.evaluate(
            "node => !!(node.getAttribute('aria-label')"
            " || node.querySelector('[aria-label]') || node.closest('[aria-label]'))"
        )


def test_the_page_is_usable_by_keyboard(desk: Desk, page: Page) -> None:
    open_page(page, f"{desk.url}/engagement")
    page.get_by_role("radio", name="4 weeks").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_url("**period=8*")
