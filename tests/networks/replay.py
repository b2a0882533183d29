"""A tiny HTTP server on loopback that answers as a test says, and remembers what was asked."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request; `params` are those of query and form."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What goes back. `body`: bytes as they are, anything else as JSON. `cut`: stop half way."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


Route = Callable[[Asked], Answer]


@dataclass
class Replay:
    """Where it answers, and what it was asked so far."""

    url: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def replaying(route: Route) -> Iterator[Replay]:
    """Serve `route` on a free port until the context ends."""
    replay = Replay("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one write a reply: two would wait for each other (Nagle, delayed ACK)

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the console."""

        def _answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            form = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            asked = Asked(self.command, parts.path, query | form, dict(self.headers))
            replay.asked.append(asked)
            self._send(route(asked))

        def _send(self, answer: Answer) -> None:
            body = answer.body
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw[: len(raw) // 2] if answer.cut else raw)
            if answer.cut:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    replay.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield replay
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
