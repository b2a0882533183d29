"""Replies are kept as they came, and their bodies go after a while."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine
from sqlmodel import select

from data import raw
from data.models import RawReply
from data.records import Raw
from data.session import open_session

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


def reply(body: bytes, at: datetime = NOW) -> Raw:
    return Raw("/2/users/1/tweets?max_results=100", "2", 200, at, body)


def test_a_reply_comes_back_byte_for_byte(engine: Engine) -> None:
    bodies = [b'{"data": []}' * 1000, b"", b"\x00\xff not text"]
    with open_session(engine, "test", write=True) as session:
        ids = raw.store(session, None, "x", [reply(body) for body in bodies])
    with open_session(engine, "test") as session:
        rows = [session.get_one(RawReply, id_) for id_ in ids]
        assert [raw.body(row) for row in rows] == bodies
        assert [row.sha256 for row in rows] == [sha256(body).hexdigest() for body in bodies]
        assert [row.size for row in rows] == [len(body) for body in bodies]
        assert len(rows[0].body or b"") < 200
        assert rows[0].fetched_at == NOW


def test_old_bodies_go_and_the_rows_stay(engine: Engine) -> None:
    old = NOW - timedelta(days=91)
    with open_session(engine, "test", write=True) as session:
        raw.store(session, None, "x", [reply(b"old", old), reply(b"new", NOW)])
        assert raw.prune(session, NOW - timedelta(days=90)) == 1
        assert raw.prune(session, NOW - timedelta(days=90)) == 0
    with open_session(engine, "test") as session:
        gone, kept = session.exec(select(RawReply).order_by(RawReply.fetched_at)).all()  # type: ignore[arg-type]
        assert (raw.body(gone), raw.body(kept)) == (None, b"new")
        assert gone.sha256 == sha256(b"old").hexdigest()
        assert gone.purged_at is not None
        assert (gone.address, gone.api_version, kept.purged_at) == (kept.address, "2", None)
