"""Where an adapter may call: the network's own hosts, or a loopback address."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from data.errors import Refused

NETWORKS: tuple[str, ...] = ("x", "facebook", "instagram", "meta_ads")
LABELS = {"x": "X", "facebook": "Facebook", "instagram": "Instagram", "meta_ads": "Meta ads"}
X_API = "https://api.twitter.com"
GRAPH_API = "https://graph.facebook.com"
OWN_HOSTS = {
    "x": ("api.twitter.com", "api.x.com"),
    "facebook": ("graph.facebook.com",),
    "instagram": ("graph.facebook.com",),
    "meta_ads": ("graph.facebook.com",),
}


def check_network(network: str) -> str:
    """The network's name; Refused where there is no adapter for it."""
    if network not in NETWORKS:
        raise Refused(
            f"There is no network named {network!r}.", f"Choose one of: {', '.join(NETWORKS)}."
        )
    return network


def check_base_url(network: str, url: str | None) -> str:
    """The address to call, without a closing slash; None means the network's own.

    Refused for any address but the network's own hosts over HTTPS and loopback addresses:
    whoever answers there is handed the account's token.
    """
    check_network(network)
    if url is None:
        return X_API if network == "x" else GRAPH_API
    address = url.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise _refused(network, "is no address") from None
    if parts.username or parts.password or parts.query or parts.fragment:
        raise _refused(network, "holds more than a host, a port and a path")
    if parts.scheme in ("http", "https") and _is_loopback_host(host):
        return address
    if parts.scheme == "https" and host in OWN_HOSTS[network] and parts.port in (None, 443):
        return address
    raise _refused(network, "is neither the network's own nor on this machine")


def is_loopback(address: str) -> bool:
    """Whether calls to that address stay on this machine (and so cost nothing)."""
    return _is_loopback_host(urlsplit(address).hostname or "")


def _is_loopback_host(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(network: str, why: str) -> Refused:
    hosts = " or ".join(f"https://{host}" for host in OWN_HOSTS[network])
    return Refused(
        f"The base address given for {LABELS[network]} {why}.",
        f"Leave it out to use {hosts}, or give a loopback address such as http://127.0.0.1:8700.",
    )
