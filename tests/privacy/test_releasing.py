"""A release: once, whole or not at all, known outside the database, on both databases.

Long because each way to lose or double a release is a case of its own.
"""

import shutil
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from data import practice
from data.clock import now
from data.errors import Refused
from data.models import AuditEvent
from data.privacy import ledger, marker, releasing
from data.privacy.ledger import LOST
from data.privacy.planning import MISSING, Job, Keys
from data.privacy.tables import BY_NAME, RESERVE_MICRO
from data.queries.portal import cells
from data.session import make_engine, open_session
from tests.privacy.releases import KEYS, describe, reasons, release_made, stored, wanted


@pytest.fixture(autouse=True)
def described(engine: Engine) -> None:
    """A practice of 8,000 patients in New York."""
    describe(engine)


def test_every_covered_period_is_released_once(engine: Engine, tmp_path: Path) -> None:
    done = release_made(engine, tmp_path, wanted())

    names = [(job.table.name, job.period.name) for job in done.jobs]
    assert names.count(("week_event_age", "2026-03-02")) == 1
    assert sum(table == "day_event" for table, _ in names) == 14
    assert sum(table.startswith("week_") for table, _ in names) == 6
    assert "the input covers it only in part: 2026-03-02 to 2026-03-15" in reasons(done)  # March


def test_the_same_again_releases_nothing_and_changes_no_noise(
    engine: Engine, tmp_path: Path
) -> None:
    release_made(engine, tmp_path, wanted())
    before = stored(engine)

    again = release_made(engine, tmp_path, wanted())

    assert again.jobs == []
    assert sum(one.is_done for one in again.refusals) == 20
    assert stored(engine) == before


def test_zero_cells_are_noised_too_and_their_number_is_public(
    engine: Engine, tmp_path: Path
) -> None:
    release_made(engine, tmp_path, wanted(), each=0)

    with open_session(engine, "test") as session:
        found = cells(session, "week_event_age")
    assert len(found) == 2 * len(KEYS.cells(BY_NAME["week_event_age"]))
    assert len({one.value for one in found}) > 20
    # Nobody is there: what passes 1.96 sigma by noise alone is about one cell in forty.
    assert sum(one.told is not None for one in found) < 20


def test_a_correction_is_paid_for_and_says_what_it_replaces(engine: Engine, tmp_path: Path) -> None:
    first = release_made(engine, tmp_path, wanted(), each=100)

    second = release_made(engine, tmp_path, wanted(correct=True), each=900)

    assert {(j.table, j.period) for j in second.jobs} == {(j.table, j.period) for j in first.jobs}
    rows, _ = stored(engine)
    corrections = [row for row in rows if row.revision == 1]
    assert len(corrections) == len(first.jobs)
    by_id = {row.id: row for row in rows}
    for row in corrections:
        replaced = by_id[row.replaces_id]
        assert (replaced.table_name, replaced.period) == (row.table_name, row.period)
    with open_session(engine, "test") as session:
        found = cells(session, "week_event_age")
        spent = ledger.known(session, tmp_path).most()
    assert all(one.value > 500 for one in found)  # the corrected ones alone are shown
    assert spent == 2 * sum(job.table.rho_micro for job in first.jobs)


def test_corrections_end_with_their_reserve_and_leave_the_plan(
    engine: Engine, tmp_path: Path
) -> None:
    only = Keys(event=("sign_in",), zip3=("100", "000", "other"))
    first, last = date(2026, 3, 2), date(2026, 3, 8)
    release_made(engine, tmp_path, wanted(first, last, keys=only, patients=100))
    again = wanted(first, last, keys=only, patients=100, correct=True)

    granted = 0
    while (done := release_made(engine, tmp_path, again)).jobs:
        granted += 1

    assert granted == RESERVE_MICRO // BY_NAME["week_event_zip3"].rho_micro
    assert reasons(done) >= {"the reserve for corrections of these 365 days is spent"}
    following = wanted(date(2026, 3, 9), date(2026, 3, 15), keys=only, patients=100)
    assert len(release_made(engine, tmp_path, following).jobs) == 1


def test_days_are_not_told_of_a_small_practice(engine: Engine, tmp_path: Path) -> None:
    small = release_made(engine, tmp_path, wanted(patients=2_999))
    unsaid = release_made(engine, tmp_path, wanted(patients=None, source="other"))

    assert {job.table.unit for job in small.jobs + unsaid.jobs} == {"week"}
    told = {one.reason for one in small.refusals + unsaid.refusals if one.period is None}
    assert any("2,999 are stated" in reason for reason in told)
    assert any("none is stated" in reason for reason in told)


def test_a_table_whose_keys_the_input_lacks_costs_nothing(engine: Engine, tmp_path: Path) -> None:
    done = release_made(engine, tmp_path, wanted(keys=Keys(event=("sign_in",))))

    assert {job.table.name for job in done.jobs} == {"day_event"}
    told = {one.table: one.reason for one in done.refusals if one.period is None}
    assert told["week_event_age"] == MISSING["age_band"]
    assert told["month_topic_age"] == MISSING["topic"]


def test_what_is_not_over_is_not_released(engine: Engine, tmp_path: Path) -> None:
    done = release_made(engine, tmp_path, wanted(date(2026, 5, 25), date(2026, 6, 1)))

    assert all(job.period.last < date(2026, 6, 1) for job in done.jobs)
    assert "it is not over yet" in reasons(done)


def test_another_zone_may_not_release_the_same_hours(engine: Engine, tmp_path: Path) -> None:
    release_made(engine, tmp_path, wanted())
    with open_session(engine, "test", write=True) as session:
        practice.describe(session, zone="America/Chicago")

    done = release_made(
        engine, tmp_path, wanted(date(2026, 3, 16), date(2026, 3, 22), zone="America/Chicago")
    )
    earlier = release_made(
        engine, tmp_path, wanted(date(2026, 3, 1), date(2026, 3, 1), zone="America/Chicago")
    )

    assert len(done.jobs) == 7 + 3
    # The first of March in Chicago ends an hour into the second in New York.
    assert earlier.jobs == []
    assert any("which was released by the days of America/New_York" in r for r in reasons(earlier))


def test_a_run_whose_zone_is_no_longer_the_practices_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="time zone was changed"):
        release_made(engine, tmp_path, wanted(zone="America/Chicago"))

    assert stored(engine) == ([], [])


def test_a_crash_before_the_commit_leaves_neither_noise_nor_ledger(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = marker.Marker.intend

    def intend_and_die(self: marker.Marker, entries: list[marker.Entry]) -> str:
        real(self, entries)
        raise SystemExit("killed")

    monkeypatch.setattr(marker.Marker, "intend", intend_and_die)
    with pytest.raises(SystemExit):
        release_made(engine, tmp_path, wanted())
    monkeypatch.undo()

    assert stored(engine) == ([], [])
    assert len(release_made(engine, tmp_path, wanted()).jobs) == 20


def test_a_crash_right_after_the_commit_is_known_at_the_next_look(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(self: marker.Marker, run: str) -> None:
        raise SystemExit("killed")

    monkeypatch.setattr(marker.Marker, "did", die)
    with pytest.raises(SystemExit):
        release_made(engine, tmp_path, wanted())
    monkeypatch.undo()

    again = release_made(engine, tmp_path, wanted())

    assert again.jobs == []
    assert len(stored(engine)[0]) == 20


def test_a_full_disk_releases_nothing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "privacy").write_text("a file where the folder should be")

    with pytest.raises(Refused, match="cannot be written"):
        release_made(engine, tmp_path, wanted())

    assert stored(engine) == ([], [])


def test_two_at_once_never_draw_two_noises(
    engine: Engine, tmp_path: Path, database_url: str
) -> None:
    # Both have planned and counted before either releases.
    counts = _counted(engine, tmp_path)
    engines = [make_engine(database_url) for _ in range(2)]
    done: list[int] = []

    def run(one: Engine) -> None:
        done.append(len(releasing.release(one, "test", tmp_path, wanted(), counts).jobs))

    threads = [threading.Thread(target=run, args=(one,)) for one in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in engines:
        one.dispose()

    assert sorted(done) == [0, 20]
    assert len(stored(engine)[0]) == 20


def _counted(engine: Engine, home: Path) -> dict[Job, list[int]]:
    with open_session(engine, "test") as session:
        planned = releasing.plan_now(session, home, wanted())
    return {job: [5] * len(KEYS.cells(job.table)) for job in planned.jobs}


def test_a_release_is_audited_without_a_figure(engine: Engine, tmp_path: Path) -> None:
    release_made(engine, tmp_path, wanted())

    with open_session(engine, "test") as session:
        events = list(session.exec(select(AuditEvent).where(AuditEvent.action == "portal.release")))
    assert len(events) == 1
    assert set(events[0].detail) == {"periods", "rho_micro", "first", "last"}


def test_a_restored_database_keeps_lost_periods_closed_and_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    engine = _sqlite_desk(path)
    release_made(engine, tmp_path, wanted(date(2026, 3, 2), date(2026, 3, 8)))
    engine.dispose()
    backup = shutil.copy(path, tmp_path / "backup.sqlite3")
    engine = make_engine(f"sqlite:///{path}")
    later = wanted(date(2026, 3, 9), date(2026, 3, 15))
    lost = release_made(engine, tmp_path, later)
    with open_session(engine, "test") as session:
        spent = ledger.known(session, tmp_path).most()
    engine.dispose()

    restored = make_engine(f"sqlite:///{backup}")
    again = release_made(restored, tmp_path, later)
    corrected = release_made(restored, tmp_path, wanted(later.first, later.last, correct=True))

    assert len(lost.jobs) == 10 and again.jobs == [] and corrected.jobs == []
    assert LOST in reasons(again)
    with open_session(restored, "test") as session:
        known = ledger.known(session, tmp_path)
    assert len(known.lost) == 10 and known.most() == spent
    restored.dispose()


def test_a_backup_from_before_the_first_release_keeps_it_closed(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    _sqlite_desk(path).dispose()
    backup = shutil.copy(path, tmp_path / "backup.sqlite3")
    engine = make_engine(f"sqlite:///{path}")
    release_made(engine, tmp_path, wanted())
    engine.dispose()

    restored = make_engine(f"sqlite:///{backup}")
    again = release_made(restored, tmp_path, wanted())
    with open_session(restored, "test", write=True) as session:
        ledger.renew_marker(session, tmp_path)  # a readable marker forgets nothing by it
    once_more = release_made(restored, tmp_path, wanted())
    restored.dispose()

    assert again.jobs == [] and LOST in reasons(again)
    assert once_more.jobs == [] and LOST in reasons(once_more)


def test_a_correction_that_is_tried_again_is_made_once(engine: Engine, tmp_path: Path) -> None:
    release_made(engine, tmp_path, wanted())
    asked = replace(wanted(correct=True), asked_at=now())

    first, second = (release_made(engine, tmp_path, asked) for _ in range(2))

    assert len(first.jobs) == 20 and second.jobs == []


def test_what_a_kill_left_out_of_the_marker_is_written_at_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desk.sqlite3"
    engine = _sqlite_desk(path)
    engine.dispose()
    backup = shutil.copy(path, tmp_path / "backup.sqlite3")
    engine = make_engine(f"sqlite:///{path}")
    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(marker.Marker, "did", _die)
        release_made(engine, tmp_path, wanted())

    release_made(engine, tmp_path, wanted())  # nothing to do, but the marker is settled
    engine.dispose()

    restored = make_engine(f"sqlite:///{backup}")
    assert LOST in reasons(release_made(restored, tmp_path, wanted()))
    restored.dispose()


def _die(_marker: marker.Marker, _run: str) -> None:
    raise SystemExit("killed")


def test_a_missing_marker_closes_everything_until_an_owner_speaks(tmp_path: Path) -> None:
    engine = _sqlite_desk(tmp_path / "desk.sqlite3")
    release_made(engine, tmp_path, wanted())
    shutil.rmtree(tmp_path / "privacy")
    later = wanted(date(2026, 3, 16), date(2026, 3, 22))

    with pytest.raises(Refused, match="cannot be known") as refused:
        release_made(engine, tmp_path, later)
    assert "--renew-marker" in str(refused.value.todo)

    with open_session(engine, "test", write=True) as session:
        ledger.renew_marker(session, tmp_path)
    assert len(release_made(engine, tmp_path, later).jobs) == 10
    engine.dispose()


def test_a_damaged_marker_closes_everything_and_a_torn_last_line_does_not(tmp_path: Path) -> None:
    engine = _sqlite_desk(tmp_path / "desk.sqlite3")
    release_made(engine, tmp_path, wanted())
    (file,) = (tmp_path / "privacy").iterdir()
    whole = file.read_text()

    file.write_text(whole + '{"state": "int')
    assert release_made(engine, tmp_path, wanted()).jobs == []
    assert (
        len(release_made(engine, tmp_path, wanted(date(2026, 3, 16), date(2026, 3, 16))).jobs) == 1
    )

    file.write_text("no JSON\n" + whole)
    with pytest.raises(Refused, match="cannot be read"):
        release_made(engine, tmp_path, wanted())
    engine.dispose()


def test_the_marker_is_for_the_owner_of_the_machine_alone(tmp_path: Path) -> None:
    engine = _sqlite_desk(tmp_path / "desk.sqlite3")
    release_made(engine, tmp_path, wanted())
    engine.dispose()

    (file,) = (tmp_path / "privacy").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def _sqlite_desk(path: Path) -> Engine:
    from data.migrate import upgrade

    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    describe(engine)
    return engine


def test_a_period_keeps_its_own_instants(engine: Engine, tmp_path: Path) -> None:
    release_made(engine, tmp_path, wanted())

    with open_session(engine, "test") as session:
        spans = {
            row.period: release.ends_at - release.starts_at
            for row, release in ledger.elsewhere(session, "")
            if row.table_name == "day_event"
        }
    assert spans["2026-03-08"] == timedelta(hours=23)
    assert spans["2026-03-07"] == timedelta(hours=24)
