"""Portal and Privacy in a real Chromium: a release from page to worker to page, and no trace."""

import json
import sys
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from collectors.sandbox.portal_log import MAPPING, made_log, write_parquet
from data import crypto, practice, requests
from data.clock import local_day, now
from data.migrate import upgrade
from data.privacy import mappings
from data.session import make_engine, open_session
from data.unsealing import keep_keys
from tests.browser.pages import darken, open_page, settle, violations
from tests.browser.server import Desk, serving
from tests.browser.test_understand import _sideways
from tests.portal import canaries
from tests.process.machine import workers_of

ZONE = "America/New_York"
RELEASE_SECONDS = 90_000


def _monday() -> date:
    today = local_day(now(), ZONE)
    return today - timedelta(days=today.weekday() + 28)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A practice with a worker; four weeks of a made log and canaries lie in its folder."""
    folder = tmp_path_factory.mktemp("portal")
    home, logs = folder / "home", folder / "logs"
    logs.mkdir()
    first = _monday()
    log = made_log(seed=7, patients=8000, begin=first, end=first + timedelta(days=27), posts=())
    write_parquet(logs / "portal.parquet", log)
    canaries.write_log(logs)
    engine = make_engine(f"sqlite:///{home / 'reachwell.sqlite3'}")
    upgrade(engine)
    with open_session(engine, "test", write=True) as session:
        practice.describe(session, name="Hudson", zone=ZONE, currency="USD", active_patients=8000,
                          zip3s=["112", "100"], portal_folder=str(logs))  # fmt: skip
        mappings.put(session, "clinic", json.loads(json.dumps(dict(MAPPING))))
    engine.dispose()
    keep_keys(home)
    with serving(home) as desk:
        yield desk


def _release(page: Page, files: list[str], first: date, last: date) -> None:
    page.set_viewport_size({"width": 1360, "height": 2000})  # a list closes where its page scrolls
    settle(page)
    chosen = page.get_by_role("combobox", name="Files")
    for file in files:
        chosen.click()
        page.get_by_role("option", name=file).click()
    page.keyboard.press("Escape")
    for label, day in (("Complete from", first), ("Complete through", last)):
        field = page.get_by_role("group", name=label)
        field.get_by_role("spinbutton").first.click()
        page.keyboard.type(f"{day:%Y%m%d}", delay=40)
        page.keyboard.press("Escape")
        page.get_by_role("heading", name="4. Release").click()  # a typed date counts on leaving
    settle(page)
    page.get_by_role("button", name="Release", exact=True).click()


def test_a_release_goes_from_the_page_to_the_worker_and_back(desk: Desk, page: Page) -> None:
    first = _monday()
    open_page(page, f"{desk.url}/portal")
    _release(page, ["portal.parquet"], first, first + timedelta(days=27))
    expect(page.get_by_text("Privacy shows what they cost")).to_be_visible(timeout=RELEASE_SECONDS)

    open_page(page, f"{desk.url}/portal")
    expect(page.get_by_role("heading", name="Sign-ins: about")).to_be_visible()
    expect(page.get_by_text("95 times in 100")).to_be_visible()
    open_page(page, f"{desk.url}/privacy")
    expect(page.get_by_text("0.056 of 1").or_(page.get_by_text("0.06 of 1")).first).to_be_visible()


def _ask(desk: Desk, files: list[str], first: date, last: date) -> None:
    """What the page's button does."""
    payload = {"mapping": None, "first": str(first), "last": str(last), "correct": False}
    engine = make_engine(f"sqlite:///{desk.home / 'reachwell.sqlite3'}")
    with open_session(engine, "test", write=True) as session:
        sealed = crypto.seal(desk.home, json.dumps(files).encode())
        requests.ask(session, "portal_release", payload, sealed)
    engine.dispose()


def test_a_log_of_canaries_leaves_none_in_pages_server_or_worker(desk: Desk, page: Page) -> None:
    _ask(desk, ["AuditEvent.ndjson", "Patient.ndjson"], date(2026, 3, 2), date(2026, 3, 8))
    open_page(page, f"{desk.url}/portal?view=Release")
    expect(page.get_by_text("Privacy shows what they cost")).to_be_visible(timeout=RELEASE_SECONDS)
    said = page.content()
    for path in ("portal", "privacy", "activity"):
        open_page(page, f"{desk.url}/{path}")
        said += page.content()

    assert canaries.found_in(said.encode()) == []
    assert canaries.found_below([desk.home]) == []
    if sys.platform == "linux":
        for pid in (desk.process.pid, *workers_of(desk.home)):
            if canaries.can_look_into(pid):
                assert canaries.found_in(canaries.memory_of(pid)) == [], pid


@pytest.mark.parametrize("path", ["portal", "privacy"])
def test_axe_finds_nothing_in_light_and_dark(desk: Desk, page: Page, path: str) -> None:
    open_page(page, f"{desk.url}/{path}")
    assert violations(page) == []
    darken(page)
    assert violations(page) == []


@pytest.mark.parametrize("path", ["portal", "privacy"])
def test_a_phone_needs_no_sideways_scroll(desk: Desk, phone_page: Page, path: str) -> None:
    open_page(phone_page, f"{desk.url}/{path}")
    assert _sideways(phone_page) <= 0


def test_nothing_can_be_uploaded(desk: Desk, page: Page) -> None:
    """A portal log would lie in the web process's memory."""
    open_page(page, f"{desk.url}/portal")
    page.get_by_role("tab", name="Release").click()
    expect(page.get_by_role("button", name="Release", exact=True)).to_be_visible()
    assert page.locator("input[type=file]").count() == 0


def test_no_file_name_stands_in_the_database_or_its_log(desk: Desk) -> None:
    kept = b"".join(one.read_bytes() for one in desk.home.glob("reachwell.sqlite3*"))
    assert b"portal_release" in kept
    assert b"portal.parquet" not in kept and b"AuditEvent.ndjson" not in kept
