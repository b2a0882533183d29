"""The Pages that a token opens, with their own tokens and the Instagram accounts behind them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from collectors.networks.base import NetworkError
from collectors.networks.graph import Graph, place_after, place_params
from collectors.networks.values import Json, clean_text, mapping, objects, remote_id

PAGE_FIELDS = "id,name,username,access_token,instagram_business_account{id,username,name}"
OWN_FIELDS = "id,name,username,instagram_business_account{id,username,name}"
MOST_LISTS = 20
T = TypeVar("T")


@dataclass(frozen=True)
class FoundPage:
    """A Page; `graph` reads with its own token."""

    remote_id: str
    name: str
    username: str | None
    graph: Graph
    instagram: Json


def pages_of(graph: Graph) -> list[FoundPage]:
    """All Pages of a user's token, or the one Page that a Page's token belongs to."""
    try:
        rows = listed(graph, "me", "accounts", fields=PAGE_FIELDS)
    except NetworkError as error:
        # A Page has no list of Pages: its own token is refused here.
        if error.reason != "refused":
            raise
        rows = [graph.get("me", fields=OWN_FIELDS)]
    found = (_page(graph, row) for row in rows)
    return [page for page in found if page is not None]


def listed(graph: Graph, *path: str, fields: str) -> list[Json]:
    """All rows of a short list (Pages, ad accounts); its replies hold tokens: none is kept."""
    rows: list[Json] = []
    place: str | None = None
    for _ in range(MOST_LISTS):
        body = graph.get_unkept(*path, fields=fields, limit=100, **place_params(place))
        rows += objects(body.get("data"))
        place = place_after(body)
        if place is None:
            break
    return rows


def _page(graph: Graph, row: Json) -> FoundPage | None:
    identity = remote_id(row.get("id"))
    if identity is None:
        return None
    token = row.get("access_token")
    own = graph.with_token(token) if isinstance(token, str) and token else graph
    name = clean_text(row.get("name")) or identity
    username = clean_text(row.get("username")) or None
    return FoundPage(identity, name, username, own, mapping(row.get("instagram_business_account")))


def fitting(
    typed: str, candidates: Sequence[T], names: Callable[[T], Iterable[str | None]]
) -> tuple[T, ...]:
    """The candidates that a typed name fits: exactly (without case) where any does, else in part.

    Nothing typed fits all.
    """
    wanted = plain(typed)
    if not wanted:
        return tuple(candidates)

    def plain_names(one: T) -> list[str]:
        return [plain(name) for name in names(one) if name]

    exact = tuple(one for one in candidates if wanted in plain_names(one))
    if exact:
        return exact
    return tuple(one for one in candidates if any(wanted in name for name in plain_names(one)))


def plain(typed: str) -> str:
    """What was typed, without @, case, address and doubled blanks."""
    text = clean_text(typed).strip()
    if text.startswith(("http://", "https://", "www.", "facebook.com/", "instagram.com/")):
        text = text.partition("?")[0].rstrip("/").rpartition("/")[2]
    return " ".join(text.removeprefix("@").split()).casefold()
