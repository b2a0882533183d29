"""Faults of the database file or server as sentences: the one boundary of driver errors."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from data.errors import Refused

#: what the driver says -> what a person reads, what to do
_SENTENCES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("password authentication failed", "does not exist"),
        "The database server refuses this user, password or database name.",
        "Check REACHWELL_DATABASE_URL.",
    ),
    (
        ("readonly database", "read-only transaction"),
        "The database can only be read: its file or folder is write-protected.",
        "Give the user that runs Reachwell the right to write there.",
    ),
    (
        ("disk is full", "No space left", "could not extend file"),
        "The disk that holds the database is full; nothing of this step was kept.",
        "Free some space and try again.",
    ),
    (
        ("database is locked", "database table is locked", "lock timeout"),
        "Another program has kept the database locked for too long.",
        "Close what has it open (a backup, a database viewer) and try again.",
    ),
    (
        ("unable to open database file",),
        "The database file cannot be opened.",
        "Check that its folder exists and that the user that runs Reachwell may write there.",
    ),
    (
        ("file is not a database", "malformed"),
        "The file is not a database, or it is damaged.",
        "Restore the last backup, or name another file in REACHWELL_DATABASE_URL.",
    ),
    (
        ("disk I/O error",),
        "The disk that holds the database reports an error.",
        "Check the disk and its free space, then try again.",
    ),
    (
        ("connection failed", "Connection refused", "could not translate host", "server closed"),
        "The database server does not answer.",
        "Check that PostgreSQL runs and that REACHWELL_DATABASE_URL is right.",
    ),
)


def as_refusal(error: Exception) -> Refused | None:
    """The sentence for a fault of the machine; None where the error is a fault of ours."""
    if not isinstance(error, DBAPIError):
        return None
    said = str(error.orig)
    for signs, message, todo in _SENTENCES:
        if any(sign in said for sign in signs) and _is_machine(error, signs):
            return Refused(message, todo)
    return None


def _is_machine(error: DBAPIError, signs: tuple[str, ...]) -> bool:
    """ "does not exist" is a wrong address on connecting, but a wrong table in a statement."""
    return "does not exist" not in signs or error.statement is None


@contextmanager
def refusing() -> Iterator[None]:
    """Turn faults of the machine inside into Refused; all else passes."""
    try:
        yield
    except DBAPIError as error:
        refusal = as_refusal(error)
        if refusal is None:
            raise
        raise refusal from error
