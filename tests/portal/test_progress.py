"""A run tells how far it is: while a table is read, while it counts, and seldom enough."""

import json
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine

from collectors.portal import child, watching
from collectors.portal import run as runs
from collectors.portal.order import Order
from collectors.portal.staging import Lists, Unreadable, open_staging
from collectors.portal.watching import Progress, polled
from tests.portal import running
from tests.portal.fhir_made import encounter, ndjson

LONGEST_WAIT = 60  # for a thread that was started; it is met in a moment


def test_a_part_tells_its_share_of_the_whole_and_nothing_goes_back() -> None:
    told: list[float] = []
    progress = Progress(told.append)

    with progress.part(0.5, 1.0):
        for share in (0.5, 0.2, 0.5, 7.0):
            progress.reach(share)
    with progress.part(0.0, 0.5), progress.part(0.0, 0.5):
        progress.reach(1.0)

    assert told == [0.75, 1.0]


class _Connection:
    """A statement that says nothing at first, then how far it is, for ever."""

    def __init__(self, *percents: float) -> None:
        self._left = list(percents)

    def query_progress(self) -> float:
        return self._left.pop(0) if len(self._left) > 1 else self._left[0]


def test_a_statement_is_asked_while_it_runs_and_the_asker_ends_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.001)
    told: list[float] = []
    is_told = threading.Event()

    def reach(share: float) -> None:
        told.append(share)
        if share == 0.6:
            is_told.set()

    connection: Any = _Connection(-1.0, 30.0, 60.0)
    before = threading.active_count()
    with polled(connection, reach):
        assert is_told.wait(LONGEST_WAIT)

    assert threading.active_count() == before
    assert told[:2] == [0.3, 0.6]


def test_the_asker_ends_where_the_statement_fails() -> None:
    staging = open_staging(Lists("UTC", (), ()), 100)
    before = threading.active_count()

    with pytest.raises(Unreadable), staging.watched(0.0, 1.0):
        staging.run("SELECT error('no')")

    assert threading.active_count() == before and not staging.is_watched


def test_reading_a_table_and_counting_tell_how_far_they_are(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.001)
    running.keep_mapping(engine)
    table = tmp_path / "clinic.csv"
    rows = (f"P{n},view,2026-03-{1 + n % 28:02d} 10:00:00" for n in range(300_000))
    table.write_text("\n".join(("pid,what,at", *rows)) + "\n")
    told: dict[str, list[float]] = {"Reading": [], "Counting": []}

    def tell(text: str, share: float | None) -> None:
        if share is not None:
            told[text].append(share)

    order = Order((table,), "made", None, None, False, 500)
    runs.run(engine, "test", tmp_path, order, tell)

    for shares in told.values():
        assert shares[0] == 0 and len(shares) > 3
        assert shares == sorted(set(shares)) and shares[-1] <= 1


def test_fhir_tells_the_share_of_the_bytes_of_all_files(engine: Engine, tmp_path: Path) -> None:
    files = [
        ndjson(tmp_path / f"{name}.ndjson", [encounter()] * count)
        for name, count in (("a", 10), ("b", 30))
    ]
    told: list[float] = []

    def tell(text: str, share: float | None) -> None:
        if text == "Reading" and share is not None:
            told.append(share)

    runs.run(engine, "test", tmp_path, Order(tuple(files), None, None, None, False, 500), tell)

    assert told == [0.0, 0.25, 1.0]


def test_the_process_of_a_run_tells_a_step_at_once_and_its_share_once_a_second(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter((100.0, 100.1, 100.5, 101.0, 101.1, 101.2))
    monkeypatch.setattr(child, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr(child, "_at", {"progress": "Starting", "share": None})
    monkeypatch.setattr(child, "_told_at", 0.0)

    for text, share in (
        *(("Reading", 0.0), ("Reading", 0.1), ("Reading", 0.2), ("Reading", 0.3)),
        *(("Counting", None), ("Counting", 0.1)),
    ):
        child._tell(text, share)

    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["progress"], one["share"]) for one in said] == [
        ("Reading", 0.0), ("Reading", 0.3), ("Counting", None),
    ]  # fmt: skip
    assert child._at == {"progress": "Counting", "share": 0.1}  # what the next beat will say
