"""The made portal log as files: what a portal would export, and the readers take back."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from collectors.portal import fhir, mapping
from collectors.portal.base import PatientFacts, PortalEvent, Skipped
from collectors.sandbox import plan, portal_log, portal_plan
from collectors.sandbox.commands import app
from collectors.sandbox.portal_log import MAPPING, MadeLog, made_log
from content.topics.vocabulary import topic_names
from data.privacy.keys import EVENTS, SMALL_ZIP3S


def week(patients: int = 400, dirt: bool = False) -> MadeLog:
    return made_log(
        seed=7, patients=patients, begin=date(2026, 3, 2), end=date(2026, 3, 8), dirt=dirt
    )


def test_the_csv_file_holds_what_the_parquet_file_holds(tmp_path: Path) -> None:
    log = week(dirt=True)
    number = portal_log.write_csv(tmp_path / "portal.csv", log)
    assert portal_log.write_parquet(tmp_path / "portal.parquet", log) == number
    with (tmp_path / "portal.csv").open(newline="") as file:
        written = list(csv.DictReader(file))
    stored = pq.read_table(tmp_path / "portal.parquet").to_pylist()
    assert len(written) == len(stored) == number == sum(len(rows) for _, rows in log)
    for row, other in zip(written, stored, strict=True):
        assert row.pop("occurred_at") == other.pop("occurred_at").strftime("%Y-%m-%dT%H:%M:%SZ")
        assert row == {name: "" if value is None else str(value) for name, value in other.items()}


def test_ages_and_zip_codes_can_be_and_some_are_missing(tmp_path: Path) -> None:
    portal_log.write_csv(tmp_path / "portal.csv", week(4000))
    with (tmp_path / "portal.csv").open(newline="") as file:
        written = list(csv.DictReader(file))
    ages = [row["age"] for row in written]
    zips = Counter(row["zip"] for row in written)
    known = [int(age) for age in ages if age]
    assert 0 < len(ages) - len(known) < 0.1 * len(ages)
    assert min(known) < 5
    assert 90 <= max(known) < 101
    assert set(zips) - {""} <= set(portal_plan.ZIPS)
    assert zips[""] > 0
    zip3s = {one[:3] for one in portal_plan.ZIPS}
    assert set(portal_plan.ZIP3S) < zip3s
    assert zip3s & SMALL_ZIP3S
    assert not set(portal_plan.ZIP3S) & SMALL_ZIP3S
    assert sum(portal_plan.ZIPS.values()) == pytest.approx(1)


def test_the_mapping_is_one_that_the_portal_takes_and_names_all_events_and_topics() -> None:
    made = mapping.parse(dict(MAPPING), topic_names())
    assert made.carried == EVENTS
    assert set((made.topics or {}).values()) == set(portal_plan.TOPICS)
    posted = {portal_plan.VOCABULARY.get(one, one) for one in plan.TOPIC_WEIGHTS}
    assert posted < set(portal_plan.TOPICS)
    assert sum(portal_plan.TOPIC_SHARES.values()) == pytest.approx(1)


@pytest.mark.parametrize("dirt", [False, True], ids=["clean", "dirty"])
def test_fhir_is_read_as_the_use_that_was_made_and_nothing_else(tmp_path: Path, dirt: bool) -> None:
    log = week(dirt=dirt)
    files = portal_log.write_fhir(tmp_path / "fhir", log)
    read = [record for path in files for record in fhir.read(path)]
    assert len(read) == sum(files.values())
    told = Counter(
        (one.patient, one.event, int(one.at.timestamp()))
        for one in read
        if isinstance(one, PortalEvent)
    )
    made = Counter(
        (log.people.ids[patient], portal_plan.KINDS[kind], at)
        for _, rows in log
        for patient, kind, at in zip(
            rows.patient.tolist(), rows.kind.tolist(), rows.at.tolist(), strict=True
        )
        if portal_plan.KINDS[kind] in EVENTS and portal_plan.KINDS[kind] != "education_view"
    )
    assert told == made
    skipped = {one.reason for one in read if isinstance(one, Skipped)}
    failures = {"it failed", "a sign-out", "someone who is not a patient", "not a telehealth visit"}
    assert skipped == (failures if dirt else set())
    facts = [one for one in read if isinstance(one, PatientFacts)]
    assert [one.patient for one in facts] == list(log.people.ids)
    assert {one.zip3 for one in facts} - {None} <= {one[:3] for one in portal_plan.ZIPS}


def test_every_resource_carries_a_decoy_and_no_id_is_used_for_two_rows(tmp_path: Path) -> None:
    for path in portal_log.write_fhir(tmp_path, week(60, dirt=True)):
        by_id: dict[str, bytes] = {}
        for line in path.read_bytes().splitlines():
            assert portal_log.DECOY.encode() in line.lower()
            assert by_id.setdefault(orjson.loads(line)["id"], line) == line


def test_the_command_writes_the_whole_days_before_the_clock_and_names_the_files(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "log"
    said = CliRunner().invoke(
        app,
        ["--portal-log", str(folder), "--patients", "150", "--days", "3", "--clock", "2026-03-05"],
    )
    assert said.exit_code == 0, said.output
    (line,) = said.stdout.splitlines()
    names = [str(Path(name).relative_to(folder)) for name in json.loads(line)["files"]]
    resources = [f"fhir/{name}.ndjson" for name in ("AuditEvent", "Encounter", "Observation")]
    assert names == [
        "portal.csv", "portal.parquet", *resources, "fhir/Patient.ndjson", "mapping.json",
        "truth.json",
    ]  # fmt: skip
    planted = json.loads((folder / "truth.json").read_bytes())
    # At midnight UTC it is still the fourth of March at the practice.
    assert (planted["first_day"], planted["last_day"]) == ("2026-03-01", "2026-03-03")
    assert json.loads((folder / "mapping.json").read_bytes()) == MAPPING


def test_a_served_file_has_no_portal_log(tmp_path: Path) -> None:
    posts = tmp_path / "posts.jsonl"
    posts.write_text("")
    said = CliRunner().invoke(app, ["--portal-log", str(tmp_path / "log"), "--serve", str(posts)])
    assert said.exit_code == 2
    assert not (tmp_path / "log").exists()


def test_a_folder_that_cannot_be_made_ends_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = CliRunner().invoke(
        app, ["--portal-log", str(tmp_path / "file" / "log"), "--patients", "5", "--days", "1"]
    )
    assert said.exit_code == 1
    assert said.stderr.startswith("The log cannot be written: ")
