"""`make run`: look at the port and for another start of the same home, then serve."""

import argparse
import json
import socket
import ssl
import time
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any

from dashboard.web.addresses import LOOPBACK, home_mark, public_url
from dashboard.web.lock import server_lock
from dashboard.web.options import options
from dashboard.web.routes import LIVE
from data.errors import Refused
from data.output import say
from data.settings import Settings, load_settings

#: So long a second start waits for the first one to answer.
WAIT_FOR_OTHER_SECONDS = 30.0


def launch(app: Any, argv: Sequence[str] | None = None) -> int:
    """Serve `app` until interrupted. 0 also where it already runs, 1 where it cannot."""
    settings = load_settings()
    port = _port(argv, settings)
    try:
        check_tls(settings)
        running = running_server(settings, port)
        if running is not None:
            say(f"Reachwell already runs at {public_url(running, settings)}")
            return 0
        check_port(port)
    except Refused as refusal:
        say(refusal.sentence())
        return 1
    serve(app, port, settings)
    return 0


def serve(app: Any, port: int, settings: Settings) -> None:
    """Run Streamlit's server in this thread."""
    import uvicorn.config

    # What uvicorn says of itself is for developers; our own line names the address.
    uvicorn.config.LOGGING_CONFIG["loggers"]["uvicorn"]["level"] = "WARNING"
    try:
        app.run(config={**options(settings), "server.port": port})
    except KeyboardInterrupt:  # raised again after an orderly end
        say("Reachwell has stopped.")


def running_server(settings: Settings, port: int) -> int | None:
    """The port where this home is served already; else takes the home's lock, None.

    Two starts at once: the second waits until the first one answers.
    """
    lock = server_lock(settings.resolved_home)
    deadline = time.monotonic() + WAIT_FOR_OTHER_SECONDS
    while not lock.take(port):
        held_at = lock.holders_port()
        if held_at is not None and is_ours(held_at, settings):
            return held_at
        if time.monotonic() > deadline:
            raise Refused(
                f"Another Reachwell (process {lock.holders_pid()}) holds {lock.path} "
                "but does not answer.",
                "Wait for it to end, or end that process, and start again.",
            )
        time.sleep(0.2)
    return None


def is_ours(port: int, settings: Settings) -> bool:
    """Whether a Reachwell of this home answers on the port of this machine."""
    scheme = "https" if settings.tls_cert else "http"
    # The certificate names the public host, not the loopback address that is asked here.
    trust = ssl._create_unverified_context() if settings.tls_cert else None  # noqa: S323
    try:
        with urllib.request.urlopen(  # noqa: S310 - the scheme is ours
            f"{scheme}://{LOOPBACK}:{port}{LIVE}", timeout=2, context=trust
        ) as reply:
            said = json.load(reply)
    except (OSError, HTTPException, ValueError):
        return False
    return isinstance(said, dict) and said.get("home") == home_mark(settings)


def check_port(port: int) -> None:
    """Refused when something else listens there, or when the machine forbids the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError:
            raise Refused(
                f"This machine does not let you listen on port {port}.",
                "Choose one above 1023: make run PORT=8600",
            ) from None
        except OSError:
            raise Refused(
                f"Port {port} is in use by another program.",
                f"Choose another: make run PORT={port + 99 if port < 65000 else 8600}",
            ) from None


def check_tls(settings: Settings) -> None:
    """Refused when a certificate is named without its key, or cannot be read."""
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise Refused(
            "REACHWELL_TLS_CERT and REACHWELL_TLS_KEY belong together.", "Set both, or neither."
        )
    if settings.tls_cert is None or settings.tls_key is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_cert, settings.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise Refused(
            f"The certificate {settings.tls_cert} or its key cannot be used: {error}.",
            "Check REACHWELL_TLS_CERT and REACHWELL_TLS_KEY.",
        ) from error


def _port(argv: Sequence[str] | None, settings: Settings) -> int:
    parser = argparse.ArgumentParser(description="Serve Reachwell on this machine.")
    parser.add_argument("--port", type=int, default=settings.port)
    return int(parser.parse_args(argv).port)
