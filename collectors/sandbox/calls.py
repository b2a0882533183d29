"""A request as the routes see it: path, parameters of query and form, and who asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Call:
    """One request to a network; `parts` are the path's pieces without the version."""

    method: str
    parts: tuple[str, ...]
    params: Mapping[str, str]
    token: str
    now: datetime
    base_url: str
    version: str = "v26.0"
    kind: str = ""
    network: str = "meta"
    listing: dict[str, object] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """A parameter, or the default."""
        return self.params.get(name, default)

    def items(self, name: str) -> list[str]:
        """A parameter that lists names: `a,b` or a JSON list, as the SDKs send either."""
        raw = self.get(name).strip()
        if raw.startswith("["):
            raw = raw.strip("[]").replace('"', "").replace("'", "")
        return [part.strip() for part in raw.split(",") if part.strip()]
