"""`reachwell portal` as a person uses it, on a made log across the change to summer time."""

import json
import math
from collections import defaultdict
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from collectors.sandbox.portal_log import MAPPING, MadeLog, made_log, write_csv, write_fhir
from data.privacy.keys import EVENTS
from data.privacy.periods import Unit, around
from data.privacy.tables import BY_NAME
from tests.collectors.cli import Cli

FIRST, LAST = date(2026, 2, 16), date(2026, 3, 15)  # four weeks; the clock changes on 8 March
PATIENTS = 8000
ZONE = ZoneInfo("America/New_York")


@pytest.fixture(scope="module")
def log() -> MadeLog:
    """8,000 patients over 28 days."""
    return made_log(seed=7, patients=PATIENTS, begin=FIRST, end=LAST)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, log: MadeLog) -> Cli:
    """A practice whose log lies beside it as CSV and as FHIR, with its mapping."""
    home = tmp_path_factory.mktemp("portal")
    cli = Cli(home)
    cli.json("setup", "--zone", ZONE.key, "--patients", str(PATIENTS), "--zip3", "100,112")
    (home / "files").mkdir()
    write_csv(home / "files" / "portal.csv", log)
    write_fhir(home / "files" / "fhir", log)
    mapping = home / "files" / "mapping.json"
    mapping.write_text(json.dumps(dict(MAPPING)))
    cli.json("portal", "mapping", "add", "clinic", str(mapping))
    return cli


def truth_of(log: MadeLog, unit: Unit) -> dict[tuple[str, str], set[int]]:
    """(period, event) -> patients, in the practice's days: another way than ours."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for _, rows in log:
        for patient, kind, at in zip(rows.patient, rows.kind, rows.at, strict=True):
            day = datetime.fromtimestamp(int(at), UTC).astimezone(ZONE).date()
            found[around(day, unit).name, EVENTS[int(kind)]].add(int(patient))
    return found


def test_a_csv_is_released_within_six_sigma_of_the_truth(desk: Cli, log: MadeLog) -> None:
    file = str(desk.home / "files" / "portal.csv")

    done = desk.json("portal", "release", file, "--from", str(FIRST), "--through", str(LAST))

    by_table = defaultdict(list)
    for one in done["releases"]:
        by_table[one["table"]].append(one["period"])
        assert one["bounded"] == BY_NAME[one["table"]].l and one["cells"] > 0
    assert {table: len(periods) for table, periods in by_table.items()} == {
        "day_event": 28, "week_event_age": 4, "week_event_zip3": 4, "week_event_topic": 4,
    }  # fmt: skip
    assert by_table["week_event_age"][0] == "2026-02-16"
    told = {(one["table"], one["reason"]) for one in done["refused"]}
    assert ("month_topic_age", f"the input covers it only in part: {FIRST} to {LAST}") in told
    _assert_days_are_true(desk, log)
    _assert_weeks_are_true(desk, log)


def _assert_days_are_true(desk: Cli, log: MadeLog) -> None:
    truth = truth_of(log, "day")
    cells = desk.json("portal", "table", "day_event", "--since", str(FIRST))["cells"]
    assert len(cells) == 28 * len(EVENTS)
    sigma = BY_NAME["day_event"].sigma
    for cell in cells:
        exact = len(truth[cell["period"], cell["event"]])
        # Bounding takes a patient out of a cell at most where they touched more than L.
        if cell["value"] is not None:
            assert abs(cell["value"] - exact) < 6 * sigma + 0.02 * exact, cell
        else:
            assert exact < cell["margin"] + 6 * sigma
        assert cell["margin"] == pytest.approx(1.96 * sigma, abs=0.1)


def _assert_weeks_are_true(desk: Cli, log: MadeLog) -> None:
    truth = truth_of(log, "week")
    cells = desk.json("portal", "table", "week_event_zip3")["cells"]
    sums: dict[tuple[str, str], int] = defaultdict(int)
    hidden: dict[tuple[str, str], int] = defaultdict(int)
    for cell in cells:
        sums[cell["period"], cell["event"]] += cell["value"] or 0
        hidden[cell["period"], cell["event"]] += cell["value"] is None
    sigma = BY_NAME["week_event_zip3"].sigma
    for key in (("2026-03-02", "sign_in"), ("2026-03-09", "record_view")):
        exact = len(truth[key])
        room = 6 * sigma * math.sqrt(4) + hidden[key] * 60 + 0.05 * exact
        assert abs(sums[key] - exact) < room, (key, sums[key], exact)


def test_the_same_again_releases_nothing_costs_nothing_and_draws_nothing(desk: Cli) -> None:
    file = str(desk.home / "files" / "portal.csv")
    cells = desk.json("portal", "table", "week_event_topic")
    spent = desk.json("portal", "ledger")

    again = desk.json("portal", "release", file, "--from", str(FIRST), "--through", str(LAST))

    assert again["releases"] == []
    assert {one["reason"].rsplit(" ", 1)[0] for one in again["refused"] if one["period"]} >= {
        "already released on"
    }
    assert desk.json("portal", "ledger") == spent
    assert desk.json("portal", "table", "week_event_topic") == cells
    assert spent["cap"] == 1 and spent["window_days"] == 365
    assert spent["spent"] == pytest.approx(28 * 0.0008 + 12 * 0.0028)


def test_fhir_files_of_one_run_are_read_together(desk: Cli, log: MadeLog) -> None:
    folder = desk.home / "files" / "fhir"
    files = [str(one) for one in sorted(folder.glob("*.ndjson"))]
    assert len(files) == 4

    done = desk.json("portal", "release", *files)

    tables = {one["table"] for one in done["releases"]}
    assert tables == {"day_event", "week_event_age", "week_event_zip3"}
    entries = desk.json("portal", "ledger")["entries"]
    assert {one["source"] for one in entries} == {"clinic", "fhir"}
    refused = {one["table"]: one["reason"] for one in done["refused"] if one["period"] is None}
    assert refused["week_event_topic"] == "the input carries no topics"


def test_a_correction_says_what_it_replaces(desk: Cli) -> None:
    file = str(desk.home / "files" / "portal.csv")

    done = desk.json(
        "portal", "release", file, "--from", str(FIRST), "--through", str(FIRST), "--correct"
    )

    assert [(one["table"], one["period"]) for one in done["releases"]] == [
        ("day_event", str(FIRST))
    ]
    newest = desk.json("portal", "ledger")["entries"][-1]
    assert newest["replaces"] == f"day_event {FIRST} (revision 0)"
