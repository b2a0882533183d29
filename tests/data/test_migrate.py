"""The schema: one history for both databases."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from data import migrate
from data.errors import Refused
from data.metrics import POST_METRIC_NAMES
from data.migrate import _check_foreign_keys, config, current, upgrade
from data.models import Base, Counters
from data.session import make_engine


def test_an_empty_database_gets_the_newest_schema(empty_database_url: str) -> None:
    engine = make_engine(empty_database_url)
    assert current(engine) is None
    head = upgrade(engine)
    assert current(engine) == head
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    assert upgrade(engine) == head
    engine.dispose()


def test_migrations_and_models_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        command.check(config(connection))


def test_a_newer_database_is_refused_and_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Refused, match="newer version of Reachwell"):
        upgrade(engine)
    assert current(engine) == "9999"


def test_two_processes_may_migrate_at_once(empty_database_url: str) -> None:
    code = (
        "import sys; from data.migrate import upgrade; from data.session import make_engine; "
        "print(upgrade(make_engine(sys.argv[1])))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, empty_database_url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in running]
    engine = make_engine(empty_database_url)
    head = current(engine)
    engine.dispose()
    assert [(out.strip(), err) for out, err in said] == [(head, "")] * 2


def test_a_failed_migration_changes_nothing(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_connection: object) -> None:
        raise Refused("rows point to rows that do not exist")

    monkeypatch.setattr("data.migrate._check_foreign_keys", fail)
    engine = make_engine(empty_database_url)
    with pytest.raises(Refused):
        upgrade(engine)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_rows_that_point_nowhere_are_refused(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url, foreign_keys=False)
    with engine.begin() as connection:
        _check_foreign_keys(connection)
        connection.exec_driver_sql("INSERT INTO campaign_label VALUES (17, 'flu')")
        with pytest.raises(Refused, match="rows of campaign_label point to rows"):
            _check_foreign_keys(connection)
    engine.dispose()


def test_migrations_come_with_the_package() -> None:
    import data

    assert (Path(data.__file__).parent / "migrations" / "env.py").exists()
    assert (Path(data.__file__).parent / "migrations" / "script.py.mako").exists()


def test_counters_are_the_registrys() -> None:
    assert tuple(Counters.model_fields) == POST_METRIC_NAMES


def test_the_scripts_names_are_their_revisions_in_one_row() -> None:
    script = ScriptDirectory.from_config(migrate.config())
    row = [one.revision for one in script.walk_revisions()]
    assert row == sorted(migrate._known_revisions(), reverse=True)
    assert migrate.head() == script.get_current_head()
