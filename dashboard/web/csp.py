"""The headers that keep a page to this server: what may run in it, load in it, frame it."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import streamlit

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def _static() -> Path:
    return Path(streamlit.__file__).parent / "static"


@cache
def content_security_policy() -> str:
    """Only from here; Streamlit's one inline script by its hash, computed from the file."""
    page = (_static() / "index.html").read_text(encoding="utf-8")
    hashes = " ".join(
        "'sha256-" + base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() + "'"
        for body in _SCRIPT.findall(page)
    )
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' blob: 'wasm-unsafe-eval' {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "media-src 'self'",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        )
    )


@cache
def preload_link() -> str | None:
    """A Link header for Plotly's chunk: fetched beside the page, not after it, and behind its own
    scripts, which would wait 200 ms for it."""
    chunks = sorted((_static() / "static" / "js").glob("PlotlyChart.*.js"))
    if not chunks:
        return None
    how = "rel=modulepreload; as=script; crossorigin; fetchpriority=low"
    return f"</static/js/{chunks[0].name}>; {how}"


@cache
def security_headers() -> tuple[tuple[bytes, bytes], ...]:
    """Name and value of each header that every answer carries."""
    headers = {
        "content-security-policy": content_security_policy(),
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    return tuple((name.encode(), value.encode()) for name, value in headers.items())
