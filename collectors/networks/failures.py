"""NetworkErrors for what is not a network's own answer: no connection, HTML, cut bodies."""

from datetime import datetime, timedelta

import requests

from collectors.networks.base import NetworkError
from collectors.networks.transport import Exchange, ReplyTooLarge, WrongPlace
from data.clock import now

DEFAULT_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(days=1)
CHECK_LINE = "Check the internet connection of this machine; collecting then goes on by itself."
CHECK_PORTAL = (
    "Open any web page on this machine: a sign-in page of the network (Wi-Fi, proxy) may be in "
    "the way. Otherwise wait; it is tried again by itself."
)


def unreachable(label: str, error: BaseException | None) -> NetworkError:
    """The error for a call that brought no whole reply. Quotes nothing: addresses hold tokens."""
    what, todo = _reason(error)
    return NetworkError(f"{label} {what}", reason="network", permanent=False, todo=todo)


def _reason(error: BaseException | None) -> tuple[str, str | None]:
    text = str(error)
    if isinstance(error, ReplyTooLarge):
        return "sent a reply that is too large to be one of its own.", CHECK_PORTAL
    if isinstance(error, WrongPlace):
        return "pointed to another address, which was not followed.", CHECK_PORTAL
    if isinstance(error, requests.exceptions.ProxyError):
        return "could not be reached through the proxy of this machine.", CHECK_LINE
    if isinstance(error, requests.exceptions.SSLError):
        return (
            "could not prove that it is itself (its certificate was not accepted).",
            "Check date and time of this machine, and whether a proxy or virus scanner reads "
            "along; collecting then goes on by itself.",
        )
    if isinstance(error, requests.Timeout) or "timed out" in text.lower():
        return "did not answer in time.", None
    if isinstance(
        error,
        requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError,
    ):
        return "broke off in the middle of its reply.", None
    if isinstance(error, requests.ConnectionError):
        return "could not be reached.", CHECK_LINE
    return "could not be asked.", CHECK_LINE


def bad_reply(label: str, exchange: Exchange) -> NetworkError:
    """The error for a reply that is not what the network documents."""
    start = exchange.body[:200].lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<")):
        message = f"{label} answered with a web page where figures were expected."
    else:
        message = f"{label} sent a reply that could not be read."
    return NetworkError(message, reason="bad_reply", permanent=False, todo=CHECK_PORTAL)


def trouble(label: str, exchange: Exchange) -> NetworkError:
    """The error for a 5xx."""
    return NetworkError(
        f"{label} has trouble of its own (status {exchange.status}).",
        reason="server",
        permanent=False,
        todo=None,
    )


def rate_limit(label: str, until: datetime | None) -> NetworkError:
    """The error for a used-up quota; without a known end it is tried again in 15 minutes."""
    moment = until or now() + DEFAULT_PAUSE
    return NetworkError(
        f"{label} allows no more requests before {moment:%Y-%m-%d %H:%M} UTC.",
        reason="rate_limit",
        permanent=False,
        retry_at=moment,
        todo=None,
    )


def quota_end(epoch: str | None) -> datetime | None:
    """The instant that a reset header names, where it is a believable one; else None."""
    ours = now()
    if not epoch or not epoch.isascii() or not epoch.isdigit() or len(epoch) > 12:
        return None
    seconds = int(epoch) - ours.timestamp()
    if not 0 < seconds <= LONGEST_PAUSE.total_seconds():
        return None
    # A second more: the header is in whole seconds, and the window ends within that one.
    return ours + timedelta(seconds=seconds + 1)
