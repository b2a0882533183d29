"""What the page says before and after a release, and the form of a mapping."""

from datetime import date
from pathlib import Path

import pytest

from content.topics.vocabulary import topic_names
from dashboard import mapping_fields as fields
from dashboard import releasing, wordy_table
from data.errors import Refused
from data.privacy import columns


def test_the_folder_is_listed_by_names_alone(tmp_path: Path) -> None:
    for name in ("b.csv", "a.ndjson", ".hidden"):
        (tmp_path / name).touch(mode=0o000)  # nobody may open it
    (tmp_path / "inner").mkdir()
    assert releasing.listing(str(tmp_path)) == releasing.Listing(("a.ndjson", "b.csv"))
    for number in range(300):
        (tmp_path / f"z{number:03}").touch()
    found = releasing.listing(str(tmp_path))
    assert (len(found.names), found.more) == (200, 102)


def test_a_folder_that_cannot_be_listed_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    problems = [
        releasing.listing(folder).problem or ""
        for folder in (None, str(tmp_path / "no"), str(tmp_path / "file"), str(tmp_path / "empty"))
    ]
    for problem, said in zip(problems, ("No folder is named", "There is no folder", "is a file",
                                        "There is no file in"), strict=True):  # fmt: skip
        assert said in problem


def test_a_folder_is_a_whole_path() -> None:
    assert releasing.checked_folder("  ") is None
    assert releasing.checked_folder(" /srv/logs/ ") == "/srv/logs"
    with pytest.raises(Refused, match="not a whole path"):
        releasing.checked_folder("logs")


def test_areas_are_read_as_people_write_them() -> None:
    assert releasing.areas("100, 112;113 100") == ["100", "112", "113"]
    assert releasing.areas(None) == []


def test_each_table_says_how_sure_it_is_and_why_it_is_not_released() -> None:
    few = {row["Table"]: row for row in releasing.margins(2000, [])}
    assert few["Each day, by kind of use"]["Released"] == (
        "No: days need 3,000 active patients, and 2,000 are stated"
    )
    assert few["Each week, by kind of use and area"]["Released"] == "No: no ZIP areas are named"
    assert few["Each week, by kind of use and age"]["Margin of a figure"] == (
        "± 59 patients (2.9 % of yours)"
    )
    unstated = releasing.margins(None, ["100"])
    assert "none are stated" in unstated[0]["Released"]
    assert unstated[1]["Margin of a figure"] == "± 59 patients"
    assert releasing.margins(8000, ["100"])[0]["Released"] == "Yes"


def test_the_days_say_what_they_hold_and_cost() -> None:
    first, last = date(2026, 10, 1), date(2026, 11, 1)
    assert releasing.whole_periods(first, last) == {"week": 4, "month": 1, "day": 32}
    said, is_some = releasing.plan_words(first, last, 8000, ["100"], correct=False)
    cost = 4 * 3 * 0.0028 + 0.004 + 32 * 0.0008
    assert is_some and f"At most {cost:.4f} of the year's 1" in said
    assert "4 whole weeks and 1 whole month and 32 days" in said
    assert "from the reserve" in releasing.plan_words(first, last, 8000, [], correct=True)[0]
    short, is_some = releasing.plan_words(first, date(2026, 10, 3), 2000, [], correct=False)
    assert not is_some and "no whole week" in short


def test_a_result_groups_its_reasons() -> None:
    refused = [
        {"table": "week_event_age", "period": f"2026-0{n}-01", "reason": "already released"}
        for n in range(1, 4)
    ] + [{"table": "month_topic_age", "period": None, "reason": "the input carries no topics"}]
    title, reasons = releasing.result_words({"releases": 12, "refused": refused})
    assert title == "12 periods released"
    assert reasons == [
        "Not released: 3 periods: already released.",
        "Not released: Month by topic and age, all of it: the input carries no topics.",
    ]
    assert releasing.result_words({"releases": 0, "refused": []}) == (
        "Nothing new was released",
        [],
    )


def test_a_mapping_comes_back_as_it_was_written() -> None:
    said = fields.assembled(
        {"patient": " PatID ", "event": "Action", "when": "At", "zip": "", "topic": "Page"},
        "America/New_York",
        (fields.BIRTH, "DOB"),
        "a=b = sign_in\n\nMSG = message",
        "BP = blood pressure",
    )
    assert said == {
        "patient": "PatID",
        "event": "Action",
        "when": "At",
        "topic": "Page",
        "time_zone": "America/New_York",
        "birth_date": "DOB",
        "events": {"a=b": "sign_in", "MSG": "message"},
        "topics": {"BP": "blood pressure"},
    }
    columns.parse(said, topic_names())
    assert fields.pairs(fields.lines(said["events"]), "what was done") == said["events"]
    assert fields.age_kind(said) == fields.BIRTH
    assert fields.age_kind({}) == fields.NO_AGE


@pytest.mark.parametrize("text", ["LOGIN", "= sign_in", "LOGIN =", "A = message\nA = booking"])
def test_lines_that_are_no_pairs_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        fields.pairs(text, "what was done")


def test_a_mapping_without_what_it_needs_is_refused() -> None:
    bare: dict[str, str | None] = {"patient": "P", "event": "", "when": None}
    with pytest.raises(Refused, match="What was done, When"):
        fields.assembled(bare, "", (fields.NO_AGE, ""), "", "")
    whole: dict[str, str | None] = {"patient": "P", "event": "E", "when": "W"}
    with pytest.raises(Refused, match="no name"):
        fields.assembled(whole, "", (fields.AGE, " "), "", "")


def test_a_table_of_words_escapes_what_people_wrote() -> None:
    made = wordy_table.table([{"Who": "<b>@x", "What": "a & b"}], 'of "all"', whole=("What",))
    assert "<b>@x" not in made and "&lt;b&gt;@x" in made and "a &amp; b" in made
    assert 'aria-label="of &quot;all&quot;"' in made and 'class="rw-whole"' in made
    assert wordy_table.table([], "none") == ""
