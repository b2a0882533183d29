"""Posts, Ads, Campaigns, Connections, Activity and Welcome in a real Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from collectors.sandbox.server import running_sandbox
from data.clock import now
from data.session import make_engine, open_session
from tests.browser.pages import darken, open_page, settle, unfold, violations
from tests.browser.server import Desk, serving
from tests.browser.test_understand import _sideways
from tests.furnished import furnish
from tests.made import made_practice

PAGES = ("posts?post=3", "ads", "campaigns", "connections?connect=X", "activity", "welcome")
WORK_SECONDS = 120_000  # a busy machine: the worker has other work to let go first


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A furnished practice with a worker."""
    home = tmp_path_factory.mktemp("desk") / "home"
    home.mkdir()
    url = f"sqlite:///{home / 'reachwell.sqlite3'}"
    made = made_practice(url, now=now(), days=70, posts_a_day=0.4, demo=False)
    engine = make_engine(url)
    with open_session(engine, "test", write=True) as session:
        furnish(session, made)
    engine.dispose()
    with serving(home, REACHWELL_WORKER="off") as desk:
        yield desk


@pytest.fixture(scope="module")
def empty_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A practice to be set up, with a worker of its own."""
    home = tmp_path_factory.mktemp("empty") / "home"
    with serving(home) as desk:
        yield desk


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_light_and_dark(desk: Desk, page: Page, path: str) -> None:
    open_page(page, f"{desk.url}/{path}")
    assert violations(page) == []
    darken(page)
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_needs_no_sideways_scroll(desk: Desk, phone_page: Page, path: str) -> None:
    open_page(phone_page, f"{desk.url}/{path}")
    assert _sideways(phone_page) <= 0
    assert violations(phone_page) == []


def test_a_row_of_posts_opens_its_growth_and_stands_in_the_address(desk: Desk, page: Page) -> None:
    open_page(page, f"{desk.url}/posts")
    table = page.get_by_test_id("stDataFrame").first.locator("canvas").first
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 50)
    page.wait_for_url(re.compile(r"post=\d+"))
    expect(page.get_by_role("heading", name="Every figure names the reply")).to_be_visible()
    address = page.url
    other = page.context.new_page()
    open_page(other, address)
    expect(other.get_by_role("heading", name="Every figure names the reply")).to_be_visible()


def test_a_topic_is_corrected_in_two_clicks_and_taken_back(desk: Desk, page: Page) -> None:
    open_page(page, f"{desk.url}/posts?post=5")
    page.get_by_role("combobox", name="Topics").click()
    page.keyboard.type("asthma")
    page.get_by_role("option", name="asthma", exact=True).click()
    expect(page.get_by_text("Corrected by hand")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Found by its words")).to_be_visible()


def test_a_campaign_is_added_changed_and_removed(desk: Desk, page: Page) -> None:
    open_page(page, f"{desk.url}/campaigns")
    page.get_by_role("button", name="Add a campaign").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("Name").fill("Winter vaccines")
    drawer.get_by_role("button", name="Add campaign").click()
    expect(page.get_by_role("heading", name="Winter vaccines", exact=True)).to_be_visible()
    page.wait_for_url(re.compile(r"campaign=\d+"))
    page.get_by_role("button", name="Change").click()
    drawer.get_by_label("Name").fill("Flu season")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_text("called “Flu season” already")).to_be_visible()
    unfold(drawer, "Remove this campaign")
    drawer.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="Winter vaccines", exact=True)).to_have_count(0)


def test_posts_of_a_campaign_are_chosen_by_hand(desk: Desk, page: Page) -> None:
    open_page(page, f"{desk.url}/campaigns?campaign=1")
    card = page.locator(".st-key-rw-card-campaign-posts")
    card.get_by_role("radio", name="Pick more").click()
    card.get_by_placeholder("Words in the text").fill("a")
    page.keyboard.press("Enter")
    expect(card.get_by_role("button", name="Pick: select rows first")).to_be_visible()
    _tick_first_row(page, card)
    card.get_by_role("button", name="Pick 1 post", exact=True).click()
    card.get_by_role("radio", name="In the campaign").click()
    expect(card.get_by_role("button", name="Leave out: select rows first")).to_be_visible()
    _tick_first_row(page, card)
    card.get_by_role("button", name="Leave out 1 post", exact=True).click()
    card.get_by_role("radio", name="Left out").click()
    expect(
        card.get_by_role("button", name="Let the rules decide: select rows first")
    ).to_be_visible()
    _tick_first_row(page, card)
    card.get_by_role("button", name="Let the rules decide 1 post", exact=True).click()
    expect(card.get_by_text("No post was left out by hand.")).to_be_visible()


def _tick_first_row(page: Page, card: Locator) -> None:
    """Tables are drawn on a canvas: the box of the first row stands where it always does."""
    settle(page)
    table = card.get_by_test_id("stDataFrame").locator("canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 50)


def test_a_base_address_elsewhere_is_refused_before_it_is_kept(desk: Desk, page: Page) -> None:
    open_page(page, f"{desk.url}/connections")
    page.get_by_label("Page: its user name, name or id").fill("harbor")
    page.get_by_label("Access token").fill("secret-token")
    unfold(page, "Advanced")
    page.get_by_role("textbox", name="Base address").fill("https://evil.example")
    page.get_by_role("button", name="Connect and test").click()
    expect(page.get_by_text("The base address is not on this machine.")).to_be_visible()


def test_a_practice_is_set_up_connected_and_collected(
    empty_desk: Desk, page: Page, tmp_path: Path
) -> None:
    """From nothing to figures by clicks alone: server and worker switch at once."""
    open_page(page, f"{empty_desk.url}/welcome")
    page.get_by_label("Name of the practice").fill("Harbor Family Medicine")
    page.get_by_role("button", name="Set up my practice").last.click()
    expect(page.get_by_role("heading", name="Harbor Family Medicine is set up")).to_be_visible()
    expect(page.get_by_text("All figures here are made up")).to_have_count(0)
    with running_sandbox(days=40) as sandbox:
        account = next(one for one in sandbox.accounts if one.network == "facebook")
        open_page(page, f"{empty_desk.url}/connections")
        page.get_by_label("Page: its user name, name or id").fill(account.handle)
        page.get_by_label("Access token").fill(account.token)
        unfold(page, "Advanced")
        page.get_by_role("textbox", name="Base address").fill(sandbox.url)
        page.get_by_role("button", name="Connect and test").click()
        expect(page.get_by_text("is connected")).to_be_visible(timeout=WORK_SECONDS)
        expect(page.get_by_text("We can read")).not_to_have_count(0)
        assert account.token not in page.content()
        open_page(page, f"{empty_desk.url}/activity")
        expect(page.get_by_role("heading", name="The worker is at work")).to_be_visible()
        page.get_by_role("button", name="Collect now").click()
        expect(page.get_by_text(re.compile("Collected: "))).to_be_visible(timeout=WORK_SECONDS)
    open_page(page, f"{empty_desk.url}/posts")
    expect(page.get_by_role("heading", name=re.compile(r"^\d+ posts?$"))).to_be_visible()


def test_a_summary_is_written_by_the_worker_and_offered(empty_desk: Desk, page: Page) -> None:
    open_page(page, f"{empty_desk.url}/campaigns")
    page.get_by_role("button", name="Add a campaign").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Flu season")
    page.get_by_role("dialog").get_by_role("button", name="Add campaign").click()
    settle(page)
    page.get_by_role("button", name="Export summary").click()
    page.get_by_role("menuitem", name="PDF").click()
    offered = page.get_by_role("button", name=re.compile("Download flu-season"))
    expect(offered).to_be_visible(timeout=WORK_SECONDS)
    with page.expect_download() as download:
        offered.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
