"""A practice is set up whole, or not at all."""

from pathlib import Path

import pytest

from data import practice
from data.errors import Refused
from data.session import make_engine, open_session
from data.setting_up import set_up
from data.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("REACHWELL_DATABASE_URL", raising=False)
    monkeypatch.setenv("REACHWELL_HOME", str(tmp_path))
    return load_settings()


def files(settings: Settings) -> set[str]:
    return {path.name for path in settings.resolved_home.iterdir()}


def test_it_makes_database_and_keys_and_is_open_at_once(settings: Settings) -> None:
    set_up(settings, "page", name="Harbor", zone="Europe/Madrid", currency="EUR", language="es")
    assert files(settings) == {"reachwell.sqlite3", "worker.key", "worker.pub"}
    assert load_settings().open_url.endswith("reachwell.sqlite3")
    engine = make_engine(load_settings().open_url)
    with open_session(engine, "test") as session:
        made = practice.get(session)
    engine.dispose()
    assert made is not None
    assert (made.name, made.zone, made.currency, made.is_demo) == (
        "Harbor",
        "Europe/Madrid",
        "EUR",
        False,
    )


def test_what_is_refused_leaves_no_database(settings: Settings) -> None:
    with pytest.raises(Refused, match="no time zone"):
        set_up(settings, "page", name="Harbor", zone="Nowhere/Land")
    assert files(settings) == {"worker.key", "worker.pub"}


def test_a_second_time_is_refused_and_changes_nothing(settings: Settings) -> None:
    set_up(settings, "page", name="Harbor")
    before = (settings.resolved_home / "reachwell.sqlite3").read_bytes()
    with pytest.raises(Refused, match="set up already"):
        set_up(settings, "page", name="Another")
    assert (settings.resolved_home / "reachwell.sqlite3").read_bytes() == before


def test_a_database_that_was_named_is_described_in_place(
    empty_database_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REACHWELL_DATABASE_URL", empty_database_url)
    set_up(load_settings(), "page", name="Harbor")
    with pytest.raises(Refused, match="holds “Harbor” already"):
        set_up(load_settings(), "page", name="Another")
