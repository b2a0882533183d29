"""Graph through facebook-business: one call, one judged reply. Never sleeps, never retries.

The SDK's cursors are not used (they stop silently at time paging and choke on HTML); its `call`
is, on a session of its own: `FacebookAdsApi.init()` would set a default for the whole process.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookError
from facebook_business.session import FacebookSession

from collectors.networks.base import Credentials, NetworkError, Raw
from collectors.networks.failures import bad_reply, rate_limit, trouble, unreachable
from collectors.networks.graph_errors import fault_in, refusal
from collectors.networks.hosts import LABELS
from collectors.networks.secrets import quiet_sdk_logs, scrub_body
from collectors.networks.transport import TIMEOUT, Exchange, Transport
from collectors.networks.usage import pause_until, regain_at
from collectors.networks.values import mapping

BATCH_MOST = 50
NAMED_MOST = 3
SDK_ERRORS = (
    FacebookError,
    requests.RequestException,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    RecursionError,
)
#: The parameters of a `next` address that name a place; all others are the request's own.
PLACES = ("after", "until", "since", "offset", "page", "__paging_token")
Params = Mapping[str, str | int]


@dataclass(frozen=True)
class Step:
    """One GET of a batch."""

    path: str
    params: Params


class Graph:
    """Calls Graph with one token."""

    def __init__(
        self,
        network: str,
        credentials: Credentials,
        base_url: str,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        quiet_sdk_logs()
        self.label = LABELS[network]
        self.values = dict(credentials.values)
        self._network, self._base_url, self._timeout = network, base_url, timeout
        session = FacebookSession(
            self.values.get("app_id"),
            self.values.get("app_secret"),
            self.values["access_token"],
            timeout=timeout,
        )
        session.GRAPH = base_url
        self._transport = Transport(base_url, base_url, timeout)
        self._transport.mount_on(session.requests)
        self._api = FacebookAdsApi(session)
        proof = getattr(session, "appsecret_proof", None)
        hidden = (self.values["access_token"], self.values.get("app_secret"), proof)
        self._secrets = tuple(str(one) for one in hidden if one)

    def with_token(self, token: str) -> "Graph":
        """The same app and address with another token."""
        credentials = Credentials(self.values | {"access_token": token})
        return Graph(self._network, credentials, self._base_url, self._timeout)

    def begin(self) -> None:
        """Forget the replies of the page before."""
        self._transport.exchanges.clear()

    def raws(self) -> tuple[Raw, ...]:
        """The replies since `begin`, without tokens."""
        version = f"graph-{FacebookAdsApi.API_VERSION}"
        return tuple(
            Raw(one.address, version, one.status, one.at, scrub_body(one.body, self._secrets))
            for one in self._transport.exchanges
        )

    def last(self) -> tuple[int, datetime]:
        """The place of the newest reply among `raws`, and when it was true."""
        return len(self._transport.exchanges) - 1, self._transport.exchanges[-1].at

    def pause(self) -> datetime | None:
        """When to go on, where a reply since `begin` shows a quota nearly used."""
        pauses = [pause_until(one.headers) for one in self._transport.exchanges]
        return max((one for one in pauses if one is not None), default=None)

    def get(self, *path: str, **params: str | int) -> dict[str, Any]:
        """One object or list."""
        return self._object("GET", path, params)

    def get_unkept(self, *path: str, **params: str | int) -> dict[str, Any]:
        """The same; the reply holds tokens and is not among `raws`."""
        before = len(self._transport.exchanges)
        try:
            return self._object("GET", path, params)
        finally:
            del self._transport.exchanges[before:]

    def post(self, *path: str, **params: str | int) -> dict[str, Any]:
        """A POST that only starts reading (a report)."""
        return self._object("POST", path, params)

    def _object(self, method: str, path: Sequence[str], params: Params) -> dict[str, Any]:
        exchange = self._exchange(method, path, params)
        body = self._judge(exchange)
        if not isinstance(body, dict):
            raise bad_reply(self.label, exchange)
        return body

    def _exchange(self, method: str, path: Sequence[str], params: Params) -> Exchange:
        before = len(self._transport.exchanges)
        failure: BaseException | None = None
        try:
            self._api.call(method, tuple(path), dict(params))
        except SDK_ERRORS as error:
            failure = error
        # Outside the handler: an error raised in there would carry the SDK's own, and with it
        # the address and the token, as its context.
        if len(self._transport.exchanges) == before:
            raise unreachable(self.label, failure)
        return self._transport.exchanges[-1]

    def _judge(self, exchange: Exchange) -> object:
        body = _loaded(exchange.body)
        fault = fault_in(body, exchange.status)
        if fault is not None:
            raise refusal(fault, self.label, self._secrets, regain_at(exchange.headers))
        if exchange.status == 429:
            raise rate_limit(self.label, regain_at(exchange.headers))
        if exchange.status >= 500:
            raise trouble(self.label, exchange)
        if not 200 <= exchange.status < 300:
            raise bad_reply(self.label, exchange)
        return body

    def batch(self, steps: Sequence[Step]) -> list[dict[str, Any] | NetworkError]:
        """The objects asked for, 50 a request, in their order; an error stands in its place.

        An error that concerns them all (token, quota) is raised.
        """
        answers: list[dict[str, Any] | NetworkError] = []
        for start in range(0, len(steps), BATCH_MOST):
            answers += self._batch(steps[start : start + BATCH_MOST])
        return answers

    def _batch(self, steps: Sequence[Step]) -> list[dict[str, Any] | NetworkError]:
        calls = [
            {"method": "GET", "relative_url": f"{one.path}?{urlencode(one.params)}"}
            for one in steps
        ]
        form = {"batch": json.dumps(calls), "include_headers": "false"}
        exchange = self._named(self._exchange("POST", (), form), steps)
        body = self._judge(exchange)
        if not isinstance(body, list) or len(body) != len(steps):
            raise bad_reply(self.label, exchange)
        answers = [self._step(one, exchange) for one in body]
        for answer in answers:
            if isinstance(answer, NetworkError) and answer.reason in ("token", "rate_limit"):
                raise answer
        return answers

    def _named(self, exchange: Exchange, steps: Sequence[Step]) -> Exchange:
        """The newest reply, its address with what the batch asked for: Graph's names nothing."""
        paths = list(dict.fromkeys(one.path for one in steps))
        more = len(paths) - NAMED_MOST
        asked = ", ".join(paths[:NAMED_MOST]) + (f" and {more} more" if more > 0 else "")
        named = replace(exchange, address=f"{exchange.address} {asked}")
        self._transport.exchanges[-1] = named
        return named

    def _step(self, item: object, exchange: Exchange) -> dict[str, Any] | NetworkError:
        step = mapping(item)
        status, text = step.get("code"), step.get("body")
        body = _loaded(text.encode("utf-8", "surrogatepass")) if isinstance(text, str) else None
        fault = fault_in(body, status if isinstance(status, int) else 0)
        if fault is not None:
            return refusal(fault, self.label, self._secrets, regain_at(exchange.headers))
        if status != 200 or not isinstance(body, dict):
            # Meta leaves out (null) what it did not get done in time.
            return NetworkError(
                f"{self.label} left a part of the request unanswered.",
                reason="server",
                permanent=False,
            )
        return body


def _loaded(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def place_after(body: Mapping[str, Any]) -> str | None:
    """The place of the next page, as parameters; None where this was the last.

    A page goes on only where there is a `next` address. Its cursors alone mean nothing (they
    stand on last pages too), and lists paged by time have no cursors at all.
    """
    address = mapping(body.get("paging")).get("next")
    if not isinstance(address, str):
        return None
    try:
        query = dict(parse_qsl(urlsplit(address).query))
    except ValueError:
        return None
    place = {name: query[name] for name in PLACES if query.get(name)}
    return urlencode(place) or None


def place_params(cursor: str | None) -> dict[str, str]:
    """The parameters that ask for the page at `cursor`."""
    query = dict(parse_qsl(cursor or ""))
    return {name: query[name] for name in PLACES if name in query}
