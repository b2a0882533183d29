"""Several writers at once lose nothing: the totals are what a recomputation gives."""

import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from data import ingest, practice, rollups
from data.models import Account
from data.records import PostRecord
from data.session import open_session
from tests.data.test_rollups_property import latest_rows, stored

PUBLISHED = datetime(2026, 3, 2, 15, tzinfo=UTC)


def page(turn: int) -> list[PostRecord]:
    """Ten posts, the same for every writer, at a time of the writer's own."""
    at = PUBLISHED + timedelta(hours=turn)
    return [
        PostRecord(
            str(number), "post", PUBLISHED, "flu", None, (), None, {"likes": turn * number}, at
        )
        for number in range(10)
    ]


def test_writers_of_the_same_posts_and_a_change_of_zone(engine: Engine) -> None:
    with open_session(engine, "test", write=True) as session:
        practice.describe(session, zone="UTC")
        accounts = [
            Account(network="x", handle=name, handle_key=name, created_at=PUBLISHED)
            for name in ("a", "b")
        ]
        session.add_all(accounts)
    failed: list[Exception] = []

    def write(worker: int) -> None:
        try:
            for turn in range(worker, 24, 4):
                with open_session(engine, "test", write=True) as session:
                    account = accounts[turn // 4 % 2]
                    ingest.posts(session, account, page(turn), [], lambda _: [("flu", ())])
        except Exception as error:
            failed.append(error)

    def move() -> None:
        with open_session(engine, "test", write=True) as session:
            practice.describe(session, zone="Asia/Kathmandu")

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    threads.append(threading.Thread(target=move))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with open_session(engine, "test", write=True) as session:
        before, latest = stored(session), latest_rows(session)
        assert len(latest) == 20
        rollups.recompute(session)
        assert stored(session) == before
        assert latest_rows(session) == latest
