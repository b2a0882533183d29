"""Open the database for the server: migrate it, or say why that cannot be done."""

import importlib
import logging

from data.errors import Refused
from data.session import shared_engine

log = logging.getLogger(__name__)


def prepare(url: str) -> str | None:
    """Bring the database at `url` up to this version; a sentence where that fails, else None."""
    migrate = importlib.import_module("data.migrate")
    try:
        migrate.upgrade(shared_engine(url))
    except Refused as refusal:
        return refusal.sentence()
    return None
