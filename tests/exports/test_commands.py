"""`reachwell import` and `imports` as processes: keys, exit codes, sentences."""

import shutil
from pathlib import Path

import pytest

from tests.collectors.cli import Cli
from tests.exports.made import SAMPLES, line, write

TELEHEALTH = SAMPLES / "telehealth" / "Medicare_Telehealth_Trends.csv"
PATIENTS = SAMPLES / "portal" / "synthea-csv" / "patients.csv"
KEYS = {
    "file", "format", "records", "inserted", "updated", "unchanged", "skipped", "rejected",
    "totals", "spend", "first_day", "last_day",
}  # fmt: skip


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a practice in it, to copy: a process takes its time."""
    home = tmp_path_factory.mktemp("described") / "home"
    Cli(home).json("setup", "--name", "Harbor", "--zone", "America/New_York")
    return home


@pytest.fixture
def cli(described: Path, tmp_path: Path) -> Cli:
    return Cli(Path(shutil.copytree(described, tmp_path / "home")))


def test_files_good_and_bad_side_by_side(cli: Cli, tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", [line(), line()])
    half = write(tmp_path / "half.csv", [line("2031,1"), line("2031,7")])
    people = write(tmp_path / "people.csv", ["Jane Roe,123456"], "name,mrn")
    names = [str(one) for one in (people, good, half)]
    done = cli.json("import", *names, code=1)["files"]
    assert [one["file"] for one in done] == ["good.csv", "half.csv"]
    assert all(set(one) == KEYS for one in done)
    assert done[0] == {
        "file": "good.csv", "format": "medicare_telehealth", "records": 2, "inserted": 1,
        "updated": 0, "unchanged": 0, "rejected": [], "spend": {},
        "skipped": [{"line": 3, "reason": "the same as an earlier record of this file"}],
        "totals": {"quarters": 1, "newest_quarter_users": 20, "newest_quarter_eligible": 100},
        "first_day": "2030-01-01", "last_day": "2030-03-31",
    }  # fmt: skip
    assert done[1]["rejected"] == [{"line": 3, "reason": "quarter: neither 1 to 4 nor Overall"}]
    told = cli.run("import", "--accept-partial", *names)
    assert told.returncode == 1
    assert "people.csv holds data of patients" in told.stderr and "Jane" not in told.stderr
    assert "good.csv: the same file was imported on" in told.stderr
    assert "rejected 1: quarter: neither 1 to 4 nor Overall (line 3)" in told.stdout
    kept = cli.json("imports", "list")["imports"]
    assert [(one["id"], one["file"], one["rejected"]) for one in kept] == [
        (2, "half.csv", 1), (1, "good.csv", 0),
    ]  # fmt: skip
    assert cli.json("imports", "undo", "2") | {"undone_at": ""} == {
        "id": 2, "file": "half.csv", "undone_at": "", "removed": 1, "restored": 0,
    }  # fmt: skip
    assert "was undone" in cli.refused("imports", "undo", "2")
    assert cli.run("import").returncode == 2


def test_a_dry_run_and_a_half_bad_file_at_the_terminal(cli: Cli, tmp_path: Path) -> None:
    half = write(tmp_path / "half.csv", [line(), line("2031,7")])
    told = cli.run("import", str(half), "--dry-run")
    assert told.returncode == 1
    assert "1 of 2 records are rejected; nothing of it is stored" in told.stderr
    assert "--accept-partial" in told.stderr
    told = cli.run("import", str(half), "--dry-run", "--accept-partial")
    assert told.returncode == 0 and "A dry run: nothing was changed." in told.stdout
    assert cli.json("imports", "list") == {"imports": []}


def test_nothing_is_set_up(tmp_path: Path) -> None:
    bare = Cli(tmp_path / "bare")
    path = write(tmp_path / "one.csv", [line()])
    assert "reachwell setup" in bare.refused("import", str(path))


@pytest.mark.skipif(not PATIENTS.is_file(), reason="the samples do not stand beside this checkout")
def test_no_value_of_a_patients_file_is_echoed(cli: Cli) -> None:
    text = PATIENTS.read_text(encoding="utf-8").splitlines()[1:]
    values = {cell for row in text for cell in row.split(",") if len(cell) > 3}
    for arguments in (("--dry-run",), ("--json", "--format", "medicare_telehealth")):
        done = cli.run("import", str(PATIENTS), *arguments)
        assert done.returncode == 1 and "portal release" in done.stderr
        assert not [one for one in values if one in done.stdout + done.stderr]


@pytest.mark.skipif(
    not TELEHEALTH.is_file(), reason="the samples do not stand beside this checkout"
)
def test_the_real_release(cli: Cli) -> None:
    (done,) = cli.json("import", str(TELEHEALTH))["files"]
    assert (done["records"], done["inserted"]) == (26488, 26488)
    assert (done["skipped"], done["rejected"]) == ([], [])
    assert (done["first_day"], done["last_day"]) == ("2020-01-01", "2024-06-30")
    assert done["totals"] == {
        "quarters": 18, "newest_quarter_users": 2599850, "newest_quarter_eligible": 21703025,
    }  # fmt: skip
    (again,) = cli.json("import", str(TELEHEALTH))["files"]
    assert again["unchanged"] == 26488
