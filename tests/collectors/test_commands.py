"""`reachwell accounts`, `collect` and `demo` as processes: keys, exit codes, sentences."""

import json
from pathlib import Path

import pytest

from tests.collectors.cli import Cli


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "home")


def test_nothing_is_set_up(cli: Cli) -> None:
    assert "reachwell setup" in cli.refused("accounts", "list")
    assert "reachwell setup" in cli.refused("collect")
    assert not list(cli.home.glob("*.sqlite3"))


def test_an_accounts_life(cli: Cli) -> None:
    cli.json("setup", "--name", "Harbor", "--zone", "America/New_York")
    with cli.sandbox("--days", "30") as sandbox:
        added = cli.connect(sandbox, "x", "--budget", "12.50")["account"]
        assert set(added) == {
            "account", "network", "handle", "state", "token_ends", "can", "cannot",
        }  # fmt: skip
        assert added["account"] == "x:harborfamilymed" and added["state"] == "connected"
        assert any("posts" in what for what in added["can"])
        assert cli.json("accounts", "test", "X:@HarborFamilyMed")["account"]["can"]
        assert cli.json("accounts", "pause", "x:harborfamilymed")["account"]["state"] == "paused"
        assert "resume" in cli.refused("collect", "x:harborfamilymed")
        assert cli.json("collect") == {"runs": []}
        assert "paused" in cli.run("collect").stderr
        cli.json("accounts", "resume", "x:harborfamilymed")
        runs = cli.json("collect", "x:harborfamilymed")["runs"]
        assert [run["stream"] for run in runs] == ["posts", "refresh", "account"]
        assert set(runs[0]) == {
            "account", "stream", "pages", "inserted", "updated", "unchanged", "error",
        }  # fmt: skip
        cli.json("accounts", "remove", "x:harborfamilymed")
        assert cli.json("accounts", "list") == {"accounts": []}
        again = cli.connect(sandbox, "x")["account"]
        assert again["state"] == "connected"
        assert sum(run["inserted"] for run in cli.json("collect")["runs"]) == 0
    assert "sandbox-x-" not in (cli.home / "reachwell.sqlite3").read_bytes().decode("latin-1")


def test_what_adding_refuses(cli: Cli) -> None:
    cli.json("setup", "--name", "Harbor", "--zone", "America/New_York")
    with cli.sandbox("--days", "30") as sandbox:
        address = ["--base-url", sandbox["url"], "--token-stdin"]
        one = sandbox["accounts"][0]
        add = ["accounts", "add", "x", "--handle"]
        assert "opens no account" in cli.refused(*add, "nobody", *address, stdin=one["token"])
        wrong = cli.refused(*add, one["handle"], *address, stdin="wrong-token")
        assert "does not accept the token" in wrong and "wrong-token" not in wrong
        assert "is empty" in cli.refused(*add, one["handle"], *address)
        usage = cli.run(*add, one["handle"], "--budget", "many", *address, stdin=one["token"])
        assert (usage.returncode, usage.stdout) == (2, "") and "no amount" in usage.stderr
        assert "loopback" in cli.refused(
            *add, "a", "--base-url", "http://example.org", "--token-stdin", stdin="t"
        )
        assert cli.run(*add, "a").returncode == 2
        assert cli.json("accounts", "list") == {"accounts": []}


def test_collect_ends_with_1_and_its_json_when_a_run_failed(cli: Cli) -> None:
    cli.json("setup", "--name", "Harbor", "--zone", "America/New_York")
    with cli.sandbox("--days", "30") as sandbox:
        cli.connect(sandbox, "x")
    done = cli.run("collect", "--json")  # the sandbox is gone: no network
    runs = json.loads(done.stdout)["runs"]
    assert done.returncode == 1 and "could not be reached" in runs[0]["error"]
    assert "could not be reached" in done.stderr


def test_a_demo_is_filled_once_and_takes_no_real_account(cli: Cli) -> None:
    made = cli.json("demo", "--days", "20")
    assert made["accounts"] == 4 and made["portal_releases"] > 0
    assert made["posts"] == len(cli.json("posts")["posts"]) > 20
    assert made["snapshots"] > 3 * made["posts"] and made["ad_days"] > 50
    assert "empty one" in cli.refused("demo")
    refused = cli.refused("accounts", "add", "x", "--handle", "a", "--token-stdin", stdin="t")
    assert "reachwell setup" in refused
    collected = cli.json("collect")["runs"]  # starts the sandbox for itself
    assert [run["error"] for run in collected] == [None] * len(collected)
    assert len(cli.json("campaigns", "list")["campaigns"]) >= 1


def test_collect_says_that_no_account_is_connected(cli: Cli) -> None:
    cli.json("setup", "--name", "Harbor", "--zone", "America/New_York")
    done = cli.run("collect", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"runs": []})
    assert "No account is connected" in done.stderr


def test_a_demo_beside_a_practice_says_which_file_is_opened(cli: Cli) -> None:
    cli.json("setup", "--name", "Harbor", "--zone", "America/New_York")
    done = cli.run("demo", "--days", "10", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["accounts"] == 4
    assert "filled in" in done.stderr and "demo.sqlite3" in done.stderr
    assert str(cli.home / "reachwell.sqlite3") in done.stderr
    assert cli.json("accounts", "list") == {"accounts": []}
