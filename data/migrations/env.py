"""How Alembic runs here: on a connection handed over by `data.migrate`, inside its transaction."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlmodel.sql.sqltypes import AutoString

from data.models import Base, UtcDateTime


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our types as plain as the migration can use them for ever."""
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return "sa.String()"
    if isinstance(item, UtcDateTime):
        autogen.imports.add("from data.models.base import UtcDateTime")
        return "UtcDateTime()"
    return False


def compare_type(
    _context: Any, _column: Any, _inspected: Any, inspected_type: Any, metadata_type: Any
) -> bool | None:
    """Strings have no length here; instants differ by database and are equal by design."""
    if isinstance(metadata_type, UtcDateTime):
        return not isinstance(inspected_type, (sa.DateTime, sa.BigInteger))
    return None


def run(connection: Connection) -> None:
    """Configure and run what was asked for."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        compare_type=compare_type,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _own_connection() -> None:
    """For `alembic revision --autogenerate`: the database that the settings name."""
    from data.session import make_engine
    from data.settings import load_settings

    with make_engine(load_settings().open_url).connect() as connection:
        run(connection)


_given = context.config.attributes.get("connection")
if _given is None:
    _own_connection()
else:
    run(_given)
