"""A post's topics: matched at ingest, corrected by a person, the totals following."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from data import audit, rollups
from data.errors import Refused
from data.models import Post, PostTopic, Topic
from data.rollups.reading import chunks
from data.session import Session

MOST = 3

Matched = Sequence[tuple[str, Sequence[str]]]  # topic name and the words that decided


def correct(session: Session, post_id: int, names: Sequence[str]) -> None:
    """A person says what the post is about (at most three, none is allowed); it stays so."""
    wanted = list(dict.fromkeys(name.strip().lower() for name in names if name.strip()))
    if len(wanted) > MOST:
        raise Refused(f"A post has at most {MOST} topics.", "Take one away first.")
    _set(session, post_id, [(name, ()) for name in wanted], by="person")
    audit.record(session, "topics.correct", f"post:{post_id}", topics=wanted)


def undo(session: Session, post_id: int, rematch: Callable[[str], Matched]) -> None:
    """Take a correction back: the post's topics are what its text matches again."""
    post = session.get(Post, post_id)
    if post is None:
        raise Refused(f"There is no post {post_id}.")
    _set(session, post_id, rematch(post.text), by="match")
    audit.record(session, "topics.undo", f"post:{post_id}")


def _set(session: Session, post_id: int, matched: Matched, by: str) -> None:
    session.flush()
    connection = session.connection()
    account_id = connection.execute(
        select(col(Post.account_id)).where(col(Post.id) == post_id)
    ).scalar()
    if account_id is None:
        raise Refused(f"There is no post {post_id}.")
    rollups.lock_accounts(connection, [account_id])
    with rollups.changing(connection, [post_id]):
        connection.execute(update(Post).where(col(Post.id) == post_id).values(topics_by=by))
        replace_topics(connection, {post_id: matched})
    session.expire_all()


def replace_topics(connection: Connection, matched: Mapping[int, Matched]) -> None:
    """Write these posts' topics, best first. The caller keeps the totals."""
    for part in chunks(matched):
        connection.execute(delete(PostTopic).where(col(PostTopic.post_id).in_(part)))
    firsts = {post_id: list(found)[:MOST] for post_id, found in matched.items()}
    ids = _ids(connection, {name for found in firsts.values() for name, _ in found})
    rows = [
        {"post_id": post_id, "topic_id": ids[name], "rank": rank, "words": list(words)}
        for post_id, found in firsts.items()
        for rank, (name, words) in enumerate(found)
    ]
    if rows:
        connection.execute(insert(PostTopic), rows)


def _ids(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    wanted = sorted(set(names))
    if not wanted:
        return {}
    chosen = select(col(Topic.name), col(Topic.id)).where(col(Topic.name).in_(wanted))
    found = {row.name: row.id for row in connection.execute(chosen)}
    missing = [{"name": name} for name in wanted if name not in found]
    if missing:
        made = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(made(Topic).on_conflict_do_nothing(), missing)
        found = {row.name: row.id for row in connection.execute(chosen)}
    return found
