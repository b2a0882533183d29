"""Which file is what; what a refusal tells, and what it never tells."""

from pathlib import Path

import pytest

from collectors.exports.recognise import recognise
from data.errors import Refused
from tests.exports.made import HEADINGS, SAMPLES, line, write

PATIENTS = SAMPLES / "portal" / "synthea-csv" / "patients.csv"


def refused(path: Path, wanted: str | None = None) -> str:
    with pytest.raises(Refused) as caught:
        recognise(path, wanted)
    return caught.value.sentence()


def test_a_known_file_under_any_name(tmp_path: Path) -> None:
    path = write(tmp_path / "download (3).txt", [line()])
    assert recognise(path).name == "medicare_telehealth"
    assert recognise(path, "medicare_telehealth").name == "medicare_telehealth"
    assert "known are: medicare_telehealth" in refused(path, "nonsense")


def test_what_is_not_known_is_told_by_its_columns(tmp_path: Path) -> None:
    columns = ["Page \x1b[31m", "Reach, organic", "x" * 60, *(f"c{n}" for n in range(40))]
    headings = ",".join(f'"{one}"' for one in columns[1:])
    told = refused(write(tmp_path / "page.csv", ["secret value,1"], headings))
    assert told.startswith("page.csv is not a file we know; it has these columns: Reach, organic, ")
    assert f"{'x' * 40}, c0" in told and "x" * 41 not in told
    assert "c27 and 12 more; known are: medicare_telehealth (CMS" in told
    assert "secret" not in told
    wanted = refused(tmp_path / "page.csv", "medicare_telehealth")
    assert wanted.startswith("page.csv is not CMS Medicare telehealth trends; it has these columns")
    escape = refused(write(tmp_path / "page.csv", [], columns[0]))
    assert "\x1b" not in escape


@pytest.mark.parametrize(
    "headings",
    [
        "name,mrn,visit",
        "Id,SSN",
        "BIRTHDATE,code",
        "BENE_BIRTH_DT;x",
        "DOB\tx",
        "Date of birth,x",
        "PatientBirthDate,x",
        "First Name,Last Name,Campaign",
        "FIRST,LAST",
        "patient_id,date",
        "Patient,date",
        "PASSPORT,x",
        "DRIVERS,x",
        "Name,Email",
        "Fecha de nacimiento,x",
        "DESYNPUF_ID,x",
        "Id|BIRTHDATE|x",
        HEADINGS + ",MRN",
    ],
)
def test_patients_have_another_way_in(tmp_path: Path, headings: str) -> None:
    path = write(tmp_path / "people.csv", ["Jane Roe,123456,2026-01-02"], headings)
    said = (
        "people.csv holds data of patients. Use `reachwell portal release` with a mapping; "
        "nothing of it was read."
    )
    assert refused(path) == said
    assert refused(path, "medicare_telehealth") == said


@pytest.mark.parametrize(
    "headings",
    [
        "Ad name,Age,Gender,Reach",
        "Page name,First reply,Last reply",
        "New patient form leads,Cost per new patient",
        "Patients,Quarter",
    ],
)
def test_marketing_is_no_patients_data(tmp_path: Path, headings: str) -> None:
    assert "not a file we know" in refused(write(tmp_path / "ads.csv", ["1,2"], headings))


@pytest.mark.parametrize(
    "first",
    [
        "Jane,Roe,999-12-3456",
        "Jane,2026-01-02",
        "roe@elm.test,Jane",
        "Jane,212 555 0100,Roe",
        "17,Jane",
    ],
)
def test_a_file_without_headings_is_not_told_by_its_first_record(
    tmp_path: Path, first: str
) -> None:
    told = refused(write(tmp_path / "bare.csv", [], first))
    assert "its first line holds values, not the names of columns" in told
    assert not any(cell in told for cell in first.split(","))


def test_what_is_no_text_at_all(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    for content in (b"PK\3\4\0\0rest", HEADINGS.encode("utf-16"), "Охват;x".encode("cp1251")):
        path.write_bytes(content)
        assert "its headings are not text in UTF-8" in refused(path)
    for content in (b"", b"\r\n \n", "\ufeff".encode()):
        path.write_bytes(content)
        assert refused(path).startswith("some.csv is empty")
    assert "There is no file gone.csv there" in refused(tmp_path / "gone.csv")
    assert "There is no file" in refused(tmp_path)


@pytest.mark.skipif(not PATIENTS.is_file(), reason="the samples do not stand beside this checkout")
@pytest.mark.parametrize("name", ["patients.csv", "encounters.csv", "immunizations.csv"])
def test_the_samples_patients_are_refused(name: str) -> None:
    assert refused(PATIENTS.with_name(name)).startswith(f"{name} holds data of patients.")
