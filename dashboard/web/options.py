"""Streamlit's settings that depend on the machine; the fixed ones stand in config.toml."""

from typing import Any

from dashboard.web.addresses import LOOPBACK, allowed_hosts
from data.settings import Settings, load_settings

FIXED: dict[str, Any] = {
    "server.address": LOOPBACK,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "client.showErrorDetails": "none",
    "browser.gatherUsageStats": False,
    "browser.serverAddress": "localhost",
    "runner.magicEnabled": False,
    "client.allowedOrigins": [],
    "logger.hideWelcomeMessage": True,
}


def options(settings: Settings | None = None) -> dict[str, Any]:
    """All settings by name, whatever folder the server is started from."""
    settings = settings or load_settings()
    chosen = dict(FIXED)
    chosen["server.allowedHosts"] = sorted(allowed_hosts(settings))
    if settings.tls_cert and settings.tls_key:
        chosen["server.sslCertFile"] = str(settings.tls_cert)
        chosen["server.sslKeyFile"] = str(settings.tls_key)
    return chosen


def apply_options() -> None:
    """Set them in this process (`streamlit run` reads address and port before: config.toml)."""
    from streamlit import config

    for name, value in options().items():
        config.set_option(name, value, "streamlit_app.py")
