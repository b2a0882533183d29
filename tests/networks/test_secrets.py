"""A token never gets out: not in an error, not in a log, not in what is stored."""

import logging
import socket
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from collectors.networks import open_adapter, parse_credentials
from collectors.networks.base import NetworkError
from collectors.networks.secrets import NOISY, scrub, scrub_body
from collectors.networks.transport import address_of
from tests.networks.recorded import RecordedGraph, RecordedX
from tests.networks.replay import Answer, Asked, replaying

NETWORKS = ("x", "facebook", "instagram", "meta_ads")
SECRET = "EAAtopsecretvalue1234567890"
OTHERS = {
    "x": {
        "consumer_key": "consumerkey-topsecret", "consumer_secret": "consumersecret-topsecret",
        "access_token": "7401-accesstoken-topsecret",
        "access_token_secret": "tokensecret-topsecret",
    },
    "meta": {"access_token": SECRET, "app_id": "44001", "app_secret": "appsecret-topsecret"},
}  # fmt: skip


def read(network: str, text: str, url: str) -> Any:
    """Ask for a page of whatever the network has."""
    from datetime import date

    adapter = open_adapter(network, parse_credentials(network, text), url, timeout=(0.5, 0.5))
    if network == "meta_ads":
        day = date(2026, 9, 14)
        return adapter.ads("act_660077", since=day, until=day, cursor=None)
    owner = {"x": "7401", "facebook": "5501", "instagram": "17840000000000001"}[network]
    return adapter.posts(owner, cursor=None, since=None, skip=frozenset())


def forms(network: str) -> dict[str, str]:
    import json

    whole = OTHERS["x" if network == "x" else "meta"]
    return {SECRET: SECRET, json.dumps(whole): "topsecret"}


def everything_in(error: BaseException | None) -> str:
    """An error as any logger might print it: itself, its arguments, its whole chain."""
    said = []
    while error is not None:
        said += [str(error), repr(error), repr(error.args), repr(vars(error))]
        said += traceback.format_exception(error)
        error = error.__cause__ or error.__context__
    return "\n".join(said)


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def echoing(asked: Asked) -> Answer:
    """A network that repeats the token in its error, as some do."""
    token = asked.params.get("access_token") or asked.headers.get("Authorization", "")
    message = f"Bad token {token} in access_token={token}"
    return Answer({"detail": message, "error": {"code": 999, "message": message}}, 400)


def cut(_: Asked) -> Answer:
    return Answer({"data": [1, 2, 3]}, cut=True)


def html(_: Asked) -> Answer:
    return Answer(b"<html>", 502)


@pytest.mark.parametrize("network", NETWORKS)
class TestErrors:
    def test_no_connection(self, network: str) -> None:
        for text, secret in forms(network).items():
            with pytest.raises(NetworkError) as caught:
                read(network, text, closed_port())
            assert caught.value.reason == "network" and "reached" in str(caught.value)
            assert secret not in everything_in(caught.value)

    @pytest.mark.parametrize("route", [echoing, cut, html])
    def test_whatever_comes_back(self, network: str, route: Any) -> None:
        for text, secret in forms(network).items():
            with replaying(route) as replay, pytest.raises(NetworkError) as caught:
                read(network, text, replay.url)
            assert secret not in everything_in(caught.value)
            assert caught.value.__cause__ is None and caught.value.__context__ is None


@pytest.fixture
def everything_logged() -> Iterator[list[str]]:
    """All records of all loggers at DEBUG, those of the SDKs set to it one by one."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage() + str(record.exc_info) + repr(record.args))

    keep, root = Keep(), logging.getLogger()
    before = root.level
    root.addHandler(keep)
    root.setLevel(logging.DEBUG)
    levels = {name: logging.getLogger(name).level for name in NOISY}
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(keep)
    root.setLevel(before)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("network", NETWORKS)
def test_logs_at_debug_hold_no_token_and_no_text(
    network: str, everything_logged: list[str]
) -> None:
    logging.getLogger("elsewhere").debug("this one is kept")
    for text, secret in forms(network).items():
        route: Any = RecordedX() if network == "x" else RecordedGraph()
        with replaying(route) as replay:
            read(network, text, replay.url)
        assert secret not in "\n".join(everything_logged)
    logged = "\n".join(everything_logged)
    assert "this one is kept" in logged
    assert "Flu shots" not in logged


@pytest.mark.parametrize("network", NETWORKS)
def test_what_is_stored_holds_no_token(network: str) -> None:
    for text, secret in forms(network).items():
        route: Any = RecordedX() if network == "x" else RecordedGraph()
        with replaying(route) as replay:
            page = read(network, text, replay.url)
        assert page.raws
        for raw in page.raws:
            assert secret not in raw.address and secret.encode() not in raw.body
            assert b"EAAfixture" not in raw.body, "Graph's own addresses repeat tokens"


def test_credentials_print_nothing() -> None:
    assert SECRET not in repr(parse_credentials("facebook", SECRET))


def test_scrubbing_leaves_all_else_alone() -> None:
    body = '{"message": "Ask for a token at the desk", "n": "tokens of thanks é"}'.encode()
    assert scrub_body(body, (SECRET,)) == body
    spoiled = b'{"next": "https://g/v26.0/1?access_token=abc%7Cdef&after=Mg", "access_token":"abc"}'
    assert scrub_body(spoiled, ()) == (
        '{"next": "https://g/v26.0/1?access_token=…&after=Mg", "access_token":"…"}'.encode()
    )
    assert scrub("Bearer abcdefghijklmnop") == "Bearer …"
    assert scrub("the bearer of bad news") == "the bearer of bad news"
    assert address_of("https://g/v/1?access_token=a&after=b&appsecret_proof=c") == "/v/1?after=b"
