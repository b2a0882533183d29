"""Keep `post_latest`: a post's newest known counters and what the next snapshot must know."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert
from sqlmodel import col

from data.models import PostLatest
from data.rollups.contributions import Folded
from data.rollups.reading import chunks


def rewrite(connection: Connection, folded: Iterable[tuple[int, Folded]]) -> None:
    """Replace the rows of these posts by what their snapshots fold to."""
    for part in chunks(folded):
        connection.execute(
            delete(PostLatest).where(col(PostLatest.post_id).in_([post_id for post_id, _ in part]))
        )
        rows = [_row(post_id, one) for post_id, one in part if one.captured_at is not None]
        if rows:
            connection.execute(insert(PostLatest), rows)


def _row(post_id: int, folded: Folded) -> dict[str, object]:
    return {
        "post_id": post_id,
        "captured_at": folded.captured_at,
        "raw_reply_id": folded.raw_reply_id,
        "carried": folded.carried,
        "counted": folded.counted,
        **{name: folded.state.get(name) for name in _COUNTERS},
    }


_COUNTERS = tuple(
    name
    for name in PostLatest.model_fields
    if name not in {"post_id", "captured_at", "raw_reply_id", "carried", "counted"}
)
