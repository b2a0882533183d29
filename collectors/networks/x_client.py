"""tweepy's client on our transport: one call, one judged reply. It never sleeps, never retries."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import requests
import tweepy

from collectors.networks.base import Credentials, NetworkError, Raw
from collectors.networks.credentials import as_text
from collectors.networks.failures import (
    DEFAULT_PAUSE,
    bad_reply,
    quota_end,
    rate_limit,
    trouble,
    unreachable,
)
from collectors.networks.hosts import X_API
from collectors.networks.secrets import quiet_sdk_logs, scrub, scrub_body
from collectors.networks.transport import TIMEOUT, Exchange, Transport
from collectors.networks.values import clean_text, load_object, objects
from collectors.networks.x_words import NEW_TOKEN, refused
from data.clock import now

LABEL = "X"
API_VERSION = "x-v2"
NEARLY_USED = 0.9
#: What the SDKs let through: their own errors, requests', and those of their own parsing.
SDK_ERRORS = (
    tweepy.TweepyException,
    requests.RequestException,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    RecursionError,
)


class XClient:
    """Calls X with an account's credentials; `values` change when the token is renewed."""

    def __init__(
        self,
        credentials: Credentials,
        base_url: str,
        timeout: tuple[float, float] = TIMEOUT,
        on_token: Callable[[str], None] | None = None,
    ) -> None:
        quiet_sdk_logs()
        self.values = dict(credentials.values)
        self.user_auth = "access_token_secret" in self.values
        self.transport = Transport(X_API, base_url, timeout)
        self.renewed: str | None = None
        self._on_token = on_token
        self._client = self._make()

    def _make(self) -> tweepy.Client:
        values = self.values
        if self.user_auth:
            client = tweepy.Client(
                consumer_key=values["consumer_key"],
                consumer_secret=values["consumer_secret"],
                access_token=values["access_token"],
                access_token_secret=values["access_token_secret"],
                return_type=requests.Response,
                wait_on_rate_limit=False,
            )
        else:
            client = tweepy.Client(
                bearer_token=values["access_token"],
                return_type=requests.Response,
                wait_on_rate_limit=False,
            )
        self.transport.mount_on(client.session)
        return client

    @property
    def owner_id(self) -> str | None:
        """Whose token this is, where that is known without asking."""
        if self.user_auth:
            return self.values["access_token"].partition("-")[0]
        return self.values.get("user_id")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown or stored."""
        public = ("client_id", "user_id")
        return tuple(value for key, value in self.values.items() if key not in public)

    def begin(self) -> None:
        """Forget the replies of the page before."""
        self.transport.exchanges.clear()

    def raws(self) -> tuple[Raw, ...]:
        """The replies since `begin`, without tokens."""
        return tuple(
            Raw(one.address, API_VERSION, one.status, one.at, scrub_body(one.body, self.secrets))
            for one in self.transport.exchanges
        )

    def last(self) -> tuple[int, Exchange]:
        """The newest reply and its place among `raws`."""
        return len(self.transport.exchanges) - 1, self.transport.exchanges[-1]

    def pause(self) -> datetime | None:
        """When to go on, where the newest reply shows a quota nearly used."""
        headers = self.last()[1].headers
        left, limit = headers.get("x-rate-limit-remaining"), headers.get("x-rate-limit-limit")
        if not (left and limit and left.isdecimal() and limit.isdecimal()):
            return None
        if int(left) > int(limit) * (1 - NEARLY_USED):
            return None
        return quota_end(headers.get("x-rate-limit-reset")) or now() + DEFAULT_PAUSE

    def call(self, method: str, *args: Any, **options: Any) -> dict[str, Any]:
        """Call a method of tweepy's client; the reply's JSON object. NetworkError else.

        An expired OAuth 2 token is renewed once where a refresh token is there.
        """
        exchange = self._exchange(method, args, options)
        if exchange.status == 401 and "refresh_token" in self.values:
            self._renew()
            exchange = self._exchange(method, args, options)
        body = self._judge(exchange)
        if body is None:
            raise bad_reply(LABEL, exchange)
        return body

    def _exchange(self, method: str, args: Any, options: Any) -> Exchange:
        before = len(self.transport.exchanges)
        failure: BaseException | None = None
        try:
            getattr(self._client, method)(*args, user_auth=self.user_auth, **options)
        except SDK_ERRORS as error:
            failure = error
        # Outside the handler: an error raised in there would carry the SDK's own, and with it
        # the token, as its context.
        if len(self.transport.exchanges) == before:
            raise unreachable(LABEL, failure)
        return self.transport.exchanges[-1]

    def _judge(self, exchange: Exchange) -> dict[str, Any] | None:
        body = load_object(exchange.body)
        if 200 <= exchange.status < 300:
            return body
        raise self._refusal(exchange, body)

    def _refusal(self, exchange: Exchange, body: dict[str, Any] | None) -> NetworkError:
        status = exchange.status
        if status == 429:
            return rate_limit(LABEL, quota_end(exchange.headers.get("x-rate-limit-reset")))
        if status >= 500:
            return trouble(LABEL, exchange)
        # HTML with 403 or 404 is some gateway's; X's own refusals are JSON.
        if status not in (401, 402) and body is None:
            return bad_reply(LABEL, exchange)
        return refused(status, self._said(body))

    def _said(self, body: dict[str, Any] | None) -> str:
        """X's own words, scrubbed and short, as the end of a sentence."""
        if not body:
            return "."
        messages = [one.get("message") or one.get("detail") for one in objects(body.get("errors"))]
        words = next((clean_text(one) for one in messages if one), "")
        words = words or clean_text(body.get("detail")) or clean_text(body.get("title"))
        words = scrub(words, self.secrets).strip().rstrip(".")[:200]
        return f': "{words}".' if words else "."

    def _renew(self) -> None:
        """A new access token for the refresh token, which X accepts once only."""
        values = self.values
        form = {
            "grant_type": "refresh_token",
            "refresh_token": values["refresh_token"],
            "client_id": values["client_id"],
        }
        secret = values.get("client_secret")
        before = len(self.transport.exchanges)
        failure: BaseException | None = None
        try:
            self._client.session.post(
                f"{X_API}/2/oauth2/token",
                data=form,
                auth=(values["client_id"], secret) if secret else None,
            )
        except SDK_ERRORS as error:
            failure = error
        if len(self.transport.exchanges) == before:
            raise unreachable(LABEL, failure)
        # Not kept: this reply holds nothing but the new tokens.
        exchange = self.transport.exchanges.pop()
        body = load_object(exchange.body)
        if exchange.status in (400, 401):
            raise NetworkError(
                "X renews this token no more: it was revoked, or renewed somewhere else.",
                reason="token",
                permanent=True,
                todo=NEW_TOKEN,
            )
        body = self._judge(exchange)
        access = body.get("access_token") if body else None
        if not body or not isinstance(access, str) or not access:
            raise bad_reply(LABEL, exchange)
        fresh = body.get("refresh_token")
        self._adopt(access, fresh if isinstance(fresh, str) and fresh else None)

    def _adopt(self, access: str, refresh: str | None) -> None:
        self.values["access_token"] = access
        if refresh:
            self.values["refresh_token"] = refresh
        self.renewed = as_text(self.values)
        if self._on_token is not None:
            self._on_token(self.renewed)
        self._client = self._make()
