"""The one way out: a requests adapter with time-outs, a fixed address and a size limit.

It is mounted into the SDKs' own sessions. Whatever they send to the network's host goes to the
address chosen for the account, and to no other; each reply is read whole here (so a cut or
endless body fails here) and kept for the adapter to judge and to store.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter

from collectors import skew
from collectors.networks.hosts import is_loopback
from collectors.networks.secrets import SECRET_KEYS
from data.clock import is_told, now

TIMEOUT = (5.0, 60.0)
LARGEST = 64 * 1024 * 1024
LONGEST_SECONDS = 180.0
CHUNK = 256 * 1024


class ReplyTooLarge(requests.RequestException):
    """A body beyond LARGEST."""


class WrongPlace(requests.RequestException):
    """A request or a redirect to another address than the account's."""


@dataclass(frozen=True)
class Exchange:
    """One reply: `address` is path and query without tokens, `at` the network's time (UTC)."""

    address: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    at: datetime


class Transport(HTTPAdapter):
    """Sends what is meant for `sent_as` to `goes_to`, and keeps the replies in `exchanges`."""

    def __init__(self, sent_as: str, goes_to: str, timeout: tuple[float, float] = TIMEOUT) -> None:
        super().__init__(max_retries=0)
        self.sent_as = sent_as
        self.goes_to = goes_to
        self.timeout = timeout
        self.loopback = is_loopback(goes_to)
        self.exchanges: list[Exchange] = []

    def mount_on(self, session: requests.Session) -> None:
        """Make this the session's only way out."""
        session.adapters.clear()
        session.mount("https://", self)
        session.mount("http://", self)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Send and read the whole reply; RequestException where that fails."""
        url = request.url or ""
        if not url.startswith((f"{self.sent_as}/", f"{self.sent_as}?")):
            raise WrongPlace("the request was meant for another address")
        request.url = self.goes_to + url[len(self.sent_as) :]
        response = super().send(
            request,
            stream=True,
            timeout=timeout or self.timeout,
            verify=verify,
            cert=cert,
            proxies={} if self.loopback else proxies,
        )
        body = self._read(response)
        if response.is_redirect:
            raise WrongPlace("the reply points to another address")
        exchange = _exchange(request, response, body)
        self.exchanges.append(exchange)
        if not self.loopback:  # the sandbox has a clock of its own
            skew.note(exchange.at, now())
        return response

    def _read(self, response: requests.Response) -> bytes:
        """The body, within size and time; the response then holds it as if read by requests."""
        pieces, size, begun = [], 0, time.monotonic()
        with response:
            for piece in response.iter_content(CHUNK):
                pieces.append(piece)
                size += len(piece)
                if size > LARGEST:
                    raise ReplyTooLarge("the reply is too large")
                if time.monotonic() - begun > LONGEST_SECONDS:
                    raise requests.ReadTimeout("the reply took too long")
        body = b"".join(pieces)
        response._content = body
        # Without a charset requests would guess one, over megabytes; all of these are UTF-8.
        response.encoding = response.encoding or "utf-8"
        return body


def _exchange(
    request: requests.PreparedRequest, response: requests.Response, body: bytes
) -> Exchange:
    address = f"{request.method} " if request.method != "GET" else ""
    return Exchange(
        address=address + address_of(request.url or ""),
        status=response.status_code,
        headers=response.headers,
        body=body,
        at=network_time(response.headers.get("date")),
    )


def address_of(url: str) -> str:
    """Path and query of a URL, without the parameters that hold secrets."""
    parts = urlsplit(url)
    query = [(k, v) for k, v in parse_qsl(parts.query, True) if k not in SECRET_KEYS]
    return f"{parts.path}?{urlencode(query)}" if query else parts.path


def network_time(date_header: str | None) -> datetime:
    """When a reply was true: by our clock, put right by as much as this machine's is wrong.

    The network's own `Date` says how much. It has whole seconds, so up to two are ignored; a
    day or more is not believed (a cache or a broken server), nor is a missing or broken one.
    """
    error = None if is_told() else clock_error(date_header)
    return now() if error is None else now() + error


def clock_error(date_header: str | None) -> timedelta | None:
    """By how much this machine's clock is behind (negative: ahead), where that matters."""
    try:
        theirs = parsedate_to_datetime(date_header) if date_header else None
    except ValueError:
        theirs = None
    if theirs is None:
        return None
    theirs = theirs.replace(tzinfo=UTC) if theirs.tzinfo is None else theirs.astimezone(UTC)
    error = theirs - datetime.now(UTC)
    return error if timedelta(seconds=2) < abs(error) < timedelta(days=1) else None
