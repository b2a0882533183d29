"""How tests open a page and look at it: settled, watched for other hosts, seen by axe."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, ViewportSize

OURS = frozenset({"localhost"})
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1360, "height": 900}

#: Streamlit's own, in every upload field; nothing of ours can change it.
TOLERATED = frozenset({"presentation-role-conflict"})


@dataclass
class Hosts:
    """Every host that pages of a context asked."""

    asked: list[str] = field(default_factory=list)

    def note(self, request: Request) -> None:
        """Called for each request; data: and blob: addresses ask nobody."""
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss"):
            self.asked.append(parts.hostname or "")

    def strangers(self) -> set[str]:
        """Those that are not this server."""
        return set(self.asked) - OURS


def new_context(
    browser: Browser, scheme: str = "light", phone: bool = False
) -> tuple[BrowserContext, Hosts]:
    """A fresh browser profile whose requests are noted."""
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP,
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-US",
        timezone_id="America/New_York",
        has_touch=phone,
        is_mobile=phone,
    )
    context.set_default_timeout(20_000)
    hosts = Hosts()
    context.on("request", hosts.note)
    return context, hosts


def open_page(page: Page, url: str) -> None:
    """Go there and wait until the page stands."""
    page.goto(url)
    settle(page)


def settle(page: Page, timeout: float = 30_000) -> None:
    """Wait until the script has run to its end and the charts are drawn."""
    app = page.get_by_test_id("stApp")
    app.wait_for(timeout=timeout)
    page.locator("[data-testid=stMain] [data-testid=stVerticalBlock] > *").first.wait_for(
        state="attached", timeout=timeout
    )
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=timeout)
    page.locator("[data-testid=stSkeleton]").first.wait_for(state="detached", timeout=timeout)
    for chart in page.get_by_test_id("stPlotlyChart").all():
        if chart.is_visible():
            chart.locator(".main-svg").first.wait_for(timeout=timeout)


def unfold(within: Page | Locator, label: str) -> None:
    """Open an expander and wait until it stands: while it grows, what it holds moves away
    between the press and the release of a button, and a click is lost."""
    expander = within.get_by_test_id("stExpander").filter(has_text=label)
    expander.locator("summary").click()
    expander.get_by_test_id("stExpanderDetails").locator(":scope:not([inert])").wait_for()
    expander.locator("details").evaluate(
        "details => Promise.all(details.getAnimations().map(one => one.finished))"
    )


#: The ground of the dark theme (.streamlit/config.toml).
DARK = "rgb(13, 20, 24)"


def darken(page: Page) -> None:
    """The reader's system turns dark; the page follows without being loaded again."""
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "ground => getComputedStyle(document.querySelector('[data-testid=stApp]'))"
        ".backgroundColor === ground",
        arg=DARK,
    )
    settle(page)


def violations(page: Page) -> list[str]:
    """What axe finds: rule, severity, and where (CSS selectors); empty is what we want."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]}"
        for rule in found
        if rule["id"] not in TOLERATED
        for node in rule["nodes"]
    ]
