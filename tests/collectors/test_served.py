"""Posts from a file, served as a network would, collected by the command line: nothing added."""

import csv
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.collectors.cli import Cli

SAMPLE = (
    Path(__file__).resolve().parents[3]
    / "shared/samples/exports/fb-page-freecodecamp/freeCodeCamp-facebook-page-activity.csv"
)
ZONE = ZoneInfo("America/New_York")
Line = dict[str, Any]
METRICS = ("reach", "clicks", "reactions")
#: What must arrive as it is.
AWKWARD: list[Line] = [
    {"text": "Grippeimpfung 👩‍⚕️ & <Husten> \"jetzt\"", "metrics": {"reactions": 3}},
    {"text": "מרפאה פתוחה היום", "metrics": {"reach": 0, "clicks": 0, "reactions": 0}},
    {"text": "No figure at all", "metrics": {}},
    {"text": "", "metrics": {"reach": 9_000_000_000}},
    {"text": "x" * 60_000, "metrics": {"reach": 12, "clicks": 1}},
    {"text": "Line one\nline two\ttabbed", "metrics": {"clicks": 4}},
]  # fmt: skip


def serve_and_collect(cli: Cli, lines: Sequence[Line], path: Path) -> list[Line]:
    """The lines through sandbox, `accounts add`, `collect`, `posts`; a second collect too."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    cli.json("setup", "--name", "Harbor", "--zone", "America/New_York", "--currency", "USD")
    with cli.sandbox("--serve", str(path)) as sandbox:
        cli.connect(sandbox, "facebook")
        first = cli.json("collect")
        assert sum(run["inserted"] for run in first["runs"]) == len(lines)
        again = cli.json("collect")
        assert [run["inserted"] for run in again["runs"]] == [0] * len(again["runs"])
        assert [run["error"] for run in again["runs"]] == [None] * len(again["runs"])
    posts: list[Line] = cli.json("posts")["posts"]
    return posts


def line(
    number: int, at: datetime, text: str, metrics: dict[str, int], kind: str
) -> dict[str, Any]:
    return {
        "network": "facebook",
        "remote_id": f"1001_{number}",
        "published_at": at.isoformat(),
        "text": text,
        "kind": kind,
        "metrics": metrics,
    }


def assert_same(posts: list[Line], lines: Sequence[Line]) -> None:
    found = {post["remote_id"]: post for post in posts}
    assert len(found) == len(posts) == len(lines)
    for one in lines:
        post = found[one["remote_id"]]
        assert post["text"] == one["text"]
        figures = {name: post["metrics"].get(name) for name in METRICS}
        assert figures == {name: one["metrics"].get(name) for name in METRICS}
        assert datetime.fromisoformat(post["published_at"]) == datetime.fromisoformat(
            one["published_at"]
        )


def test_a_files_posts_come_out_as_they_went_in(tmp_path: Path) -> None:
    at = datetime(2026, 5, 2, 9, 30, tzinfo=ZONE)
    lines = [
        line(number, at.replace(day=number + 1), one["text"], one["metrics"], "post")
        for number, one in enumerate(AWKWARD)
    ]
    posts = serve_and_collect(Cli(tmp_path / "home"), lines, tmp_path / "lines.jsonl")
    assert_same(posts, lines)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the samples are not here")
def test_the_420_posts_of_a_real_page(tmp_path: Path) -> None:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [
        line(number, moment(row), row["title"], figures(row), row["type"].lower())
        for number, row in enumerate(rows)
    ]
    assert len(lines) == 420
    posts = serve_and_collect(Cli(tmp_path / "home"), lines, tmp_path / "lines.jsonl")
    assert_same(posts, lines)
    for name in METRICS:
        total = sum(int(row[name]) for row in rows if row[name].isdigit())
        assert sum(post["metrics"].get(name, 0) for post in posts) == total
    known = {name for post in posts for name in post["metrics"]}
    assert known == set(METRICS) | ({"engagement"} & known)  # nothing that the file has not


def moment(row: dict[str, str]) -> datetime:
    return datetime.strptime(f"{row['date']} {row['time']}", "%m/%d/%Y %I:%M %p").replace(
        tzinfo=ZONE
    )


def figures(row: dict[str, str]) -> dict[str, int]:
    """What the file has; one cell holds the words of a button."""
    return {name: int(row[name]) for name in METRICS if row[name].isdigit()}
