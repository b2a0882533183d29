"""Encounter, Observation and Patient, and the instants that all of them are read by."""

from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.portal.base import NO_YEAR, PatientFacts, PortalEvent, Skipped
from collectors.portal.fhir_encounter import read_encounter
from collectors.portal.fhir_observation import read_observation
from collectors.portal.fhir_parts import instant
from collectors.portal.fhir_patient import read_patient
from collectors.portal.fhir_values import LeftOut
from tests.portal.fhir_made import AT, Json, coding, concept, encounter, observation, patient

WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
NOT_FHIR = Skipped("not as FHIR has it")


# Encounter


def test_a_virtual_encounter_is_a_telehealth_visit_at_its_beginning() -> None:
    visit = PortalEvent("p-1", "telehealth_visit", WHEN)
    assert read_encounter(encounter()) == visit
    of_r5 = encounter(**{"class": [concept("AMB"), concept("VR")], "status": "completed"})
    assert read_encounter(of_r5) == visit


@pytest.mark.parametrize("kind", [coding("AMB"), [concept("IMP")], None, {}])
def test_another_encounter_is_none(kind: object) -> None:
    assert read_encounter(encounter(**{"class": kind})) == Skipped("not a telehealth visit")


@pytest.mark.parametrize("status", ["planned", "cancelled", "entered-in-error", "booked"])
def test_a_visit_that_was_not_held_is_left_out(status: str) -> None:
    assert read_encounter(encounter(status=status)) == Skipped("it did not take place")


@pytest.mark.parametrize("status", ["in-progress", "finished", "discontinued", "unknown", None])
def test_a_visit_that_began_counts(status: str | None) -> None:
    assert isinstance(read_encounter(encounter(status=status)), PortalEvent)


@pytest.mark.parametrize("reader", [(read_encounter, encounter), (read_observation, observation)])
@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        ({"reference": "Group/7"}, "someone who is not a patient"),
        ({"display": "Ann Example"}, "no patient is named"),
        ({"identifier": {"value": "7"}}, "no patient is named"),
        (None, "no patient is named"),
        ("Patient/p-1", "not as FHIR has it"),
    ],
)
def test_only_a_reference_to_a_patient_tells_whose(
    reader: Any, subject: object, reason: str
) -> None:
    read, make = reader
    assert read(make(subject=subject)) == Skipped(reason)


@pytest.mark.parametrize("period", [None, {}, {"end": AT}])
def test_a_visit_without_its_beginning_is_left_out(period: object) -> None:
    assert read_encounter(encounter(period=period)) == Skipped("no time")


# Observation


@pytest.mark.parametrize(
    "device", [{"reference": "Device/d"}, {"display": "A watch"}, {"identifier": {"value": "d"}}]
)
def test_what_a_device_sent_is_a_wearables_sync(device: Json) -> None:
    found = observation(device=device)
    assert read_observation(found) == PortalEvent("p-1", "wearable_sync", WHEN)


@pytest.mark.parametrize("device", [None, {}, {"reference": " "}, {"identifier": {}}])
def test_what_no_device_sent_is_left_out(device: object) -> None:
    assert read_observation(observation(device=device)) == Skipped("not from a device")


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_what_was_withdrawn_is_left_out(status: str) -> None:
    assert read_observation(observation(status=status)) == Skipped("it was withdrawn")


@pytest.mark.parametrize(
    "times",
    [
        {"effectivePeriod": {"start": AT}},
        {"effectiveInstant": AT},
        {"issued": AT},
        {"effectivePeriod": {"end": "2026-01-01T00:00:00Z"}, "issued": AT},
    ],
)
def test_the_time_of_an_observation_has_several_places(times: Json) -> None:
    found = read_observation(observation(effectiveDateTime=None, **times))
    assert isinstance(found, PortalEvent) and found.at == WHEN


# Patient


@pytest.mark.parametrize(
    ("birth", "year"),
    [
        ("1971", 1971),
        ("1971-08", 1971),
        ("2000-02-29", 2000),
        ("1971-13", NO_YEAR),
        ("1971-02-30", NO_YEAR),
        ("1900-02-29", NO_YEAR),
        ("0000", NO_YEAR),
        ("1871-01-01", NO_YEAR),
        ("71-08-09", NO_YEAR),
        ("1971-08-09T00:00:00Z", NO_YEAR),
        ("08/09/1971", NO_YEAR),
        ("", None),
        (None, None),
    ],
)
def test_of_the_birth_date_the_year_is_kept(birth: str | None, year: int | None) -> None:
    assert read_patient(patient(birthDate=birth)) == PatientFacts("p-1", year, "902")


@pytest.mark.parametrize(
    ("codes", "zip3"),
    [
        (["90210"], "902"),
        (["90210-1234"], "902"),
        (["902101234"], "902"),
        ([" 00501 "], "005"),
        (["SW1A 1AA", None, "10001"], "100"),
        (["10001", "90210"], "100"),
        (["9021"], None),
        (["902101"], None),
        (["٩٠٢١٠"], None),
        ([], None),
    ],
)
def test_of_the_first_zip_code_three_digits_are_kept(codes: list[Any], zip3: str | None) -> None:
    found = patient(address=[{"postalCode": code} for code in codes])
    assert read_patient(found) == PatientFacts("p-1", 1971, zip3)


def test_an_old_address_is_not_looked_at() -> None:
    old, new = {"use": "old", "postalCode": "90210"}, {"use": "home", "postalCode": "10001"}
    assert read_patient(patient(address=[old, new])) == PatientFacts("p-1", 1971, "100")
    assert read_patient(patient(address=[old])) == PatientFacts("p-1", 1971, None)


@pytest.mark.parametrize("identity", [None, "", " "])
def test_a_patient_without_an_id_is_left_out(identity: str | None) -> None:
    assert read_patient(patient(id=identity)) == Skipped("no patient is named")


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": 7},
        {"birthDate": 1971},
        {"address": {"postalCode": "90210"}},
        {"address": ["90210"]},
        {"address": [{"postalCode": 90210}]},
    ],
)
def test_a_patient_with_a_value_of_a_wrong_kind_is_left_out(wrong: Json) -> None:
    assert read_patient(patient(**wrong)) == NOT_FHIR


# Instants


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2026-03-04T05:06:07Z", WHEN),
        ("2026-03-04T05:06:07+00:00", WHEN),
        ("2026-03-04T00:06:07-05:00", WHEN),
        ("2026-03-04T19:06:07+14:00", WHEN),
        ("2026-03-04T05:06:07.5Z", WHEN.replace(microsecond=500_000)),
        ("2026-03-04T05:06:07.1234567890123Z", WHEN.replace(microsecond=123_456)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-01-01T00:30:00+01:00", datetime(2025, 12, 31, 23, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_with_its_zone_and_given_in_utc(said: str, at: datetime) -> None:
    assert instant(said) == at and instant(said).tzinfo is UTC


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (None, "no time"),
        ("", "no time"),
        ("2026-03-04T05:06:07", "a time without its zone"),
        ("2026-03-04", "a time without its zone"),
        ("2026", "a time without its zone"),
        ("2026-03-04T24:00:00Z", "a time that cannot be"),
        ("2026-03-04T05:06:61Z", "a time that cannot be"),
        ("2026-03-04T05:06Z", "a time that cannot be"),
        ("2026-02-30T05:06:07Z", "a time that cannot be"),
        ("2026-03-04T05:06:07+15:00", "a time that cannot be"),
        ("2026-03-04 05:06:07Z", "a time that cannot be"),
        ("1899-12-31T23:59:59Z", "a time that cannot be"),
        ("1900-01-01T00:00:00+01:00", "a time that cannot be"),
        ("2201-01-01T00:00:00Z", "a time that cannot be"),
        ("0001-01-01T00:00:00+14:00", "a time that cannot be"),
        ("9999-12-31T23:59:59-14:00", "a time that cannot be"),
        ("٢٠٢٦-03-04T05:06:07Z", "a time that cannot be"),
        ("yesterday", "a time that cannot be"),
        (1772600767, "not as FHIR has it"),
    ],
)
def test_a_time_that_lacks_something_is_none(said: object, reason: str) -> None:
    with pytest.raises(LeftOut) as left:
        instant(said)
    assert left.value.reason == reason
