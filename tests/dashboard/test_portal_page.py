"""The page Portal, run as the server runs it but without a browser.

Long because each of its two tabs has full, empty and refused states.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from data import audit, requests, unsealing
from data.clock import now
from data.models import (
    AuditEvent,
    ImportedFile,
    PortalMapping,
    Practice,
    PublicTelehealth,
    Request,
)
from data.privacy import mappings
from data.privacy.planning import Keys
from data.session import make_engine, open_session
from tests.dashboard import released
from tests.dashboard.test_desk_pages import words
from tests.dashboard.test_overview_page import MAIN

Open = Callable[..., AppTest]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home that holds the marker and the folder of logs."""
    return tmp_path / "home"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, home: Path) -> Open:
    """Opens the page on a database, with query parameters."""

    def _open(url: str, **params: str) -> AppTest:
        monkeypatch.setenv("REACHWELL_DATABASE_URL", url)
        monkeypatch.setenv("REACHWELL_HOME", str(home))
        app = AppTest.from_file(MAIN, default_timeout=60)
        app.query_params.update(params)
        app.switch_page("screens/portal.py").run()
        assert not app.exception
        return app

    return _open


@pytest.fixture
def empty_url(sqlite_url: str, home: Path) -> str:
    """A practice that has released nothing."""
    released.describe(sqlite_url, home)
    return sqlite_url


@pytest.fixture
def url(empty_url: str, home: Path) -> str:
    """Ten weeks released."""
    released.release_weeks(empty_url, home)
    return empty_url


def alts(app: AppTest) -> list[str]:
    return [str(one.proto.alt) for one in app.get("plotly_chart")]


def specs(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(one.proto.spec) for one in app.get("plotly_chart")]


def tables(app: AppTest) -> str:
    return "".join(one.proto.body for one in app.get("html") if "rw-wordy" in one.proto.body)


def test_a_practice_without_a_release_is_told_what_it_takes(opened: Open, empty_url: str) -> None:
    said = words(opened(empty_url))
    assert "Nothing is released yet" in said
    assert "the number of your active patients" in said
    assert "1. What you state" in said and "4. Release" in said


def test_the_first_thing_seen_is_whether_it_changed(opened: Open, url: str) -> None:
    app = opened(url)
    heading = app.header[0].value
    assert heading.startswith("Sign-ins: about ") and "± " in heading
    assert "no clear change since the week before" in heading
    said = words(app)
    assert "The shaded band is where the true number lies 95 times in 100." in said
    assert "Noise is added on purpose so that no patient can be found." in said
    assert "No clear change over four weeks." in said
    assert "Identifiers removed, aggregated, differentially private" in said
    assert [tab.label for tab in app.tabs] == ["Use", "Release"]


def test_a_clear_fall_is_named(opened: Open, empty_url: str, home: Path) -> None:
    def falling(labels: dict[str, str], first: date) -> int:
        return released.steady(labels, first) // (4 if first >= date(2026, 11, 16) else 1)

    released.release_weeks(empty_url, home, weeks=6, count=falling)
    assert "fewer than the week before" in opened(empty_url).header[0].value


def test_a_source_within_a_wider_one_is_not_added_and_the_page_says_so(
    opened: Open, empty_url: str, home: Path
) -> None:
    ages = Keys(("sign_in",), released.KEYS.age_band, (), ())
    released.release_weeks(empty_url, home, weeks=5, keys=ages)
    before = opened(empty_url)
    assert "is not added again" not in words(before)
    released.release_weeks(empty_url, home, weeks=3, keys=ages, source="clinic+fhir")

    app = opened(empty_url)

    assert (
        "For 3 weeks and 21 days the source “fhir” is contained in “clinic+fhir” and is not "
        "added again."
    ) in words(app)
    (weeks,) = (spec for spec in specs(app) if len(spec["data"]) == 2)
    assert len(set(weeks["data"][1]["y"])) == 1  # as many patients in all five weeks


def test_the_band_is_a_filled_area(opened: Open, url: str) -> None:
    traces = specs(opened(url))[0]["data"]
    assert [trace.get("fill") for trace in traces] == ["toself", None]
    assert len(traces[1]["x"]) == 10


def test_the_event_and_the_day_stand_in_the_address(opened: Open, url: str) -> None:
    app = opened(url, event="Messages", by="Day")
    assert app.header[0].value.startswith("Messages: about ")
    assert "patients a day" in app.header[0].value
    assert len(specs(app)[0]["data"][1]["x"]) == 70
    four = opened(url, event="Messages", by="4 weeks")
    assert "mean of four weeks" in words(four)
    assert len(specs(four)[0]["data"][1]["x"]) == 2


def test_what_is_too_small_to_say_is_said(opened: Open, url: str) -> None:
    app = opened(url, event="Wearable syncs")
    assert app.header[0].value == "Wearable syncs: too few to say in the newest week"
    said = words(app)
    assert "10 of 10 have too few to say, so no line is drawn" in said
    assert "The choice “4 weeks” may tell more." in said
    assert not any(alt.startswith("Wearable syncs by week") for alt in alts(app))


def test_ages_areas_and_topics_have_intervals(opened: Open, url: str) -> None:
    app = opened(url)
    said = words(app)
    assert "Age 50–64 clearly leads" in said and "ZIP 100… clearly leads" in said
    assert "Only sleep stands out from the noise" in said
    shown = alts(app)
    assert any("Sign-ins by age group, with intervals of 95 %: " in alt for alt in shown)
    assert any("Areas of few people" in alt and "Elsewhere" in alt for alt in shown)
    assert "Without a topic: 600 ± 20." in said
    for spec in specs(app):
        assert all(trace["type"] == "scatter" for trace in spec["data"])  # bars say too much


def test_a_small_practice_has_no_days(opened: Open, sqlite_url: str, home: Path) -> None:
    released.describe(sqlite_url, home, patients=2000)
    released.release_weeks(sqlite_url, home, weeks=5)
    app = opened(sqlite_url)
    by = next(one for one in app.segmented_control if one.label == "By")
    assert by.options == ["4 weeks", "Week"]


def test_tables_that_are_not_released_say_what_they_need(
    opened: Open, empty_url: str, home: Path
) -> None:
    keys = Keys(("sign_in", "message"), released.KEYS.age_band, (), ())
    released.release_weeks(empty_url, home, weeks=5, keys=keys)
    app = opened(empty_url)
    said = words(app)
    assert "Nothing by area" in said and "Nothing by topic" in said
    assert "It needs ZIP codes in the files, and areas that you name under Release." in said
    assert app.get("button_group")[0].proto.options[1].content == "Messages"


def test_topics_alone_have_no_total(opened: Open, empty_url: str, home: Path) -> None:
    keys = Keys(("message",), (), (), released.KEYS.topic)
    released.release_weeks(empty_url, home, weeks=5, keys=keys)
    app = opened(empty_url)
    assert app.header[0].value == "Messages: no total"
    assert "A total needs a table by age or by area" in words(app)


def test_telehealth_stands_above_the_country(opened: Open, url: str) -> None:
    nothing = opened(url)
    assert "reachwell import FILE" in [one.value for one in nothing.code]
    engine = make_engine(url)
    with open_session(engine, "test", write=True) as session:
        file = ImportedFile(name="f", sha256="0", format="f", imported_at=now(), imported_by="test")
        session.add(file)
        session.flush()
        for quarter in (1, 2, 3):
            session.add(_national(quarter, int(file.id or 0)))
        audit.record(session, "import", "file:1")
    engine.dispose()
    app = opened(url)
    said = words(app)
    assert "For orientation only, for the two measure different things" in said
    assert "of your 8,000 active patients" in said
    assert any("12 % in 2024 Q3" in alt for alt in alts(app))
    country = specs(app)[-1]["data"][0]
    assert country["y"] == [0.14, None, 0.12]  # what the source suppresses stays missing


def _national(quarter: int, file: int) -> PublicTelehealth:
    return PublicTelehealth(
        year=2024,
        quarter=str(quarter),
        geography="National",
        enrolment="All",
        race="All",
        sex="All",
        entitlement="All",
        age="All",
        rurality="All",
        share={1: 0.14, 2: None, 3: 0.12}[quarter],
        import_id=file,
    )


def test_an_event_in_the_address_that_is_not_there_shows_the_first(opened: Open, url: str) -> None:
    assert opened(url, event="Nonsense", span="ever").header[0].value.startswith("Sign-ins")


def test_the_release_tells_margins_and_reasons(opened: Open, sqlite_url: str, home: Path) -> None:
    released.describe(sqlite_url, home, patients=None)
    made = tables(opened(sqlite_url))
    assert "± 59 patients" in made and "about 0.6 %" in made
    assert "No: days need 3,000 active patients, and none are stated" in made


def test_what_the_practice_states_is_saved_and_audited(opened: Open, empty_url: str) -> None:
    app = opened(empty_url)
    assert app.text_input[0].label == "Folder of the portal's logs"
    app.text_input[1].set_value("100, 113")
    app.number_input[0].set_value(2500)
    app.button(key="FormSubmitter:portal-stated-Save").click().run()
    assert "With 2,500 active patients" in words(app)
    practice = _one(empty_url, Practice)
    assert (practice.active_patients, practice.zip3s) == (2500, ["100", "113"])
    app.text_input[0].set_value("logs")
    app.button(key="FormSubmitter:portal-stated-Save").click().run()
    assert [error.proto.title for error in app.error] == ["The folder is not a whole path."]
    engine = make_engine(empty_url)
    with open_session(engine, "test") as session:
        said = session.exec(select(AuditEvent)).all()[-1]
    engine.dispose()
    assert said.action == "practice.describe"


def _one(url: str, kind: type[Any]) -> Any:
    engine = make_engine(url)
    with open_session(engine, "test") as session:
        found = session.exec(select(kind)).one()
    engine.dispose()
    return found


def _filled(app: AppTest) -> AppTest:
    app.multiselect(key="portal-files").set_value(["AuditEvent.ndjson"])
    app.date_input(key="portal-first").set_value(date(2026, 9, 14))
    app.date_input(key="portal-last").set_value(date(2026, 10, 31))
    return app.run()


def test_the_worker_is_asked_for_what_was_chosen(opened: Open, url: str, home: Path) -> None:
    app = opened(url, view="Release")
    assert app.multiselect(key="portal-files").options == ["AuditEvent.ndjson", "devices.csv"]
    assert app.button(key="portal-release").disabled
    app = _filled(app)
    assert "6 whole weeks and 1 whole month and 48 days" in words(app)
    app.button(key="portal-release").click().run()
    wish = _one(url, Request)
    assert json.loads(unsealing.unseal(home, wish.secret_sealed)) == ["AuditEvent.ndjson"]
    assert (wish.kind, wish.payload) == (
        "portal_release",
        {
            "mapping": None,
            "first": "2026-09-14",
            "last": "2026-10-31",
            "correct": False,
        },
    )
    assert "Waiting for the worker" in words(app)


def test_a_correction_is_confirmed_first(opened: Open, url: str) -> None:
    app = _filled(opened(url, view="Release"))
    app.checkbox(key="portal-correct").check().run()
    assert "paid for from the reserve" in words(app)
    assert app.button(key="portal-release").disabled
    app.checkbox(key="portal-sure").check().run()
    app.button(key="portal-release").click().run()
    assert _one(url, Request).payload["correct"] is True


def test_a_result_is_told_in_words(opened: Open, url: str) -> None:
    app = _filled(opened(url, view="Release"))
    app.button(key="portal-release").click().run()
    engine = make_engine(url)
    refused = [
        {"table": "week_event_age", "period": "2026-09-14", "reason": "already released"},
        {"table": "week_event_age", "period": "2026-09-21", "reason": "already released"},
    ]
    with open_session(engine, "worker", write=True) as session:
        wish = requests.claim_one(session, 1, "worker")
        assert wish is not None
        requests.done(session, wish, {"releases": 7, "refused": refused})
    engine.dispose()
    app.run()
    assert [one.proto.title for one in app.success] == ["7 periods released"]
    assert "- Not released: 2 periods: already released." in words(app)


def test_a_release_is_stopped_from_the_page(opened: Open, url: str) -> None:
    app = _filled(opened(url, view="Release"))
    app.button(key="portal-release").click().run()
    engine = make_engine(url)
    with open_session(engine, "worker", write=True) as session:
        wish = requests.claim_one(session, 1, "worker")
    assert wish is not None
    app.button(key="stop-portal").click().run()
    assert "Stopping" in words(app)
    assert not [one for one in app.button if one.key == "stop-portal"]
    with open_session(engine, "worker", write=True) as session:
        assert requests.is_to_stop(session, wish)
        requests.stopped(session, wish)
    engine.dispose()
    app.run()
    assert "nothing was released and nothing was spent" in words(app)


def test_a_missing_folder_is_a_sentence(opened: Open, url: str, home: Path) -> None:
    for file in (home / "logs").iterdir():
        file.unlink()
    (home / "logs").rmdir()
    assert "There is no folder" in words(opened(url, view="Release"))


def test_no_file_can_be_uploaded(opened: Open, url: str) -> None:
    for view in ("Use", "Release"):
        assert not opened(url, view=view).get("file_uploader")


def test_mappings_are_listed_and_a_broken_one_says_so(opened: Open, url: str) -> None:
    engine = make_engine(url)
    with open_session(engine, "test", write=True) as session:
        mappings.put(session, "vendor", {"patient": "P", "event": "E", "when": "W"})
        session.add(
            PortalMapping(name="old", mapping={"patient": "P"}, changed_at=now(), changed_by="test")
        )
        audit.record(session, "test", "mapping")
    engine.dispose()
    said = words(opened(url, view="Release"))
    assert "reads P, E, W" in said
    assert "The mapping cannot be used" in said
