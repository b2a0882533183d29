"""The house's own rules: floors, closed rooms, sizes, and what may stand in a tracked file."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("dashboard", "collectors", "campaigns", "content", "data")
PRODUCT = (*FLOORS, "reachwell.py", "streamlit_app.py")

#: A file may be longer when its docstring says why, beginning so.
REASON = "Long because"
LONGEST_FILE = 300
LONGEST_FUNCTION_P90 = 30

#: file -> what it must not import, one line each; which contract says so
VIOLATIONS = {
    "data/wrong_floor.py": ["import content.topics", "import collectors"],
    "content/wrong_floor.py": ["import campaigns", "import dashboard"],
    "collectors/wrong_floor.py": ["import dashboard.theme"],
    "collectors/wrong_room.py": ["import streamlit", "import plotly", "import sqlmodel"],
    "dashboard/wrong_room.py": [
        "import tweepy",
        "import facebook_business",
        "import apscheduler",
        "import requests",
        "import sqlalchemy",
        "import data.unsealing",
        "import opendp",
        "import duckdb",
    ],
    "data/wrong_room.py": ["import ibis"],
    "dashboard/screens/wrong_room.py": ["import alembic"],
    "campaigns/wrong_room.py": ["import psycopg"],
}


def _lint_imports(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )


def test_the_floors_hold() -> None:
    said = _lint_imports(ROOT)
    assert said.returncode == 0, said.stdout
    assert "0 broken" in said.stdout


def test_each_deliberate_violation_is_found(tmp_path: Path) -> None:
    for name in FLOORS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, lines in VIOLATIONS.items():
        (tmp_path / name).write_text('"""Wrong on purpose."""\n\n' + "\n".join(lines) + "\n")
    said = _lint_imports(tmp_path)
    assert said.returncode != 0
    assert "0 kept" in said.stdout, said.stdout
    for name, lines in VIOLATIONS.items():
        module = name.removesuffix(".py").replace("/", ".")
        for line in lines:
            wrong = f"{module} -> {line.removeprefix('import ')}"
            assert wrong in said.stdout, f"{wrong} was not found:\n{said.stdout}"


def test_functions_are_short() -> None:
    lengths = sorted(
        (node.end_lineno or 0) - node.lineno + 1
        for _, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    p90 = lengths[int(len(lengths) * 0.9)]
    assert p90 <= LONGEST_FUNCTION_P90, f"nine of ten functions are within {p90} lines"


def test_a_long_file_says_why() -> None:
    long = [
        f"{path}: {lines} lines"
        for path, tree in _trees()
        if (lines := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
        and REASON not in (ast.get_docstring(tree) or "")
    ]
    assert not long, f'say "{REASON} …" in the docstring, or split: {long}'


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in _tracked():
        if path.suffix == ".py":
            yield path, ast.parse((ROOT / path).read_text(encoding="utf-8"))


@cache
def _tracked() -> tuple[Path, ...]:
    """The files of the repository; of the folder where it is an export without git."""
    asked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if asked.returncode == 0:
        return tuple(Path(name) for name in asked.stdout.split("\0") if (ROOT / name).is_file())
    inside = ("Makefile", "pyproject.toml", ".ci", ".streamlit", "docs", "tests", "bench", *PRODUCT)
    found = (file for name in inside for file in [ROOT / name, *(ROOT / name).rglob("*")])
    return tuple(
        file.relative_to(ROOT)
        for file in found
        if file.is_file() and "__pycache__" not in file.parts
    )


#: Written in pieces, so that this file does not hold what it looks for.
FOREIGN = {
    "a machine's path": r"/(?:" + "|".join(("work", "ro" + "ot", "Us" + "ers", "ho" + "me")) + r")/"
    r"[a-z][\w.-]*",
    "a registry's host": r"(?i)\b(?:" + "|".join(("py" + r"pi\.org", "python" + r"hosted\.org",
    "registry\\." + "npm", "arti" + "factory", "proxy\\." + "golang")) + r")",
    "a private key": "-----BEGIN " + "[A-Z ]*PRIVATE KEY",
}  # fmt: skip


@pytest.mark.parametrize("what", FOREIGN)
def test_no_tracked_file_holds(what: str) -> None:
    pattern = re.compile(FOREIGN[what])
    found = [
        f"{path}: {hit.group()}"
        for path in _tracked()
        for hit in pattern.finditer((ROOT / path).read_text(encoding="utf-8", errors="replace"))
    ]
    assert not found, found


def test_the_locks_name_hashes_and_no_host() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text and " @ " not in text, lock.name
        packages = re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)
        hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}", text)
        assert packages and len(hashes) >= len(packages), lock.name


def test_there_is_no_folder_pages_beside_the_script() -> None:
    """Streamlit would run such a page alone on a first deep link, without frame and checks."""
    assert not (ROOT / "dashboard" / "pages").exists()
    assert (ROOT / "dashboard" / "screens" / "__init__.py").exists()
