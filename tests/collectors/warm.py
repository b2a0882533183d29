"""The command line in a process of its own, forked from one that has everything imported.

Importing takes seconds, and tests run hundreds of commands: so one process imports and forks.
Each command is as alone as ever: its own process, environment, folder and standard streams.
"""

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

#: What commands import late. None of them starts a thread by being imported.
LATE = (
    *("data.commands", "data.session", "collectors.commands", "campaigns.commands"),
    *("collectors.exports.commands", "collectors.portal.commands", "alembic.command", "pandas"),
    *("tweepy", "facebook_business.api", "uvicorn", "starlette.applications", "stamina"),
    "rich.progress",
)

_server: list["subprocess.Popen[bytes]"] = []


def run(
    arguments: Sequence[str], environment: Mapping[str, str], stdin: str
) -> "subprocess.CompletedProcess[str]":
    """`reachwell …` to its end."""
    server = _started()
    assert server.stdin is not None and server.stdout is not None
    order = {"arguments": list(arguments), "environment": dict(environment), "stdin": stdin}
    server.stdin.write(json.dumps(order).encode() + b"\n")
    server.stdin.flush()
    code, out, err = json.loads(server.stdout.readline())
    return subprocess.CompletedProcess(list(arguments), code, out, err)


def _started() -> "subprocess.Popen[bytes]":
    if not _server:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.collectors.warm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        _server.append(server)
        atexit.register(server.kill)
    return _server[0]


def _serve() -> None:
    """One order a line; answers [exit code, stdout, stderr]."""
    import importlib

    for module in LATE:
        importlib.import_module(module)
    for line in sys.stdin.buffer:
        answer = _forked(json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _forked(order: Mapping[str, object]) -> tuple[int, str, str]:
    import tempfile

    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(str(order["stdin"]).encode())
        given.seek(0)
        pid = os.fork()
        if pid == 0:
            for number, file in enumerate((given, out, err)):
                os.dup2(file.fileno(), number)
            _command(order)
        _, status = os.waitpid(pid, 0)
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode())
    return os.waitstatus_to_exitcode(status), said[0], said[1]


def _command(order: Mapping[str, object]) -> None:
    """In the forked process: the command, then its end."""
    import threading
    import traceback

    from reachwell import main

    os.environ.clear()
    os.environ.update(order["environment"])  # type: ignore[call-overload]
    sys.argv = ["reachwell", *order["arguments"]]  # type: ignore[misc]
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve()
