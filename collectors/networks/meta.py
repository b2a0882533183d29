"""What the three Meta adapters share: the client, the test of a token, the Pages it opens."""

from abc import ABC, abstractmethod
from collections.abc import Mapping

from collectors.networks.base import Credentials, Found, NetworkError, Tested
from collectors.networks.credentials import as_text
from collectors.networks.graph import Graph
from collectors.networks.meta_pages import FoundPage, pages_of
from collectors.networks.meta_token import TokenInfo, lengthen, look
from collectors.networks.nothing import ReadsNothing
from collectors.networks.transport import TIMEOUT


class MetaAdapter(ReadsNothing, ABC):
    """One account at Meta."""

    network: str
    streams: tuple[str, ...] = ("posts", "refresh", "account")
    refresh_size = 50

    def __init__(
        self, credentials: Credentials, base_url: str, *, timeout: tuple[float, float] = TIMEOUT
    ) -> None:
        self.graph = Graph(self.network, credentials, base_url, timeout)

    @abstractmethod
    def find(self, handle: str) -> tuple[Found, ...]:
        """The accounts that fit what a person typed; all that the token opens for ""."""

    def test(self, remote_id: str) -> Tested:
        """What the token can and cannot read; a short one is exchanged where that is possible."""
        self.graph.begin()
        info = look(self.graph)
        longer = lengthen(self.graph, info)
        if longer is not None:
            self.graph, info = longer, look(longer)
        can, cannot = self.look_at(remote_id, info)
        return Tested(
            can=tuple(can),
            cannot=tuple(cannot),
            token_ends_at=info.ends_at,
            token=as_text(self.graph.values) if longer is not None else None,
        )

    @abstractmethod
    def look_at(self, remote_id: str, info: TokenInfo) -> tuple[list[str], list[Mapping[str, str]]]:
        """What can be read, in words, and what cannot and why."""

    def long_graph(self) -> Graph:
        """The client to look for accounts with: tokens of Pages last as long as the user's."""
        self.graph.begin()
        if "app_secret" not in self.graph.values:
            return self.graph
        longer = lengthen(self.graph, look(self.graph))
        self.graph = longer or self.graph
        return self.graph

    def pages(self) -> list[FoundPage]:
        """The Pages that the token opens; NetworkError where it may not even list them."""
        graph = self.long_graph()
        found = pages_of(graph)
        if not found and look(graph).lacks("pages_show_list"):
            raise NetworkError(
                f"{graph.label} shows no Pages: the permission pages_show_list is missing.",
                reason="permission",
                permanent=True,
                todo="Make a token with pages_show_list and paste it on the page Connections.",
            )
        return found


def missing(what: str, permissions: tuple[str, ...]) -> dict[str, str]:
    """What cannot be read for want of permissions, named exactly."""
    if len(permissions) == 1:
        return {"what": what, "why": f"permission {permissions[0]} is missing"}
    return {"what": what, "why": f"permissions {' and '.join(permissions)} are missing"}


def why_not(what: str, error: NetworkError, usual: str) -> dict[str, str]:
    """What cannot be read because the network said no; other errors are raised again."""
    if error.reason == "permission":
        needs: tuple[str, ...] = getattr(error, "needs", ()) or (usual,)
        return missing(what, needs)
    if error.reason == "refused":
        return {"what": what, "why": str(error)}
    raise error


def counted(number: int, thing: str, more: bool = False) -> str:
    """ "1 post", "214 posts", "more than 1,000 posts"."""
    amount = f"more than {number:,}" if more else f"{number:,}"
    return f"{amount} {thing}" if number == 1 and not more else f"{amount} {thing}s"
