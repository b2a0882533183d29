"""The root of the command line: help answers at once, because it imports next to nothing."""

import subprocess
import sys

import reachwell

PROBE = """
import sys
sys.argv = ["reachwell", "--help"]
from reachwell import main
try:
    main()
except SystemExit:
    pass
sys.stderr.write(" ".join(sys.modules))
"""
HEAVY = {"rich", "pandas", "numpy", "sqlalchemy", "sqlmodel", "streamlit", "alembic", "tweepy"}


def test_help_names_every_area_and_imports_none_of_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, timeout=60
    )

    assert all(area in done.stdout for area in reachwell.AREAS)
    assert HEAVY.isdisjoint(done.stderr.split())


def test_an_unknown_area_is_wrong_usage() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reachwell", "nonsense"], capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 2
    assert "nonsense" in done.stderr
