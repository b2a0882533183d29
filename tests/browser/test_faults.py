"""What a person sees in the browser when the desk cannot work."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.pages import open_page
from tests.browser.server import serving


def test_a_database_from_a_newer_version(page: Page, tmp_path: Path, sqlite_template: Path) -> None:
    file = tmp_path / "home" / "reachwell.sqlite3"
    file.parent.mkdir()
    shutil.copy(sqlite_template, file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with serving(file.parent) as desk:
        open_page(page, f"{desk.url}/engagement")
        said = page.get_by_test_id("stAlert").first
        expect(said).to_contain_text("made by a newer version of Reachwell (schema 9999)")
        expect(said).to_contain_text("Install that version or a later one")
        assert page.get_by_test_id("stException").count() == 0
