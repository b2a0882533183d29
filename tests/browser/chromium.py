"""Find a Chromium that runs, or install one: `python -m tests.browser.chromium`.

First those of the machine, then Playwright's own; where there is none, apt (as root), then
Playwright's download. Fails with a sentence where all that fails.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NONE_FOUND = (
    "The browser tests need Chromium; none was found and it could not be installed. "
    "Install it (on Debian: apt install chromium) or name one: "
    "REACHWELL_CHROMIUM=/path/to/chromium make test"
)


@cache
def executable() -> Path:
    """A Chromium that runs; RuntimeError with a sentence where there is none."""
    found = _on_machine() or _playwrights_own()
    if found is None:
        raise RuntimeError(NONE_FOUND)
    return found


def ensure() -> Path:
    """The same, installed where there is none."""
    found = _on_machine() or _playwrights_own()
    if found is None:
        _install()
        found = executable()
    return found


def _on_machine() -> Path | None:
    named = os.environ.get("REACHWELL_CHROMIUM")
    candidates = [named] if named else [shutil.which(name) for name in NAMES]
    return next((Path(path) for path in candidates if path and _runs(path)), None)


def _runs(path: str) -> bool:
    """Whether it starts: some systems ship a stub that only says what to install."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and b"Chrom" in said.stdout


def _playwrights_own() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() and _runs(str(path)) else None


def _install() -> None:
    sys.stderr.write("No Chromium found: installing one ...\n")
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", "chromium"]):
            _try(["apt-get", "-y", *words], quiet)
        if _on_machine():
            return
    _try([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def _try(command: list[str], environment: dict[str, str]) -> None:
    """Run an installer; whether it helped is seen by looking again."""
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=2, check=False)


def main() -> int:
    """Say which one; 1 with a sentence where there is none."""
    try:
        path = ensure()
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.write(f"Chromium: {path}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
