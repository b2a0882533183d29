"""What all Graph routes share: lists with cursors, insight rows, times."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from collectors.sandbox.calls import Call
from collectors.sandbox.clock import parse_instant
from collectors.sandbox.model import Post
from collectors.sandbox.paging import START, BadCursor, Page, decode_cursor, encode_cursor
from collectors.sandbox.replies import refuse

T = TypeVar("T")
DEFAULT_LIMIT = 25
MOST = 100


def limit_of(call: Call, most: int = MOST, default: int = DEFAULT_LIMIT) -> int:
    """The `limit` parameter; code 100 beyond the most."""
    raw = call.get("limit") or str(default)
    if not raw.isdigit() or int(raw) < 1:
        raise refuse(100, "(#100) Param limit must be a positive number")
    if int(raw) > most:
        raise refuse(100, f"(#100) The limit parameter must be at most {most}")
    return int(raw)


def instant_of(raw: str) -> datetime:
    """`since` and `until`: seconds since 1970 or an ISO date; code 100 for anything else."""
    try:
        if raw.lstrip("-").isdigit():
            return datetime.fromtimestamp(int(raw), UTC)
        return parse_instant(raw)
    except (ValueError, OverflowError, OSError) as error:
        raise refuse(100, f"(#100) {raw[:40]} is not a valid time") from error


def in_range(posts: Iterable[Post], call: Call) -> list[Post]:
    """The posts between the call's `since` and `until`."""
    chosen = list(posts)
    if since := call.get("since"):
        begin = instant_of(since)
        chosen = [post for post in chosen if post.published_at >= begin]
    if until := call.get("until"):
        end = instant_of(until)
        chosen = [post for post in chosen if post.published_at <= end]
    return chosen


def start_of(call: Call) -> tuple[datetime, str]:
    """Where the page begins; code 100 for a cursor that is none."""
    token = call.get("after")
    try:
        return decode_cursor(token) if token else START
    except BadCursor:
        raise refuse(100, "(#100) Invalid cursors values", subcode=None) from None


def list_body(call: Call, page: Page, make: Callable[[Post], Mapping[str, Any]]) -> dict[str, Any]:
    """`data` and `paging` of one page of posts; `next` only where more follow."""
    body: dict[str, Any] = {"data": [make(post) for post in page.posts]}
    call.listing["start"] = encode_cursor(page.start)
    call.listing["last"] = page.posts[-1] if page.posts else None
    if not page.posts:
        return body
    last = page.posts[-1]
    after = encode_cursor((last.published_at, last.remote_id))
    first = page.posts[0]
    before = encode_cursor((first.published_at, first.remote_id))
    body["paging"] = {"cursors": {"before": before, "after": after}}
    if page.after:
        body["paging"]["next"] = next_url(call, after=after)
    return body


def next_url(call: Call, **changes: str) -> str:
    """The address of this call with some parameters changed, token included as Graph does."""
    params = {name: value for name, value in call.params.items() if name != "appsecret_proof"}
    query = urlencode(params | {"access_token": call.token} | changes, errors="surrogatepass")
    return f"{call.base_url}/{call.version}/{'/'.join(call.parts)}?{query}"


def offset_list(
    call: Call, rows: Sequence[T], make: Callable[[T], Mapping[str, Any]], most: int = 500
) -> dict[str, Any]:
    """`data` and `paging` of rows whose order is fixed (ad objects, ad days)."""
    size, token = limit_of(call, most), call.get("after")
    begin = int(token) if token.isdigit() else 0
    chunk = rows[begin : begin + size]
    body: dict[str, Any] = {"data": [make(row) for row in chunk]}
    call.listing["start"] = str(begin)
    if chunk:
        after = str(begin + len(chunk))
        body["paging"] = {"cursors": {"before": str(begin), "after": after}}
        if begin + len(chunk) < len(rows):
            body["paging"]["next"] = next_url(call, after=after)
    return body


def lifetime_row(object_id: str, metric: str, value: object) -> dict[str, Any]:
    """One insight of a post or media."""
    return {
        "name": metric,
        "period": "lifetime",
        "values": [{"value": value}],
        "title": metric.replace("_", " ").capitalize(),
        "description": "",
        "id": f"{object_id}/insights/{metric}/lifetime",
    }
