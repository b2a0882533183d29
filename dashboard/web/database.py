"""Open the database for the server: migrate it, or say why that cannot be done."""

from data.errors import Refused
from data.migrate import check_writable, upgrade
from data.session import shared_engine


def prepare(url: str) -> str | None:
    """Bring the database at `url` up to this version; a sentence where that fails, else None."""
    try:
        engine = shared_engine(url)
        upgrade(engine)
        check_writable(engine)
    except Refused as refusal:
        return refusal.sentence()
    return None
