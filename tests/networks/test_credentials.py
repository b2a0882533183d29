"""What may be pasted as a token, and which addresses it may be sent to."""

import json

import pytest

from collectors.networks import NETWORKS, check_base_url, open_adapter, parse_credentials
from collectors.networks.credentials import as_text
from data.errors import Refused

OAUTH1 = {
    "consumer_key": "ck", "consumer_secret": "cs", "access_token": "7-at",
    "access_token_secret": "ats",
}  # fmt: skip
OAUTH2 = {"client_id": "ci", "access_token": "at", "refresh_token": "rt"}
META = {"access_token": "EAAx", "app_id": "1", "app_secret": "s"}


@pytest.mark.parametrize("network", NETWORKS)
def test_one_line_is_the_token(network: str) -> None:
    for text in ("abc", " abc\n", "abc\r\n", "\ufeffabc"):
        assert parse_credentials(network, text).values == {"access_token": "abc"}


@pytest.mark.parametrize(
    ("network", "values"),
    [
        ("x", OAUTH1), ("x", OAUTH2), ("x", OAUTH2 | {"client_secret": "s"}),
        ("x", {"access_token": "at", "user_id": "7"}), ("facebook", META), ("meta_ads", META),
        ("instagram", {"access_token": "EAAx"}),
    ],
)  # fmt: skip
def test_json_forms_are_read_and_written_back(network: str, values: dict[str, str]) -> None:
    read = parse_credentials(network, json.dumps(values))
    assert dict(read.values) == values
    assert parse_credentials(network, as_text(read.values)) == read


def test_numbers_and_empty_values_are_taken_for_what_they_mean() -> None:
    text = json.dumps(META | {"app_id": 17, "client_secret": ""})
    with pytest.raises(Refused):
        parse_credentials("x", text)
    assert parse_credentials("facebook", text).values["app_id"] == "17"


@pytest.mark.parametrize(
    ("network", "text"),
    [
        ("x", ""), ("x", "  \n"), ("facebook", "two words"), ("facebook", "a\nb"),
        ("x", "tokén"), ("x", "Bearer abc"), ("x", "{"), ("x", "{}"), ("x", '{"a": 1}'),
        ("x", json.dumps({"consumer_key": "a", "access_token": "b"})),
        ("facebook", json.dumps({"access_token": "EAAsecretsecret", "app_id": "1"})),
        ("facebook", json.dumps(OAUTH1)), ("x", json.dumps(META)), ("x", "a" * 5000),
        ("x", "a\x00b"), ("instagram", json.dumps(META | {"extra": "1"})),
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_a_sentence_that_quotes_nothing(
    network: str, text: str
) -> None:
    with pytest.raises(Refused) as caught:
        parse_credentials(network, text)
    sentence = caught.value.sentence()
    assert "token" in sentence and sentence.endswith(".")
    assert "EAAsecretsecret" not in sentence and "abc" not in sentence


def test_a_network_that_there_is_not_is_refused() -> None:
    for call in (
        lambda: parse_credentials("myspace", "a"),
        lambda: check_base_url("myspace", None),
    ):
        with pytest.raises(Refused, match="myspace"):
            call()


def test_without_a_base_address_it_is_the_networks_own() -> None:
    assert check_base_url("x", None) == "https://api.twitter.com"
    assert check_base_url("meta_ads", None) == "https://graph.facebook.com"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8700", "http://localhost:1/", "http://[::1]:8700", "https://127.9.9.9",
        "https://graph.facebook.com", "https://graph.facebook.com:443/",
    ],
)  # fmt: skip
def test_loopback_and_own_hosts_are_accepted(url: str) -> None:
    assert check_base_url("facebook", url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com", "http://graph.facebook.com", "https://graph.facebook.com.evil.test",
        "https://graph.facebook.com@evil.test", "http://127.0.0.1@evil.test", "http://192.168.1.5",
        "ftp://127.0.0.1", "127.0.0.1:80", "", "http://", "https://graph.facebook.com:8443",
        "http://127.0.0.1:99999", "http://localhost.evil.test", "https://api.twitter.com",
        "http://127.0.0.1/?x=1", "http://0.0.0.0:80", "http://2130706433", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_any_other_address_is_refused_before_a_token_goes_there(url: str) -> None:
    with pytest.raises(Refused) as caught:
        open_adapter("facebook", parse_credentials("facebook", "EAAsecret"), url)
    assert "loopback" in caught.value.sentence()
