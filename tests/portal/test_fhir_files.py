"""Files of FHIR: how they are recognised and read, whatever their shape, packing and state."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from collectors.portal import fhir, fhir_source
from collectors.portal.base import PatientFacts, PortalEvent, Skipped
from collectors.portal.fhir import looks_like_fhir, read
from data.errors import Refused
from tests.portal.fhir_made import AT, Json, encounter, ndjson, patient, r4

TWO: list[Json] = [r4("110114", "110122"), patient()]
NOT_JSON, NOT_FHIR = Skipped("not JSON"), Skipped("not as FHIR has it")


def bundle(*resources: Any) -> Json:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}


def kinds(path: Path) -> list[str]:
    """What a file is read as, in short."""
    return [one.event if isinstance(one, PortalEvent) else type(one).__name__ for one in read(path)]


SHAPES = {
    "NDJSON": b"\n".join(json.dumps(one).encode() for one in TWO),
    "NDJSON of Windows": b"".join(json.dumps(one).encode() + b"\r\n" for one in TWO),
    "NDJSON with empty lines": b"\n \n" + b"\n\n".join(json.dumps(one).encode() for one in TWO),
    "NDJSON with a byte order mark": b"\xef\xbb\xbf"
    + b"\n".join(json.dumps(one).encode() for one in TWO),
    "NDJSON of Bundles": b"\n".join(json.dumps(bundle(one)).encode() for one in TWO),
    "a Bundle in one line": json.dumps(bundle(*TWO)).encode(),
    "a Bundle in lines": json.dumps(bundle(*TWO), indent=2).encode(),
    "a Bundle in tabs": json.dumps(bundle(*TWO), indent="\t").encode().replace(b"\n", b"\r\n"),
    "a Bundle with an entry a line": b'{"resourceType":"Bundle","entry":[\n'
    + b",\n".join(json.dumps({"resource": one}).encode() for one in TWO)
    + b"\n]}",
    "a Bundle in a Bundle": json.dumps(bundle(bundle(TWO[0]), TWO[1])).encode(),
    "an array in one line": json.dumps(TWO).encode(),
    "an array in lines": json.dumps(TWO, indent=1).encode(),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_records(tmp_path: Path, shape: str, packed: bool) -> None:
    path = tmp_path / "log.csv"  # a name says nothing
    path.write_bytes(gzip.compress(SHAPES[shape]) if packed else SHAPES[shape])
    assert looks_like_fhir(path)
    assert kinds(path) == ["sign_in", "PatientFacts"]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_file_may_be_one_resource(tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(patient(), indent=indent))
    assert list(read(path)) == [PatientFacts("p-1", 1971, "902")]


def test_files_packed_one_after_another_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(b"".join(gzip.compress(json.dumps(one).encode() + b"\n") for one in TWO))
    assert kinds(path) == ["sign_in", "PatientFacts"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"patient,event\n7,login\n",
        b'{"a": 1}',
        b'{"resourceType": "Microsoft.Compute/disks"}',
        b'x {"resourceType": "Patient"}',
        b"PAR1\x00\x00",
        b"\x1f\x8b not packed",
        gzip.compress(b"patient,event\n", mtime=0),
    ],
)
def test_other_files_do_not_look_like_fhir(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log.ndjson"
    path.write_bytes(content)
    assert not looks_like_fhir(path)
    assert not looks_like_fhir(tmp_path) and not looks_like_fhir(tmp_path / "none")


def test_a_line_that_is_no_resource_is_left_out_with_its_reason(tmp_path: Path) -> None:
    lines = [
        b"made words",
        b"[1]",
        b'"text"',
        b"null",
        b'{"resourceType": "Patient", "id": NaN}',
        b'{"resourceType": "Patient", "id": "\xff"}',
        b"[" * 3000,
        b"{}",
        b'{"resourceType": 7}',
        b'{"resourceType": "Immunization"}',
        json.dumps(patient()).encode(),
        b'{"resourceType": "Patient", "id',
    ]
    path = tmp_path / "log.ndjson"
    path.write_bytes(b"\n".join(lines))
    found = list(read(path))
    assert found[:7] == [NOT_JSON] * 7
    assert found[7:9] == [NOT_FHIR] * 2
    assert found[9] == Skipped("a resource that is not read")
    assert found[10:] == [PatientFacts("p-1", 1971, "902"), NOT_JSON]


def test_entries_that_hold_no_resource_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    entries = [{"request": {"method": "DELETE"}}, {"resource": None}, {"resource": []}, 7]
    path.write_text(json.dumps({"resourceType": "Bundle", "entry": entries}))
    assert list(read(path)) == [Skipped("an entry without a resource"), *[NOT_FHIR] * 3]
    path.write_text(json.dumps({"resourceType": "Bundle", "entry": {}}))
    assert list(read(path)) == [NOT_FHIR]


def test_an_empty_answer_to_a_search_is_a_file_without_records(tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "total": 0}))
    assert list(read(path)) == []


def test_bundles_in_bundles_may_go_as_deep_as_json_does(tmp_path: Path) -> None:
    deep = patient()
    for _ in range(250):
        deep = bundle(deep)
    path = tmp_path / "deep.json"
    path.write_text(json.dumps(deep))
    assert kinds(path) == ["PatientFacts"]


# Files that are refused


def refused(path: Path) -> str:
    with pytest.raises(Refused) as refusal:
        list(read(path))
    assert refusal.value.__context__ is None  # a parser's exception would hold the text
    return refusal.value.sentence()


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\xef\xbb\xbf", b"a,b\n1,2\n", b"{}\n{}", b"[]"]
)
def test_a_file_without_a_resource_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log.ndjson"
    path.write_bytes(content)
    assert refused(path) == "log.ndjson holds no FHIR resource. Export the log as FHIR NDJSON."


@pytest.mark.parametrize("shape", SHAPES)
def test_a_packed_file_that_ends_early_is_refused(tmp_path: Path, shape: str) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(gzip.compress(SHAPES[shape])[:-9])
    assert "log.gz ends in the middle: " in refused(path)


def test_a_damaged_packed_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(b"\x1f\x8b no gzip at all")
    assert "cannot be unpacked" in refused(path)
    path.write_bytes(gzip.compress(SHAPES["NDJSON"]) + b"more")
    assert "cannot be unpacked" in refused(path)


@pytest.mark.parametrize("shape", ["a Bundle in lines", "an array in one line"])
def test_a_document_that_ends_early_is_refused(tmp_path: Path, shape: str) -> None:
    path = tmp_path / "log.json"
    path.write_bytes(SHAPES[shape][:-5])
    assert "log.json ends in the middle: " in refused(path)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(Refused, match="cannot be opened"):
            list(read(path))


@pytest.mark.parametrize("packed", [False, True])
def test_a_document_larger_than_may_be_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    monkeypatch.setattr(fhir_source, "LARGEST_DOCUMENT", 1_000)
    monkeypatch.setattr(fhir_source, "STEP_BYTES", 100)
    content = json.dumps(bundle(*[patient()] * 20), indent=1).encode()
    path = tmp_path / "log.json"
    path.write_bytes(gzip.compress(content) if packed else content)
    assert refused(path) == "log.json is too large for one document. Export it as NDJSON."


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_line_longer_than_may_be_is_left_out_and_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    monkeypatch.setattr(fhir_source, "LONGEST_LINE", 1_000)
    monkeypatch.setattr(fhir_source, "STEP_BYTES", 100)
    lines = [json.dumps(one) for one in TWO]
    lines.insert(place, "x" * 5_000)
    path = tmp_path / "log.ndjson"
    path.write_text("\n".join(lines) + "\n")
    found = kinds(path)
    assert found.pop(place) == "Skipped" and found == ["sign_in", "PatientFacts"]


@pytest.mark.parametrize("length", [999, 1_000, 1_001])
def test_a_line_about_as_long_as_may_be_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    monkeypatch.setattr(fhir_source, "LONGEST_LINE", 1_000)
    long = json.dumps(patient(note=""))
    long = long.replace('"note": ""', f'"note": "{"n" * (length - len(long))}"')
    path = tmp_path / "log.ndjson"
    path.write_text("\n".join([json.dumps(encounter()), long, json.dumps(patient())]))
    found = kinds(path)
    assert found == [
        "telehealth_visit",
        "Skipped" if length > 1_000 else "PatientFacts",
        "PatientFacts",
    ]


def test_a_bundle_in_one_line_may_be_longer_than_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fhir_source, "LONGEST_LINE", 300)
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle(*TWO)))
    assert kinds(path) == ["sign_in", "PatientFacts"]


# Progress


@pytest.mark.parametrize("packed", [False, True])
def test_it_is_told_how_far_the_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    monkeypatch.setattr(fhir_source, "STEP_BYTES", 20_000)
    made = random.Random(7)
    lines = (patient(id=f"{made.getrandbits(512):x}") for _ in range(2_000))
    path = ndjson(tmp_path / "log", lines, packed)
    told: list[int] = []
    assert sum(1 for _ in read(path, told.append)) == 2_000
    assert told == sorted(told) and len(told) > 5
    assert told[-1] == path.stat().st_size


def test_records_from_a_few_bytes_are_told_of_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fhir, "STEP_RECORDS", 10)
    path = ndjson(tmp_path / "log", [encounter()] * 35)
    told: list[int] = []
    assert len(list(read(path, told.append))) == 35
    assert len(told) == 4


def test_lines_come_one_at_a_time(tmp_path: Path) -> None:
    path = ndjson(tmp_path / "log", [encounter()] * 20_000)
    told: list[int] = []
    records = read(path, told.append)
    assert next(records) == PortalEvent("p-1", "telehealth_visit", _at())
    assert told == [] or told[-1] < path.stat().st_size
    records.close()  # type: ignore[attr-defined]


def _at() -> Any:
    from collectors.portal.fhir_parts import instant

    return instant(AT)
