"""The real SDKs, pointed at a sandbox."""

from typing import Any

import requests
import tweepy
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession
from requests.adapters import HTTPAdapter

from collectors.sandbox.server import RunningSandbox, SandboxAccount

NOWHERE_NEAR = 20


class Rewriting(HTTPAdapter):
    """Sends what goes to X's own host to the sandbox instead."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Rewrite the address, and give every call a time-out."""
        request.url = str(request.url).replace("https://api.twitter.com", self.base)
        kwargs["timeout"] = NOWHERE_NEAR
        return super().send(request, *args, **kwargs)


def account(sandbox: RunningSandbox, network: str) -> SandboxAccount:
    """The sandbox's account on a network."""
    return next(one for one in sandbox.accounts if one.network == network)


def x_client(sandbox: RunningSandbox, token: str | None = None) -> tweepy.Client:
    """tweepy with the account's user token."""
    client = tweepy.Client(token or account(sandbox, "x").token)
    client.session.mount("https://api.twitter.com", Rewriting(sandbox.url))
    return client


def graph_api(sandbox: RunningSandbox, token: str | None = None) -> FacebookAdsApi:
    """facebook-business with the sandbox's Meta user token."""
    own = next(one.token for one in sandbox.accounts if one.network != "x")
    session = FacebookSession("1", "secret", token or own, timeout=(5, NOWHERE_NEAR))
    session.GRAPH = sandbox.url
    return FacebookAdsApi(session)


def graph(sandbox: RunningSandbox, *path: str, **params: Any) -> Any:
    """One Graph call through the SDK, its body."""
    return graph_api(sandbox).call("GET", path, params=params).json()


def raw_x(sandbox: RunningSandbox, path: str, **params: str) -> requests.Response:
    """One X call on the wire, as a reader without any SDK sees it."""
    headers = {"Authorization": f"Bearer {account(sandbox, 'x').token}"}
    return requests.get(f"{sandbox.url}/2/{path}", params, headers=headers, timeout=NOWHERE_NEAR)


def raw_graph(sandbox: RunningSandbox, path: str, **params: str) -> requests.Response:
    """One Graph call on the wire."""
    token = next(one.token for one in sandbox.accounts if one.network != "x")
    return requests.get(
        f"{sandbox.url}/v26.0/{path}", params | {"access_token": token}, timeout=NOWHERE_NEAR
    )
