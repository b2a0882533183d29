"""Settings from the environment (prefix REACHWELL_); secrets may come from files."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

DEMO_FILE = "demo.sqlite3"
PRACTICE_FILE = "reachwell.sqlite3"


class Settings(BaseSettings):
    """What the machine decides; what the practice decides stands in the database."""

    model_config = SettingsConfigDict(env_prefix="REACHWELL_", extra="ignore", frozen=True)

    home: Path = Path("var")
    database_url: str | None = None
    public_url: str | None = None
    port: int = Field(default=8501, ge=1, le=65535)
    worker: Literal["child", "external", "off"] = "child"
    keep_raw_days: int = Field(default=90, ge=1)
    portal_memory_mb: int = Field(default=2_300, ge=64)
    tls_cert: Path | None = None
    tls_key: Path | None = None

    @property
    def resolved_home(self) -> Path:
        """The home as an absolute path."""
        return self.home.expanduser().resolve()

    @property
    def practice_url(self) -> str:
        """Where `setup` makes the practice's database."""
        return self.database_url or _sqlite(self.resolved_home / PRACTICE_FILE)

    @property
    def demo_url(self) -> str:
        """Where `demo` makes its own database."""
        return self.database_url or _sqlite(self.resolved_home / DEMO_FILE)

    @property
    def open_url(self) -> str:
        """The database that all else opens: the practice's where it exists, else the demo's."""
        if self.database_url or (self.resolved_home / PRACTICE_FILE).exists():
            return self.practice_url
        return self.demo_url


def _sqlite(path: Path) -> str:
    return f"sqlite:///{path}"


def load_settings() -> Settings:
    """The environment as it is now: a test or another home is seen at once.

    Built once for each state of it, for building takes milliseconds and pages ask often.
    """
    names = (name for name in os.environ if name.upper().startswith("REACHWELL_"))
    return _built(tuple((name, os.environ[name]) for name in sorted(names)))


@lru_cache(maxsize=8)
def _built(environment: tuple[tuple[str, str], ...]) -> Settings:
    del environment
    return Settings()
