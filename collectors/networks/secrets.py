"""Keeps tokens out of everything that is stored, shown or logged."""

import logging
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

HIDDEN = "…"
SECRET_KEYS = (
    "access_token",
    "appsecret_proof",
    "input_token",
    "fb_exchange_token",
    "client_secret",
    "app_secret",
    "refresh_token",
    "oauth_token",
    "oauth_signature",
    "oauth_consumer_key",
)
_KEYS = "|".join(SECRET_KEYS)
IN_QUERY = re.compile(rf"\b({_KEYS})(=|%3D)[^&\s\"'<>\\,)]+")
IN_JSON = re.compile(rf"(\\?[\"'](?:{_KEYS})\\?[\"']\s*:\s*\\?[\"'])[^\"'\\]+")
BEARER = re.compile(r"\b(Bearer|Basic)\s+[\w.%~+/=-]{12,}")
SHORTEST = 8  # shorter ones would blot out ordinary words, and no network issues any
#: Loggers of the SDKs that print tokens or whole replies at DEBUG.
NOISY = (
    "tweepy.client",
    "tweepy.api",
    "tweepy.auth",
    "oauthlib.oauth1.rfc5849",
    "oauthlib.oauth1.rfc5849.endpoints.base",
    "oauthlib.oauth2.rfc6749.tokens",
    "requests_oauthlib.oauth1_auth",
    "requests_oauthlib.oauth1_session",
    "requests_oauthlib.oauth2_session",
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.util.retry",
)


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without tokens: the given ones, and whatever stands where a token stands."""
    text = _without(text, secrets)
    if "token" in text or "secret" in text or "oauth_" in text:
        text = IN_JSON.sub(rf"\g<1>{HIDDEN}", IN_QUERY.sub(rf"\1\2{HIDDEN}", text))
    return BEARER.sub(rf"\1 {HIDDEN}", text)


def scrub_body(body: bytes, secrets: Iterable[str]) -> bytes:
    """A reply's body without tokens: Graph repeats them in paging addresses and Page lists."""
    wanted = tuple(secrets)
    if (
        b"token" not in body
        and b"secret" not in body
        and not any(secret.encode() in body for secret in wanted)
    ):
        return body
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    text = _without(text, wanted)
    return IN_JSON.sub(rf"\g<1>{HIDDEN}", IN_QUERY.sub(rf"\1\2{HIDDEN}", text)).encode()


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        if len(secret) >= SHORTEST:
            for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
                text = text.replace(form, HIDDEN)
    return text


class _Quiet(logging.Filter):
    """Drops what is below WARNING and scrubs the rest, whatever level a logger is set to."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return False
        record.msg, record.args = scrub(record.getMessage()), ()
        record.exc_info = record.exc_text = None
        return True


_QUIET = _Quiet()


def quiet_sdk_logs() -> None:
    """Silence the SDKs' loggers for good; calling it again changes nothing."""
    for name in NOISY:
        logger = logging.getLogger(name)
        if _QUIET not in logger.filters:
            logger.addFilter(_QUIET)
