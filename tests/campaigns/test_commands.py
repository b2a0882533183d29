"""`reachwell campaigns …`, as a person types it."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import update
from typer.testing import CliRunner, Result

from campaigns.commands import app
from data.clock import now
from data.errors import Refused
from data.models import AdDaily
from data.session import make_engine, open_session
from tests.furnished import furnish
from tests.made import made_practice

Run = Callable[..., Result]
TODAY = now().date()


@pytest.fixture(scope="module")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("campaigns") / "made.sqlite3"
    url = f"sqlite:///{path}"
    made = made_practice(url, now=now(), days=60, posts_a_day=0.4)
    engine = make_engine(url)
    with open_session(engine, "test", write=True) as session:
        furnish(session, made)
        session.execute(update(AdDaily).values(raw_reply_id=1))
    engine.dispose()
    return path


@pytest.fixture
def run(made_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    copy = tmp_path / "desk.sqlite3"
    copy.write_bytes(made_file.read_bytes())
    monkeypatch.setenv("REACHWELL_DATABASE_URL", f"sqlite:///{copy}")

    def _run(*words: str) -> Result:
        result = CliRunner().invoke(app, list(words))
        if isinstance(result.exception, Refused):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result

    return _run


def answer(result: Result) -> dict[str, Any]:
    """The one JSON object on stdout."""
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_list_tells_state_and_pace(run: Run) -> None:
    flu, sleep = answer(run("list", "--json"))["campaigns"]
    assert (flu["name"], flu["state"], flu["budget"]) == ("Flu season", "running", 1500.0)
    assert flu["pace"] is not None and 0 < flu["budget_share"] < 1
    assert (sleep["state"], sleep["budget"], sleep["pace"]) == ("ended", None, None)


def test_add_takes_the_practices_currency_and_shows_what_was_kept(run: Run) -> None:
    added = answer(
        run("add", "--name", "Vaccines", "--from", "2026-09-01", "--through", "2026-09-30",
            "--goal", "Full waiting room", "--budget", "500.00", "--label", "#vaccines",
            "--utm", "v26", "--ads", "eur-campaign", "--json")
    )["campaign"]  # fmt: skip
    assert (added["budget"], added["currency"], added["labels"]) == (500.0, "USD", ["#vaccines"])
    assert added["ads"] == [{"id": "eur-campaign", "name": "Flu shots"}]
    assert "Vaccines" in run("list").stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--from", "1 May", "--through", "2026-05-02"), "'1 May' is no day"),
        (("--from", "2026-05-03", "--through", "2026-05-02"), "before it begins"),
        (("--from", "2026-05-01", "--through", "2026-05-02", "--budget", "lots"), "is no budget"),
        (("--from", "2026-05-01", "--through", "2026-05-02", "--budget", "1.005"), "more digits"),
        (("--from", "2026-05-01", "--through", "2026-05-02", "--ads", "flu SHOTS"), "eur-campaign"),
    ],
)
def test_what_cannot_be_added_is_refused(run: Run, words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        run("add", "--name", "Vaccines", *words)
    assert sentence in refused.value.sentence()


def test_every_figure_of_the_summary_has_a_source_or_is_missing(run: Run) -> None:
    figures = answer(run("summary", "flu season", "--json"))["figures"]
    named = {(one["scope"], one["metric"]): one for one in figures}
    assert named["paid EUR", "spend"]["value"] == 390.0  # 40 days, one not known
    assert named["paid EUR", "spend"]["unit"] == "EUR"
    assert ("paid", "spend") not in named, "currencies never add up"
    assert named["paid EUR", "cost_per_click"]["value"] is None
    assert all(one["source"] for one in figures if one["value"] is not None)


def test_a_campaign_that_is_not_there_is_refused_with_those_that_are(run: Run) -> None:
    for name in ("99", "Winter"):
        with pytest.raises(Refused) as refused:
            run("summary", name)
        assert "1 (Flu season)" in refused.value.sentence()


def test_a_campaign_may_be_called_by_figures_alone(run: Run) -> None:
    for name in ("2026", "2"):
        run("add", "--name", name, "--from", "2026-05-01", "--through", "2026-05-02")
    about = answer(run("summary", "2026", "--json"))["campaign"]
    assert (about["id"], about["name"]) == (3, "2026")
    assert answer(run("summary", "2", "--json"))["campaign"]["id"] == 2, "an id goes first"


def test_a_figure_of_many_replies_names_them_in_short_and_in_full(run: Run) -> None:
    figures = answer(run("summary", "1", "--json"))["figures"]
    for one in figures:
        assert one["source"].count(";") < 3
        assert len(one["source"]) < 400
        assert bool(one["sources"]) == bool(one["source"])


def test_the_three_files_hold_the_summarys_figures(run: Run, tmp_path: Path) -> None:
    spend = next(
        one
        for one in answer(run("summary", "1", "--json"))["figures"]
        if (one["scope"], one["metric"]) == ("paid USD", "spend")
    )["value"]
    for form in ("pdf", "xlsx", "csv"):
        out = tmp_path / f"flu.{form}"
        said = answer(run("export", "1", "--format", form, "--out", str(out), "--json"))
        assert said["file"] == str(out) and len(said["sha256"]) == 64
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "flu.pdf").pages)
    assert f"{spend:,.2f}" in text
    book = load_workbook(tmp_path / "flu.xlsx", data_only=True)
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(isinstance(one, float | int) and abs(one - spend) < 0.005 for one in cells)
    rows = list(csv.reader(io.StringIO((tmp_path / "flu.csv").read_text("utf-8-sig"))))
    assert any(f"{spend:.2f}" in row for row in rows)


@pytest.mark.parametrize(("form", "sentence"), [("pptx", "not yet"), ("docx", "no format")])
def test_a_format_that_is_not_there_is_refused(
    run: Run, tmp_path: Path, form: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        run("export", "1", "--format", form, "--out", str(tmp_path / "x"))
    assert not (tmp_path / "x").exists()


def test_a_place_that_cannot_be_written_is_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be written"):
        run("export", "1", "--format", "csv", "--out", str(tmp_path / "no" / "x.csv"))


def test_a_campaign_of_today_has_begun(run: Run) -> None:
    added = answer(
        run("add", "--name", "Now", "--from", (TODAY - timedelta(days=1)).isoformat(),
            "--through", (TODAY + timedelta(days=1)).isoformat(), "--json")
    )["campaign"]  # fmt: skip
    assert (added["state"], added["posts"]) == ("running", 0)
