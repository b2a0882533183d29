"""The networks: one module each, all behind `Adapter`. Nothing of an SDK passes this package.

The SDKs are imported only when an adapter is opened: they take half a second.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from collectors.networks.base import Adapter, Credentials
from collectors.networks.credentials import parse_credentials
from collectors.networks.hosts import NETWORKS, check_base_url, check_network

if TYPE_CHECKING:
    from collectors.networks.meta import MetaAdapter

__all__ = [
    "NETWORKS",
    "Adapter",
    "Credentials",
    "check_base_url",
    "open_adapter",
    "parse_credentials",
]


def open_adapter(
    network: str,
    credentials: Credentials,
    base_url: str | None,
    *,
    timeout: tuple[float, float] = (5.0, 60.0),
    on_token: Callable[[str], None] | None = None,
) -> Adapter:
    """The adapter for one account; calls nothing yet. Refused for a wrong network or address.

    `base_url` None: the network's own hosts. `timeout`: seconds to connect and to read.
    `on_token` is called with new credentials (in the form that `parse_credentials` reads) the
    moment X hands them out: the ones before are worthless then, so store them at once.
    """
    address = check_base_url(network, base_url)
    if check_network(network) == "x":
        from collectors.networks.x import XAdapter

        return XAdapter(credentials, address, timeout=timeout, on_token=on_token)
    return _meta(network)(credentials, address, timeout=timeout)


def _meta(network: str) -> "type[MetaAdapter]":
    if network == "facebook":
        from collectors.networks.facebook import FacebookAdapter

        return FacebookAdapter
    if network == "instagram":
        from collectors.networks.instagram import InstagramAdapter

        return InstagramAdapter
    from collectors.networks.meta_ads import MetaAdsAdapter

    return MetaAdsAdapter
