"""Published FHIR examples and bulk files, where they stand beside the checkout."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from collectors.portal.base import PatientFacts, PortalEvent, Skipped
from collectors.portal.fhir import looks_like_fhir, read
from tests.portal.fhir_made import SAMPLES

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the samples do not stand beside this checkout"
)
HL7 = "hl7-r4/audit-event-example-{}.json"


@pytest.mark.parametrize(
    ("name", "event", "at"),
    [
        ("login", "sign_in", datetime(2013, 6, 20, 23, 41, 23, tzinfo=UTC)),
        ("search", "record_view", datetime(2015, 8, 22, 23, 42, 24, tzinfo=UTC)),
        ("vread", "record_view", datetime(2013, 6, 20, 23, 42, 24, tzinfo=UTC)),
    ],
)
def test_an_audit_event_of_hl7(name: str, event: str, at: datetime) -> None:
    assert list(read(SAMPLES / HL7.format(name))) == [PortalEvent("95", event, at)]


def test_the_sign_out_of_hl7_is_left_out() -> None:
    assert list(read(SAMPLES / HL7.format("logout"))) == [Skipped("a sign-out")]


def test_an_event_of_r5_by_staff_is_left_out() -> None:
    found = list(read(SAMPLES / "at-2xes/auditEvents2.json"))
    assert found == [Skipped("not a use of the portal")]


def test_of_the_bulk_encounters_one_was_at_a_distance() -> None:
    found = Counter(read(SAMPLES / "bulk-fhir/Encounter.000.ndjson"))
    (visit,) = (one for one in found if isinstance(one, PortalEvent))
    assert (visit.event, found[visit]) == ("telehealth_visit", 1)
    assert visit.at == datetime(2020, 6, 12, 15, 46, 59, tzinfo=UTC)
    assert found[Skipped("not a telehealth visit")] == 1214


def test_the_bulk_patients_give_year_and_area() -> None:
    found = list(read(SAMPLES / "bulk-fhir/Patient.000.ndjson"))
    assert len(found) == 13
    for one in found:
        assert isinstance(one, PatientFacts)
        assert one.birth_year is not None and one.zip3 is not None and len(one.zip3) == 3


def test_bulk_immunizations_are_not_read() -> None:
    found = set(read(SAMPLES / "bulk-fhir/Immunization.000.ndjson"))
    assert found == {Skipped("a resource that is not read")}


def test_samples_are_recognised_and_tables_are_not() -> None:
    assert all(looks_like_fhir(path) for path in SAMPLES.glob("*/*.*json"))
    assert not any(looks_like_fhir(path) for path in SAMPLES.glob("*/*.csv"))
