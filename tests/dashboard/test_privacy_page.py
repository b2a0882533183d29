"""The page Privacy, run as the server runs it but without a browser."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components import privacy_parts
from tests.dashboard import released
from tests.dashboard.test_desk_pages import words
from tests.dashboard.test_overview_page import MAIN

Open = Callable[..., AppTest]
FORBIDDEN = ("safe harbor", "beyond doubt", "fully anonymous", "anonymised", "anonymized")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home that holds the marker and the folder of logs."""
    return tmp_path / "home"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, home: Path) -> Open:
    """Opens a screen on a database, with query parameters."""

    def _open(url: str, screen: str = "privacy", **params: str) -> AppTest:
        monkeypatch.setenv("REACHWELL_DATABASE_URL", url)
        monkeypatch.setenv("REACHWELL_HOME", str(home))
        app = AppTest.from_file(MAIN, default_timeout=60)
        app.query_params.update(params)
        app.switch_page(f"screens/{screen}.py").run()
        assert not app.exception
        return app

    return _open


@pytest.fixture
def url(sqlite_url: str, home: Path) -> str:
    """Ten weeks released, two of them again."""
    released.describe(sqlite_url, home)
    released.release_weeks(sqlite_url, home)
    released.release_weeks(sqlite_url, home, weeks=2, correct=True)
    return sqlite_url


def markup(app: AppTest) -> str:
    return "".join(one.proto.body for one in app.get("html"))


def test_the_ledger_says_what_is_used_and_what_a_year_costs(opened: Open, url: str) -> None:
    app = opened(url)
    # 70 days, 10 weeks in three tables, 2 months; of them 14 days and 2 weeks again.
    cost = 70 * 0.0008 + 30 * 0.0028 + 1 * 0.004 + 14 * 0.0008 + 6 * 0.0028
    assert app.header[0].value == f"{cost:.2f} of 1 is used in the fullest 365 days of data"
    assert "At this pace the next year costs 0.79." in words(app)
    assert 'aria-label="Of the budget of 1, 0.79 is the plan of regular releases' in markup(app)
    assert "The next year costs 0.79: within the plan of 0.79" in words(app)


def test_tables_are_told_in_words_and_years_honestly(opened: Open, url: str) -> None:
    app = opened(url)
    made = markup(app)
    assert "at most one, in each of at most 5 cells" in made
    assert "51.5 %" in made and "± 59 patients" in made
    assert "1 year at the cap: 76 %" in made and "5 years at the cap: 94 %" in made
    said = words(app)
    assert "Dong, Roth and Su 2022" in said
    assert "What is never kept" in said and "What this does not promise" in said


def test_releases_are_listed_a_page_at_a_time(opened: Open, url: str) -> None:
    first, last = opened(url), opened(url, page="7")
    rows = 70 + 30 + 1 + 14 + 6
    assert f"{rows} releases, 20 of them corrections" in words(first)
    assert f"Page 1 of 7; the file holds all {rows}." in words(first)
    assert markup(first).count('data-label="Source"') == privacy_parts.A_PAGE + 5
    assert "olivia@example.org" in markup(first) and "Replaces that of" in markup(first)
    assert markup(last).count('data-label="Source"') == rows - 6 * privacy_parts.A_PAGE + 5


def test_nothing_was_released_yet(opened: Open, sqlite_url: str, home: Path) -> None:
    released.describe(sqlite_url, home)
    said = words(opened(sqlite_url))
    assert "Nothing is used yet: 0 of 1" in said
    assert "No release yet" in said and "No release in the last 90 days of data" in said


def test_a_missing_marker_is_said_above_the_rest(opened: Open, url: str, home: Path) -> None:
    shutil.rmtree(home / "privacy")
    app = opened(url)
    assert "The marker of this database's releases is not at" in app.error[0].proto.title
    assert "of 1 is used" in app.header[0].value


def test_a_database_from_an_older_backup_is_said(
    opened: Open, url: str, home: Path, tmp_path: Path
) -> None:
    file = Path(url.removeprefix("sqlite:///"))
    older = tmp_path / "older.sqlite3"
    shutil.copy(file, older)  # closed engines leave the whole database in it
    released.release_weeks(url, home, weeks=1, correct=True)
    app = opened(f"sqlite:///{older}")
    assert [one.proto.title for one in app.warning] == [
        "This database has lost 10 releases that were made"
    ]


def test_no_page_claims_more_than_it_may(opened: Open, url: str) -> None:
    for screen in ("privacy", "portal"):
        app = opened(url, screen)
        said = (words(app) + markup(app)).lower()
        assert "identifiers removed, aggregated, differentially private" in said
        assert not [claim for claim in FORBIDDEN if claim in said]


def test_epsilon_stands_on_this_page_alone(opened: Open, url: str) -> None:
    assert "epsilon" in words(opened(url))
    portal = opened(url, "portal", view="Release")
    assert "epsilon" not in words(portal) and "ε" not in words(portal) + markup(portal)


def test_printing_leaves_out_what_is_for_the_screen() -> None:
    style = privacy_parts.STYLE.read_text(encoding="utf-8")
    printed = style[style.index("@media print") :]
    for hidden in ("stSidebar", ".stButton", ".stDownloadButton", ".st-key-rw-print"):
        assert hidden in printed
