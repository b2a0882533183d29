"""The schema: one history for both databases."""

from alembic import command
from sqlalchemy import Engine

from data.migrate import config, current, upgrade


def test_an_empty_database_gets_the_newest_schema(empty_database_url: str) -> None:
    from data.session import make_engine

    engine = make_engine(empty_database_url)
    assert current(engine) is None
    assert upgrade(engine) == current(engine)
    assert upgrade(engine) == current(engine)
    engine.dispose()


def test_migrations_and_models_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        command.check(config(connection))
