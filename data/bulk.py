"""Write many rows fast, the same on both databases.

SQLite: the driver's executemany on the session's own connection. PostgreSQL: COPY into a
temporary table, then one statement over it. Names of tables and columns are our own; rows
are tuples in the driver's own types (days as ISO text).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

Rows = Sequence[Sequence[Any]]


def insert(connection: Connection, table: str, columns: Sequence[str], rows: Rows) -> None:
    """Append rows, none of which exists yet."""
    write(connection, table, columns, rows, "")


def insert_missing(connection: Connection, table: str, columns: Sequence[str], rows: Rows) -> None:
    """Append rows; one whose key exists is left as it is."""
    write(connection, table, columns, rows, "ON CONFLICT DO NOTHING")


def put(
    connection: Connection, table: str, key: Sequence[str], others: Sequence[str], rows: Rows
) -> None:
    """Insert or overwrite rows by key; each key once."""
    sets = ", ".join(f"{name} = excluded.{name}" for name in others)
    conflict = f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}"
    write(connection, table, (*key, *others), rows, conflict)


def add(
    connection: Connection, table: str, key: Sequence[str], sums: Sequence[str], rows: Rows
) -> None:
    """Insert rows, or add to the sums of those that exist; each key once."""
    sets = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in sums)
    conflict = f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}"
    write(connection, table, (*key, *sums), rows, conflict)


def delete(connection: Connection, table: str, key: Sequence[str], rows: Rows, where: str) -> None:
    """Delete the rows of these keys where the condition holds."""
    if connection.dialect.name == "sqlite":
        matches = " AND ".join(f"{name} = ?" for name in key)
        connection.exec_driver_sql(
            f"DELETE FROM {table} WHERE {matches} AND {where}",  # noqa: S608
            [tuple(row) for row in rows],
        )
        return
    with _copied(connection, table, key, rows) as source:
        matches = " AND ".join(f"{table}.{name} = s.{name}" for name in key)
        connection.exec_driver_sql(
            f"DELETE FROM {table} USING {source} s WHERE {matches} AND {where}"  # noqa: S608
        )


def write(
    connection: Connection, table: str, columns: Sequence[str], rows: Rows, conflict: str
) -> None:
    """Insert rows with a clause for those that conflict; none: straight into the table."""
    if not rows:
        return
    names = ", ".join(columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({names}) VALUES ({marks}) {conflict}",  # noqa: S608
            rows if isinstance(rows, list) else list(rows),
        )
        return
    if not conflict:
        _copy(connection, table, names, rows)
        return
    with _copied(connection, table, columns, rows) as source:
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {source} {conflict}"  # noqa: S608
        )


@contextmanager
def _copied(
    connection: Connection, table: str, columns: Sequence[str], rows: Rows
) -> Iterator[str]:
    """A temporary table with the rows, gone at the end."""
    names, source = ", ".join(columns), f"bulk_{table}"
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE {source} ON COMMIT DROP AS "  # noqa: S608
        f"SELECT {names} FROM {table} WITH NO DATA"
    )
    _copy(connection, source, names, rows)
    yield source
    connection.exec_driver_sql(f"DROP TABLE {source}")


def _copy(connection: Connection, table: str, names: str, rows: Rows) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - a connection in use has one
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
