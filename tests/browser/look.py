"""`make look`: a picture of every page, light, dark and phone, into `var/look/`.

Taken from the database in the home (the demo's, or the practice's); where there is none, a demo
is made first. The worker runs, as it does for people. What the pages asked of which host goes to
`requests.txt`, what axe found to `axe.txt`, beside the pictures.
"""

import subprocess
import sys
from collections import Counter
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from data.settings import load_settings
from tests.browser.chromium import FLAGS, executable
from tests.browser.pages import new_context, open_page, settle, violations
from tests.browser.server import serving

PAGES = (
    "", "engagement", "posts", "ads", "campaigns", "portal", "privacy", "connections", "activity",
    "welcome",
)  # fmt: skip
LOOKS = (("light", False), ("dark", False), ("light", True), ("dark", True))


def main() -> int:
    """Take them all; 1 where axe found something or another host was asked."""
    home = load_settings().resolved_home
    folder = home / "look"
    folder.mkdir(parents=True, exist_ok=True)
    if not any(home.glob("*.sqlite3")):
        subprocess.run([sys.executable, "-m", "reachwell", "demo"], check=True)
    asked: Counter[str] = Counter()
    found: list[str] = []
    with serving(home) as desk, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(executable()), headless=True, args=list(FLAGS)
        )
        for scheme, phone in LOOKS:
            _take(browser, desk.url, folder, scheme, phone, asked, found)
        browser.close()
    (folder / "requests.txt").write_text("".join(f"{n}\t{host}\n" for host, n in asked.items()))
    (folder / "axe.txt").write_text("\n".join(found) + "\n" if found else "")
    sys.stderr.write(f"Pictures in {folder}; axe: {len(found)}; hosts: {', '.join(asked)}\n")
    return 1 if found or set(asked) != {"localhost"} else 0


def _take(
    browser: Browser,
    url: str,
    folder: Path,
    scheme: str,
    phone: bool,
    asked: Counter[str],
    found: list[str],
) -> None:
    context, hosts = new_context(browser, scheme, phone)
    page = context.new_page()
    look = f"{scheme}-phone" if phone else scheme
    for path in PAGES:
        name = path or "overview"
        open_page(page, f"{url}/{path}")
        _whole_height(page, phone)
        page.screenshot(path=folder / f"{name}-{look}.png")
        found += [f"{name} {look}: {violation}" for violation in violations(page)]
    asked.update(hosts.asked)
    context.close()


def _whole_height(page: Page, phone: bool) -> None:
    """Grow the window to the page's height: Streamlit scrolls inside, not the document."""
    width = 390 if phone else 1360
    height = page.evaluate(
        "() => document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 900"
    )
    page.set_viewport_size({"width": width, "height": min(max(int(height), 844), 6000)})
    settle(page)
    page.wait_for_timeout(400)  # charts draw themselves anew after a change of size


if __name__ == "__main__":
    raise SystemExit(main())
