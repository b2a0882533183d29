"""`reachwell sandbox`: run the sandbox until interrupted, or write its patient portal's log."""

import errno
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Serve a made practice, or posts from a file, as the networks would.")


@app.callback(invoke_without_command=True)
def sandbox(
    port: Annotated[int, typer.Option(help="Loopback port; 0 takes a free one.")] = 0,
    serve: Annotated[
        Path | None,
        typer.Option(help="Serve the posts of this JSONL file.", exists=True, dir_okay=False),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed makes another practice.")] = 7,
    clock: Annotated[
        str | None, typer.Option(help="Where the sandbox's time starts (ISO); default now.")
    ] = None,
    days: Annotated[int, typer.Option(help="Days of history before the clock.")] = 400,
    portal_log: Annotated[
        Path | None,
        typer.Option(help="Write the made patient portal's log there, and end.", file_okay=False),
    ] = None,
    patients: Annotated[int, typer.Option(help="Patients of that portal.", min=1)] = 8000,
) -> None:
    """Run until interrupted; the first line on stdout is JSON: url and accounts.

    With --portal-log nothing is served: the line names the files.
    """
    from collectors.sandbox.clock import parse_instant
    from collectors.sandbox.served import ServedFileError
    from collectors.sandbox.server import serve_forever

    try:
        start = parse_instant(clock) if clock else None
    except ValueError:
        raise typer.BadParameter(f"{clock!r} is no ISO time", param_hint="--clock") from None
    if portal_log:
        if serve:
            raise typer.BadParameter("a served file has no portal", param_hint="--portal-log")
        _write_portal_log(portal_log, seed=seed, patients=patients, clock=start, days=days)
        return
    try:
        serve_forever(port=port, serve=serve, seed=seed, clock=start, days=days)
    except ServedFileError as error:
        sys.stderr.write(f"The file cannot be served: {error}\n")
        raise typer.Exit(1) from None
    except OSError as error:
        busy = error.errno in (errno.EADDRINUSE, errno.EACCES) and not error.filename
        what = f"cannot listen on port {port}" if busy else "cannot go on"
        sys.stderr.write(f"The sandbox {what}: {error.strerror} {error.filename or ''}\n")
        raise typer.Exit(1) from None


def _write_portal_log(
    folder: Path, *, seed: int, patients: int, clock: datetime | None, days: int
) -> None:
    """The whole days of the practice before the clock's own."""
    from collectors.sandbox.clock import Clock
    from collectors.sandbox.plan import ZONE
    from collectors.sandbox.portal_log import made_log, write_all

    today = Clock(clock).now().astimezone(ZONE).date()
    begin, end = today - timedelta(days=days), today - timedelta(days=1)
    try:
        files = write_all(folder, made_log(seed=seed, patients=patients, begin=begin, end=end))
    except OSError as error:
        sys.stderr.write(f"The log cannot be written: {error.strerror} {error.filename or ''}\n")
        raise typer.Exit(1) from None
    sys.stdout.write(json.dumps({"files": [str(path) for path in files]}) + "\n")
