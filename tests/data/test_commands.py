"""`reachwell setup` and `reachwell posts`, as a person or a script calls them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

import reachwell
from data import ingest, practice, raw
from data.errors import Refused
from data.models import Account
from data.records import PostRecord, Raw
from data.session import open_session

#: 23:30 in New York, the next day in UTC.
LATE = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)


def call(*words: str, code: int = 0) -> dict[str, Any]:
    done = CliRunner().invoke(reachwell.build(words), words)
    if isinstance(done.exception, Refused):
        raise done.exception
    assert done.exit_code == code, done.output
    if code:
        return {"said": done.stderr}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("REACHWELL_DATABASE_URL", raising=False)
    monkeypatch.setenv("REACHWELL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_setup_has_a_default_for_everything_and_changes_what_is_named(home: Path) -> None:
    first = call("setup", "--json")
    assert set(first) == {"database", "revision", "practice"}
    assert first["database"] == f"sqlite:///{home}/reachwell.sqlite3"
    assert first["practice"] == {
        "name": "My practice",
        "zone": "America/New_York",
        "currency": "USD",
        "language": "en",
        "patients": None,
        "zip3s": [],
        "phones": [],
        "emails": [],
        "addresses": [],
        "sites": [],
        "staff": [],
        "is_demo": False,
    }
    changed = call(
        *("setup", "--json", "--name", "Hudson", "--zip3", "100,112", "--patients", "8000"),
        *("--phone", "555-0100", "--phone", "555-0101", "--address", "1 Main St, Hudson"),
    )["practice"]
    assert (changed["name"], changed["patients"]) == ("Hudson", 8000)
    assert changed["zip3s"] == ["100", "112"]
    assert changed["phones"] == ["555-0100", "555-0101"]
    assert changed["addresses"] == ["1 Main St, Hudson"]
    assert call("setup", "--json")["practice"] == changed
    assert {path.name for path in home.iterdir()} >= {"worker.key", "worker.pub"}


def test_setup_refuses_with_a_sentence_and_makes_nothing(home: Path) -> None:
    with pytest.raises(Refused, match="no time zone"):
        call("setup", "--zone", "Mars/Olympus")
    assert not (home / "reachwell.sqlite3").exists()


def test_setup_hides_the_databases_password(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = engine.url
    if url.get_backend_name() == "postgresql":
        url = url.set(password="hunter2")
    monkeypatch.setenv("REACHWELL_DATABASE_URL", url.render_as_string(hide_password=False))
    answer = call("setup", "--json", "--name", "Hudson")
    assert "hunter2" not in answer["database"]
    with open_session(engine, "test") as session:
        stored = practice.get(session)
        assert stored is not None
        assert stored.name == "Hudson"


@pytest.fixture
def listed(engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Three posts of two accounts; the newest has no figures at all."""
    url = engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("REACHWELL_DATABASE_URL", url)
    with open_session(engine, "test", write=True) as session:
        practice.describe(session, zone="America/New_York")
        for network, posts in (
            ("x", [post("1", LATE, likes=5, impressions=90), post("2", LATE, likes=0)]),
            ("facebook", [post("9", LATE + timedelta(days=1))]),
        ):
            account = Account(network=network, handle="Hud", handle_key="hud", created_at=LATE)
            session.add(account)
            session.flush()
            ids = raw.store(session, account.id, network, [Raw("/me", "2", 200, LATE, b"{}")])
            ingest.posts(session, account, posts, ids, lambda _: [("sleep", ()), ("flu", ())])
    return engine


def post(remote_id: str, at: datetime, **metrics: int) -> PostRecord:
    return PostRecord(
        remote_id, "post", at, f"text {remote_id}", None, (), None, metrics, at + timedelta(hours=1)
    )


def ids(*words: str) -> list[str]:
    return [row["remote_id"] for row in call("posts", "--json", *words)["posts"]]


def test_posts_are_listed_whole(listed: Engine) -> None:
    newest, first, second = call("posts", "--json")["posts"]
    assert newest["metrics"] == {}
    assert newest["published_at"] == "2026-03-04T04:30:00+00:00"
    source = first.pop("source")
    assert first == {
        "remote_id": "1",
        "network": "x",
        "account": "x:Hud",
        "published_at": "2026-03-03T04:30:00+00:00",
        "text": "text 1",
        "topics": ["sleep", "flu"],
        "metrics": {"impressions": 90, "likes": 5},
    }
    assert source.startswith("raw:")
    assert source.endswith(" /me")
    assert second["metrics"] == {"likes": 0}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ["9", "1", "2"]),
        (("--network", "x"), ["1", "2"]),
        (("--network", "instagram"), []),
        (("--since", "2026-03-03"), ["9"]),
        (("--since", "2026-03-02"), ["9", "1", "2"]),
        (("--until", "2026-03-02"), ["1", "2"]),
        (("--since", "2026-03-03", "--until", "2026-03-02"), []),
        (("--sort", "likes"), ["1", "2", "9"]),
        (("--sort", "engagement", "--limit", "1"), ["1"]),
        (("--sort", "reach"), ["9", "1", "2"]),
        (("--limit", "2"), ["9", "1"]),
        (("--limit", "0"), []),
    ],
)
def test_posts_are_chosen_by_the_practices_days(
    listed: Engine, words: tuple[str, ...], expected: list[str]
) -> None:
    assert ids(*words) == expected


@pytest.mark.parametrize(
    "words",
    [("--sort", "fame"), ("--network", "facebok"), ("--since", "soon"), ("--limit", "-1")],
)
def test_wrong_usage_is_two(listed: Engine, words: tuple[str, ...]) -> None:
    assert call("posts", *words, code=2)["said"]


def test_people_get_lines(listed: Engine) -> None:
    done = CliRunner().invoke(reachwell.build(["posts"]), ["posts"])
    assert "x:Hud  text 1  [impressions 90, likes 5]" in done.stdout
    assert len(done.stdout.splitlines()) == 3
