"""A database that cannot be opened: a sentence, no traceback, and work goes on once it can."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.web.database import prepare
from tests.browser.server import ROOT, clean_environment, serving
from tests.process.machine import hearts_of, reachwell, wait_for, workers_of


@pytest.fixture
def file(tmp_path: Path, sqlite_template: Path) -> Path:
    """A migrated database in a home."""
    home = tmp_path / "home"
    home.mkdir()
    return Path(shutil.copy(sqlite_template, home / "reachwell.sqlite3"))


def _revision(file: Path, revision: str | None = None) -> str:
    with closing(sqlite3.connect(file)) as connection, connection:
        if revision is not None:
            connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_a_good_one_opens(file: Path) -> None:
    assert prepare(f"sqlite:///{file}") is None


def test_from_a_newer_version(file: Path) -> None:
    _revision(file, "9999")
    said = prepare(f"sqlite:///{file}") or ""
    assert "made by a newer version of Reachwell (schema 9999)" in said
    assert "Install that version" in said


def test_not_a_database(tmp_path: Path) -> None:
    (tmp_path / "letter.sqlite3").write_text("Dear patients, " * 500)
    said = prepare(f"sqlite:///{tmp_path / 'letter.sqlite3'}") or ""
    assert "not a database, or it is damaged" in said and "Restore the last backup" in said


def test_read_only(file: Path) -> None:
    said = prepare(f"sqlite:///file:{file}?mode=ro&uri=true") or ""
    assert "can only be read" in said and "right to write" in said


def test_an_address_that_is_none() -> None:
    assert "Write sqlite:////" in (prepare("practice.sqlite3") or "")
    assert "Write sqlite:////" in (prepare("mysql://localhost/reachwell") or "")


def test_no_server_there() -> None:
    said = prepare("postgresql://desk@127.0.0.1:1/reachwell") or ""
    assert "does not answer" in said and "PostgreSQL" in said


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A folder on a disk of 64 KB; where none can be mounted, a limit on a file's size."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = os.geteuid() == 0 and not subprocess.call(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], stderr=subprocess.DEVNULL
    )
    yield folder, 0 if mounted else 60_000
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)


LIMITED = """
import resource, sys
from dashboard.web.database import prepare
if int(sys.argv[2]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
print(prepare("sqlite:///" + sys.argv[1]))
"""


def test_a_full_disk(small_disk: tuple[Path, int]) -> None:
    folder, limit = small_disk
    said = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder / "reachwell.sqlite3"), str(limit)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env=clean_environment({}),
    ).stdout
    assert ("is full" in said and "Free some space" in said) or "Check the disk" in said


def test_the_server_says_it_and_goes_on_once_it_can(file: Path) -> None:
    home, good = file.parent, _revision(file)
    _revision(file, "9999")
    with serving(home) as desk:
        desk.wait_until_said("made by a newer version")
        assert (desk.live() or {})["ok"] is False
        assert desk.get("/").status == 200
        health = reachwell(home, "health", "--json")
        assert health.code == 1
        assert "this version wants" in health.out
        _revision(file, good)
        wait_for(lambda: (desk.live() or {}).get("ok"), 30, "the server opens it")
        wait_for(lambda: hearts_of(home, "reachwell"), 60, "a worker on it")
        assert "Traceback" not in desk.said()


def test_a_locked_one_keeps_nobody_from_the_page(file: Path) -> None:
    home = file.parent
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with serving(home) as desk:
            assert desk.get("/").status == 200
            wait_for(lambda: workers_of(home), 30, "a worker")
            assert hearts_of(home, "reachwell") == {}
            other.execute("ROLLBACK")
            wait_for(lambda: hearts_of(home, "reachwell"), 60, "the worker's sign of life")
            assert "Traceback" not in desk.said()
