"""Pure-ASGI middleware: which hosts are answered, and the security headers of each answer."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.web.addresses import LOOPBACK, allowed_hosts, port, public_url
from dashboard.web.csp import preload_link, security_headers


def middleware() -> list[Middleware]:
    """The stack for `st.App`, outermost first."""
    return [Middleware(SecurityHeaders), Middleware(KnownHosts)]


class SecurityHeaders:
    """Adds the headers to every HTTP answer; a page gets the preload link too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in security_headers():
                    headers[name.decode()] = value.decode()
                link = preload_link()
                if link and headers.get("content-type", "").startswith("text/html"):
                    headers.append("link", link)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class KnownHosts:
    """Sends 127.0.0.1 on to localhost, refuses hosts that are not ours (DNS rebinding)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        host = _host(scope)
        if host not in allowed_hosts():
            await _refuse(scope, receive, send)
        elif host == LOOPBACK and _is_page(scope):
            await RedirectResponse(_same_on_localhost(scope), 303)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _host(scope: Scope) -> str:
    return (urlsplit("//" + Headers(scope=scope).get("host", "")).hostname or "").lower()


def _is_page(scope: Scope) -> bool:
    """What a person opens: not the websocket, health checks and assets."""
    path: str = scope["path"]
    return (
        scope["type"] == "http"
        and scope["method"] in ("GET", "HEAD")
        and not path.startswith(("/health/", "/_stcore/", "/static/", "/media/"))
        and "/_stcore/" not in path
    )


def _same_on_localhost(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    path = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
    given = urlsplit("//" + Headers(scope=scope).get("host", "")).port
    at = f":{given}" if given else ""
    return f"{scope['scheme']}://localhost{at}{path}" + (f"?{query}" if query else "")


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    sentence = (
        f"Reachwell answers at {public_url(port())} only. To use another address, "
        "start it with REACHWELL_PUBLIC_URL set to that address."
    )
    await PlainTextResponse(sentence, 421)(scope, receive, send)
