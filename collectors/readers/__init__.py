"""How each stream is read: what to ask for next, and what a page moves on.

One module a stream. A reader keeps where it stands in `stream_state`, so that a run that
was killed goes on with the page after the last one that was stored.
"""

from collectors.readers.account import AccountReader
from collectors.readers.ads import AdsBackfillReader, AdsReader
from collectors.readers.backfill import BackfillReader
from collectors.readers.base import Reader
from collectors.readers.posts import PostsReader
from collectors.readers.refresh import RefreshReader

__all__ = ["READERS", "Reader", "streams_of"]

#: in the order in which `collect` runs them
READERS: dict[str, type[Reader]] = {
    "posts": PostsReader,
    "backfill": BackfillReader,
    "refresh": RefreshReader,
    "account": AccountReader,
    "ads": AdsReader,
    "ads_backfill": AdsBackfillReader,
}


def streams_of(offered: tuple[str, ...]) -> list[str]:
    """The runs that make up an adapter's streams: reading new ones, and once the old ones."""
    return [name for name, reader in READERS.items() if reader.row in offered]
