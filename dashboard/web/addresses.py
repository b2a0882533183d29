"""Under which addresses this server answers, and which one it shows."""

import hashlib
from urllib.parse import urlsplit

from data.settings import Settings, load_settings

LOOPBACK = "127.0.0.1"


def port() -> int:
    """The port that this server listens on."""
    from streamlit import config

    return int(config.get_option("server.port"))


def local_url(port: int, settings: Settings | None = None) -> str:
    """`http://localhost:PORT`: passkeys allow no address in figures."""
    tls = (settings or load_settings()).tls_cert is not None
    return f"{'https' if tls else 'http'}://localhost:{port}"


def public_url(port: int, settings: Settings | None = None) -> str:
    """The address for people: REACHWELL_PUBLIC_URL, else the one on this machine."""
    settings = settings or load_settings()
    return (settings.public_url or local_url(port, settings)).rstrip("/")


def allowed_hosts(settings: Settings | None = None) -> frozenset[str]:
    """Host names, without port, that a request may ask for."""
    settings = settings or load_settings()
    hosts = {"localhost", LOOPBACK}
    if settings.public_url:
        named = urlsplit(settings.public_url).hostname
        if named:
            hosts.add(named.lower())
    return frozenset(hosts)


def home_mark(settings: Settings | None = None) -> str:
    """A short name of the home, so that a second start recognises its own server."""
    home = str((settings or load_settings()).resolved_home)
    return hashlib.sha256(home.encode()).hexdigest()[:16]
