"""Replies as the networks word them: JSON bodies, X problems and Graph errors."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it becomes bytes."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The body as JSON in UTF-8."""
        return encode(self.body)


class Refusal(Exception):
    """A request that the network turns down; carries the reply."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"refused with status {reply.status}")
        self.reply = reply


def encode(body: object) -> bytes:
    """JSON in UTF-8; half surrogates and huge integers go the slow way round."""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body).encode()


def graph_error(
    code: int,
    message: str,
    *,
    status: int = 400,
    subcode: int | None = None,
    transient: bool = False,
    kind: str = "OAuthException",
) -> Reply:
    """A Graph error body."""
    error: dict[str, object] = {"message": message, "type": kind, "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    error["is_transient"] = transient
    error["fbtrace_id"] = "Asandbox0000000000000"
    return Reply({"error": error}, status)


def refuse(code: int, message: str, **options: Any) -> Refusal:
    """A Graph error to raise."""
    return Refusal(graph_error(code, message, **options))


def unknown_object(object_id: str) -> Refusal:
    """What Graph says of an object that does not exist or may not be seen."""
    return refuse(
        100,
        f"Unsupported get request. Object with ID '{object_id}' does not exist, cannot be loaded "
        "due to missing permissions, or does not support this operation",
        subcode=33,
        kind="GraphMethodException",
    )


def x_problem(status: int, title: str, detail: str, slug: str, **more: object) -> Reply:
    """An X problem body (`type`, `title`, `detail`, `status`)."""
    kind = "about:blank" if not slug else f"https://api.twitter.com/2/problems/{slug}"
    body = {"title": title, "type": kind, "status": status, "detail": detail} | more
    return Reply(body, status)


def x_invalid(parameter: str, value: str, message: str) -> Refusal:
    """X's answer to a parameter out of its range."""
    return Refusal(
        x_problem(
            400,
            "Invalid Request",
            "One or more parameters to your request was invalid.",
            "invalid-request",
            errors=[{"parameters": {parameter: [value]}, "message": message}],
        )
    )


def graph_time(instant: datetime) -> str:
    """A time as Graph writes it: 2026-03-01T14:05:09+0000."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000").zfill(24)


def x_time(instant: datetime) -> str:
    """A time as X writes it: 2026-03-01T14:05:09.000Z."""
    moment = instant.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}".zfill(19) + f".{moment.microsecond // 1000:03d}Z"
