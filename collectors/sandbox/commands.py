"""`reachwell sandbox`: run the sandbox until interrupted."""

import errno
import sys
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
) -> None:
    """Run until interrupted; the first line on stdout is JSON: url and accounts."""
    from collectors.sandbox.clock import parse_instant
    from collectors.sandbox.served import ServedFileError
    from collectors.sandbox.server import serve_forever

    try:
        start = parse_instant(clock) if clock else None
    except ValueError:
        raise typer.BadParameter(f"{clock!r} is no ISO time", param_hint="--clock") from None
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
