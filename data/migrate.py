"""Bring a database to this version's schema. Safe when several processes do it at once.

Alembic is imported by whoever migrates: a start that finds all in order saves half a second.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from data.errors import Refused
from data.faults import refusing
from data.session import make_engine

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).parent / "migrations"
_VERSION = "alembic_version"

#: Any number that nothing else in the database locks by.
_PG_LOCK = 7_302_461


def upgrade(engine: Engine) -> str:
    """Migrate to this version's schema; the revision. Refused where it is newer than that.

    One that is up to date is only read: whoever holds the write lock keeps nobody waiting.
    """
    wanted = head()
    if current(engine) == wanted:
        return wanted
    with refusing(), _migrating(engine) as owner, owner.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PG_LOCK})
        found = _revision(connection)
        if found is not None and found not in _known_revisions():
            raise Refused(
                f"The database was made by a newer version of Reachwell (schema {found}).",
                "Install that version or a later one, or open another database.",
            )
        if found != wanted:
            from alembic import command

            command.upgrade(config(connection), "head")
            _check_foreign_keys(connection)
    return wanted


def current(engine: Engine) -> str | None:
    """The database's revision, None where it has no tables yet."""
    with refusing(), engine.connect() as connection:
        return _revision(connection)


def head() -> str:
    """The revision that this version wants."""
    return max(_known_revisions())


def check_writable(engine: Engine) -> None:
    """Refused where the database can only be read, is full, or stays locked.

    It writes the revision that stands there: taking SQLite's write lock alone succeeds on a
    file that can only be read.
    """
    with refusing(), engine.execution_options(write=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration: the scripts beside this file, the connection handed over."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def _known_revisions() -> set[str]:
    """By the scripts' names: m0002_… makes revision 0002; they are in one row."""
    return {path.name[1:5] for path in (_SCRIPTS / "versions").glob("m[0-9]*.py")}


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION):
        return None
    return connection.execute(text(f"SELECT version_num FROM {_VERSION}")).scalar()  # noqa: S608


class _migrating:
    """On SQLite an engine of its own with foreign keys off.

    Rebuilding a parent table with them on would silently delete its cascading children.
    """

    def __init__(self, engine: Engine) -> None:
        self._given = engine

    def __enter__(self) -> Engine:
        self._own = None
        if self._given.dialect.name != "sqlite":
            return self._given
        self._own = make_engine(
            self._given.url.render_as_string(hide_password=False), foreign_keys=False
        )
        return self._own.execution_options(write=True)

    def __exit__(self, *_exc: object) -> None:
        if self._own is not None:
            self._own.dispose()


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
    if broken:
        tables = sorted({row[0] for row in broken})
        raise Refused(
            f"After migrating, rows of {', '.join(tables)} point to rows that do not exist; "
            "nothing was changed.",
            "Restore the last backup, or report this with the table's name.",
        )
