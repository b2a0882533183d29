"""Graph v26.0: who asks, what the path names, and batches of up to 50 calls."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from collectors.sandbox import graph_ads, graph_instagram, graph_pages
from collectors.sandbox.calls import Call
from collectors.sandbox.fields import names, parse_fields
from collectors.sandbox.replies import Refusal, Reply, encode, refuse, unknown_object
from collectors.sandbox.world import TOKEN_LIFE, World

PERMISSIONS = (
    "public_profile",
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_posts",
    "read_insights",
    "instagram_basic",
    "instagram_manage_insights",
    "instagram_content_publish",
    "ads_read",
    "business_management",
)
BATCH_MOST = 50
SHORT = "-short"


def answer_graph(world: World, call: Call, retired: Sequence[str] = ()) -> Reply:
    """The reply to one request under /v26.0/; Refusal where Graph turns it down."""
    if not call.parts:
        return (
            _batch(world, call, retired) if call.method == "POST" else _many(world, call, retired)
        )
    head = call.parts[0]
    if call.parts == ("oauth", "access_token"):
        return _exchange(world, call)
    if head == "debug_token":
        return _debug(world, call)
    _check_token(world, call.token)
    if head == "me":
        return _me(world, call)
    return _node(world, call, retired)


def network_of(world: World, parts: Sequence[str]) -> str:
    """The network that a path belongs to: facebook, instagram, meta_ads, else meta."""
    head, identity = (parts[0] if parts else ""), world.identity
    if head == identity.page_id or _owner(world, "facebook", head):
        return "facebook"
    if head == identity.instagram_id or _owner(world, "instagram", head):
        return "instagram"
    return "meta_ads" if graph_ads.knows(world, head) else "meta"


def account_of(world: World, network: str) -> str:
    """The id that usage headers name."""
    identity = world.identity
    ids = {"instagram": identity.instagram_id, "meta_ads": identity.ad_account_id}
    return ids.get(network, identity.page_id)


def _owner(world: World, network: str, post_id: str) -> bool:
    feed = world.feeds.get(network)
    return feed is not None and feed.place(post_id) is not None


def is_known_token(world: World, token: str) -> bool:
    """Whether it is the user's or the page's token, or the user's short-lived one."""
    identity = world.identity
    return token in (identity.meta_token, identity.page_token, identity.meta_token + SHORT)


def _check_token(world: World, token: str) -> None:
    if not token:
        raise refuse(104, "An access token is required to request this resource.", status=401)
    if not is_known_token(world, token):
        raise refuse(190, "Invalid OAuth access token - Cannot parse access token", status=401)


def _exchange(world: World, call: Call) -> Reply:
    token = call.get("fb_exchange_token")
    if not is_known_token(world, token):
        raise refuse(190, "Invalid OAuth access token - Cannot parse access token", status=401)
    seconds = int(TOKEN_LIFE.total_seconds())
    body = {"access_token": world.identity.meta_token, "token_type": "bearer"}
    return Reply(body | {"expires_in": seconds})


def _debug(world: World, call: Call) -> Reply:
    token, identity = call.get("input_token"), world.identity
    if not is_known_token(world, token):
        error = {"code": 190, "message": "Invalid OAuth access token."}
        return Reply({"data": {"error": error, "is_valid": False, "scopes": []}})
    expires = world.token_expires
    if token.endswith(SHORT):
        expires = world.now() + timedelta(hours=1)
    data: dict[str, Any] = {
        "app_id": identity.app_id,
        "type": "PAGE" if token == identity.page_token else "USER",
        "application": "Reachwell sandbox",
        "data_access_expires_at": int(expires.timestamp()),
        "expires_at": int(expires.timestamp()),
        "is_valid": world.now() < expires,
        "issued_at": int((world.token_expires - TOKEN_LIFE).timestamp()),
        "scopes": list(PERMISSIONS),
        "granular_scopes": [{"scope": name} for name in PERMISSIONS],
        "user_id": identity.user_id,
    }
    return Reply({"data": data})


def _me(world: World, call: Call) -> Reply:
    identity = world.identity
    if call.token == identity.page_token and len(call.parts) == 1:
        fields = names(parse_fields(call.get("fields"))) or ["id", "name"]
        return Reply(graph_pages.page_object(world, fields, call.now))
    match call.parts:
        case ("me",):
            return Reply({"id": identity.user_id, "name": "Sam Owner"})
        case ("me", "permissions"):
            rows = [{"permission": name, "status": "granted"} for name in PERMISSIONS]
            return Reply({"data": rows})
        case ("me", "accounts"):
            return Reply(_pages(world, call))
        case ("me", "adaccounts"):
            return Reply({"data": graph_ads.account_list(world, call)})
    raise refuse(2500, f"Unknown path components: /{'/'.join(call.parts[1:])}")


def _pages(world: World, call: Call) -> dict[str, Any]:
    if not {"facebook", "instagram"} & set(world.feeds):
        return {"data": []}
    default = ["access_token", "category", "name", "id", "tasks"]
    fields = names(parse_fields(call.get("fields"))) or default
    cursors = {"before": "MAZDZD", "after": "MAZDZD"}
    rows = [graph_pages.page_object(world, fields, call.now)]
    if world.has_second_page:
        rows.append(graph_pages.second_page(world, fields, call.now))
    return {"data": rows, "paging": {"cursors": cursors}}


def _node(world: World, call: Call, retired: Sequence[str]) -> Reply:
    head, edge = call.parts[0], "/".join(call.parts[1:])
    identity = world.identity
    if head == identity.page_id and {"facebook", "instagram"} & set(world.feeds):
        return graph_pages.answer_page(world, call, edge, retired)
    instagram, facebook = world.feeds.get("instagram"), world.feeds.get("facebook")
    if instagram and head == identity.instagram_id:
        return graph_instagram.answer_account(world, instagram, call, edge, retired)
    if facebook and (post := facebook.get(head, call.now)):
        return graph_pages.answer_post(facebook, call, post, edge, retired)
    if instagram and (media := instagram.get(head, call.now)):
        return graph_instagram.answer_media(instagram, call, media, edge, retired)
    if graph_ads.knows(world, head):
        return graph_ads.answer_ads(world, call, edge)
    raise unknown_object(head)


def _many(world: World, call: Call, retired: Sequence[str]) -> Reply:
    """`/?ids=a,b`: one object an id; a single unknown id fails the whole request."""
    _check_token(world, call.token)
    ids = call.items("ids")
    if not 1 <= len(ids) <= BATCH_MOST:
        raise refuse(100, "(#100) Too many or no IDs in the request; at most 50 are allowed")
    found = {one: _node(world, replace(call, parts=(one,)), retired).body for one in ids}
    return Reply(found)


def _batch(world: World, call: Call, retired: Sequence[str]) -> Reply:
    try:
        steps = json.loads(call.get("batch"))
    except ValueError as error:
        raise refuse(100, "(#100) The batch parameter must be a JSON array") from error
    if len(steps) > BATCH_MOST:
        raise refuse(
            100, f"(#100) Too many requests in batch message. Maximum batch size is {BATCH_MOST}"
        )
    _check_token(world, call.token)
    return Reply([_step(world, call, step, retired) for step in steps])


def _step(
    world: World, outer: Call, step: Mapping[str, Any], retired: Sequence[str]
) -> dict[str, Any]:
    inner = step_call(outer, step)
    try:
        reply = answer_graph(world, inner, retired)
    except Refusal as refusal:
        reply = refusal.reply
    headers = [{"name": "Content-Type", "value": "application/json; charset=UTF-8"}]
    return {"code": reply.status, "headers": headers, "body": encode(reply.body).decode()}


def step_call(outer: Call, step: Mapping[str, Any]) -> Call:
    """One call of a batch, with the batch's token unless it brings its own."""
    address = urlsplit(str(step.get("relative_url", "")))
    parts = tuple(part for part in address.path.split("/") if part)
    if parts and parts[0] == outer.version:
        parts = parts[1:]
    params = dict(parse_qsl(address.query, keep_blank_values=True))
    params |= dict(parse_qsl(str(step.get("body", "")), keep_blank_values=True))
    token = params.pop("access_token", outer.token)
    return replace(
        outer,
        method=str(step.get("method", "GET")).upper(),
        parts=parts,
        params=params,
        token=token,
        listing={},
    )
