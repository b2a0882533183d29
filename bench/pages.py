"""The pages in Chromium against the smallest pages that the same server can show.

All times are taken inside the page: from the click, or from the start of the navigation, to
the frame after the chart is drawn. Desk and reference take turns.
"""

import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.result import Result
from bench.visitors import visiting
from data.clock import now
from tests.browser.chromium import FLAGS, executable
from tests.browser.pages import open_page
from tests.browser.server import ROOT, Desk, free_port, serving
from tests.made import made_practice

CLICKS = 30
OPENINGS = 7
AMONG = 44  # clicks of the one that is measured among others
SESSIONS, THINK, SECONDS = 20, 5.0, 60.0
#: pages that are not in front draw all the same
AWAKE = (
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
)
ENGAGEMENT = "/engagement?axis=Day+published"

#: The drawing of the first chart, in letters: it changes when another chart is drawn.
_DRAWN = """
window.drawn = () => [...(document.querySelector('.stPlotlyChart .barlayer')
  ?.querySelectorAll('.point path') ?? [])].map(p => p.getAttribute('d')).join();
window.clicked = (label) => new Promise((resolve) => {
  const before = drawn(), start = performance.now();
  [...document.querySelectorAll('[role=radio]')].find(n => n.innerText.trim() === label).click();
  const look = () => {
    if (drawn() && drawn() !== before) resolve(performance.now() - start);
    else if (performance.now() - start > 20000) resolve(20000);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});
"""
_FIRST = """
window.first = new Promise(resolve => {
  const look = () => {
    const found = document.querySelector('%s');
    if (found) resolve(performance.now());
    else requestAnimationFrame(look);
  };
  look();
});
"""
_BARS = ".stPlotlyChart .barlayer .point path"
_TITLE = "[data-testid=stHeading] h1"
_VISITOR = """
async ([seconds, think, offset]) => {
  const times = [], wait = s => new Promise(r => setTimeout(r, s * 1000)), from = Date.now();
  await wait(offset);
  for (let turn = 0; Date.now() - from < seconds * 1000; turn++) {
    times.push(await clicked(turn % 2 ? '4 weeks' : '8 weeks'));
    await wait(think);
  }
  window.times = times;
}
"""


def run(large: bool) -> list[Result]:
    """The browser's ratios; nothing more at the large size."""
    if large:
        return []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        home.mkdir()
        made_practice(f"sqlite:///{home / 'demo.sqlite3'}", now=now())
        browser = playwright.chromium.launch(
            executable_path=str(executable()), headless=True, args=[*FLAGS, *AWAKE]
        )
        with (
            serving(home, REACHWELL_WORKER="off") as desk,
            reference("one_chart") as chart,
            reference("empty") as empty,
        ):
            return [
                _clicks(browser, desk.url + ENGAGEMENT, chart),
                _first_chart(browser, desk.url + ENGAGEMENT, chart, empty),
                _among_others(browser, desk),
                _sessions(browser, desk.url + ENGAGEMENT),
            ]


@contextmanager
def reference(page: str) -> Iterator[str]:
    """A server of one of the small pages; its address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.reference.serve", page, str(port)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def _await(url: str) -> None:
    for _ in range(300):
        with suppress(OSError):
            urllib.request.urlopen(url, timeout=2)  # noqa: S310 - loopback
            return
        time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def _clicks(browser: Browser, desk: str, chart: str) -> Result:
    pages = [_opened(browser, address) for address in (desk, chart)]
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(CLICKS):
        for page, taken in zip(pages, times, strict=True):
            page.bring_to_front()
            taken.append(_click(page, "8 weeks" if turn % 2 == 0 else "4 weeks"))
            page.wait_for_timeout(400)
    for page in pages:
        page.context.close()
    ours, theirs = (statistics.median(taken[4:]) for taken in times)
    detail = f"page of one chart with 30 bars {theirs:.0f} ms, Engagement {ours:.0f} ms"
    return Result("filter click to new chart", ours / theirs, 1.5, detail, "at most")


def _first_chart(browser: Browser, desk: str, chart: str, empty: str) -> Result:
    places = ((desk, _BARS), (chart, _BARS), (empty, _TITLE))
    times: tuple[list[float], ...] = ([], [], [])
    for _ in range(OPENINGS):
        for (address, mark), taken in zip(places, times, strict=True):
            taken.append(_opening(browser, address, mark))
    ours, smallest, nothing = (statistics.median(taken[1:]) for taken in times)
    detail = (
        f"empty app, opened cold {nothing:.0f} ms, page of one chart {smallest:.0f} ms, "
        f"first chart of Engagement {ours:.0f} ms"
    )
    return Result("first chart / empty app, both cold", ours / nothing, 2.1, detail, "at most")


def _among_others(browser: Browser, desk: Desk) -> Result:
    page = _opened(browser, desk.url + ENGAGEMENT)
    alone = _spaced_clicks(page)
    with visiting(desk.port, ENGAGEMENT.partition("?")[2], SESSIONS - 1, THINK):
        time.sleep(THINK)
        crowded = _spaced_clicks(page)
    page.context.close()
    middle, late = statistics.median(alone), statistics.quantiles(crowded, n=20)[-1]
    detail = (
        f"one session {middle:.0f} ms at the median; {late:.0f} ms at p95 while "
        f"{SESSIONS - 1} sessions without a browser use the same server"
    )
    return Result("20 sessions, browsers elsewhere", late / middle, 2, detail, "at most")


def _spaced_clicks(page: Page) -> list[float]:
    times = []
    for turn in range(AMONG):
        times.append(_click(page, "4 weeks" if turn % 2 else "8 weeks"))
        page.wait_for_timeout(1500)
    return times[4:]


def _sessions(browser: Browser, desk: str) -> Result:
    alone = _opened(browser, desk)
    single = [_click(alone, "4 weeks" if turn % 2 else "8 weeks") for turn in range(20)]
    alone.context.close()
    pages = [_opened(browser, desk) for _ in range(SESSIONS)]
    for number, page in enumerate(pages):
        offset = THINK * number / SESSIONS
        page.evaluate(f"args => {{ ({_VISITOR})(args) }}", [SECONDS, THINK, offset])
    time.sleep(SECONDS + 2 * THINK)
    crowd: list[float] = []
    for page in pages:
        page.wait_for_function("window.times")
        crowd += page.evaluate("window.times")
        page.context.close()
    middle, late = statistics.median(single[4:]), statistics.quantiles(crowd, n=20)[-1]
    detail = f"one session {middle:.0f} ms at the median, {SESSIONS} sessions {late:.0f} ms at p95"
    return Result("20 sessions, all browsers on these cores", late / middle, 2, detail, "at most")


def _opened(browser: Browser, address: str) -> Page:
    page = browser.new_context().new_page()
    page.add_init_script(_DRAWN)
    open_page(page, address)
    page.locator(_BARS).first.wait_for(state="attached")
    page.wait_for_timeout(1000)
    return page


def _opening(browser: Browser, address: str, mark: str) -> float:
    """Milliseconds from the start of the navigation, in a fresh profile."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(_FIRST % mark)
    page.goto(address)
    taken = float(page.evaluate("window.first"))
    context.close()
    return taken


def _click(page: Page, label: str) -> float:
    return float(page.evaluate("label => clicked(label)", label))
