"""`reachwell sandbox` as a process of its own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

RUN = [sys.executable, "-c", "from collectors.sandbox.commands import app; app()"]


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*RUN, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"REACHWELL_HOME": str(folder)},
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_line_is_json_and_a_signal_ends_it(tmp_path: Path, number: int) -> None:
    with start(tmp_path, "--clock", "2026-03-01", "--seed", "11", "--days", "30") as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        assert [one["network"] for one in first["accounts"]] == [
            "x", "facebook", "instagram", "meta_ads",
        ]  # fmt: skip
        assert set(first["accounts"][0]) == {"network", "handle", "remote_id", "token"}
        assert requests.get(f"{first['url']}/_clock", timeout=9).json()["now"] > "2026-03-01"
        process.send_signal(number)
        assert process.wait(10) == 0
        assert process.stdout.read() == ""
    assert json.loads((tmp_path / "truth.json").read_bytes())["seed"] == 11


def test_the_same_seed_keeps_ids_and_tokens_over_a_restart(tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        with start(tmp_path, "--days", "3") as process:
            assert process.stdout is not None
            seen.append(json.loads(process.stdout.readline())["accounts"])
            process.terminate()
    assert seen[0] == seen[1]


def test_a_bad_file_ends_with_a_sentence(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{]\n")
    with start(tmp_path, "--serve", str(bad)) as process:
        assert process.wait(20) == 1
        assert process.stderr is not None and "bad.jsonl, line 1" in process.stderr.read()


def test_a_port_in_use_ends_with_a_sentence(tmp_path: Path) -> None:
    with start(tmp_path, "--days", "3") as first:
        assert first.stdout is not None
        port = json.loads(first.stdout.readline())["url"].rpartition(":")[2]
        with start(tmp_path, "--port", port) as second:
            assert second.wait(20) == 1
            assert second.stderr is not None and f"port {port}" in second.stderr.read()
        first.terminate()
