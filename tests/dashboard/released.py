"""Releases of made counts, for tests of the pages Portal and Privacy."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

from data import practice as practices
from data.privacy import releasing
from data.privacy.keys import AGE_BANDS, EVENTS, zip3_keys
from data.privacy.planning import Job, Keys, Wanted
from data.session import make_engine, open_session
from data.unsealing import keep_keys

ZONE = "America/New_York"
TOPICS = ("sleep", "flu")
LAST = date(2026, 11, 22)  # a Sunday
TODAY = date(2026, 11, 24)
KEYS = Keys(EVENTS, AGE_BANDS, zip3_keys(("100", "112")), (*TOPICS, "unknown"))

#: Patients of a cell, by its labels and the first day of its period.
Count = Callable[[dict[str, str], date], int]


def steady(labels: dict[str, str], first: date) -> int:
    """Many at each event but wearables; the middle ages and ZIP 100 most; hardly any topic."""
    if labels.get("event") == "wearable_sync":
        return 0
    share = {"50-64": 0.6, "30-39": 0.3}.get(labels.get("age_band", ""), 0.01)
    area = {"100": 0.7, "112": 0.2}.get(labels.get("zip3", ""), 0.05)
    topic = {"sleep": 0.8, "flu": 0.0}.get(labels.get("topic", ""), 0.2)
    for name, part in (("age_band", share), ("zip3", area), ("topic", topic)):
        if name in labels:
            return round(3000 * part)
    return 700


def describe(url: str, home: Path, patients: int | None = 8000) -> None:
    """A practice with a folder of logs, in a migrated database."""
    logs = home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    for name in ("AuditEvent.ndjson", "devices.csv"):
        (logs / name).write_text("")
    keep_keys(home)
    engine = make_engine(url)
    with open_session(engine, "test", write=True) as session:
        practices.describe(
            session, name="Harbor", zone=ZONE, currency="USD", active_patients=patients,
            zip3s=["100", "112"], portal_folder=str(logs),
        )  # fmt: skip
    engine.dispose()


def release_weeks(
    url: str,
    home: Path,
    weeks: int = 10,
    count: Count = steady,
    *,
    last: date = LAST,
    correct: bool = False,
    keys: Keys = KEYS,
    source: str = "fhir",
) -> None:
    """Release the whole weeks up to `last`; the days and months within them too.

    The noise drawn is zero, so that what a page says of it is the same each time; its stated
    sigma is as ever.
    """
    engine = make_engine(url)
    with open_session(engine, "olivia@example.org") as session:
        practice = practices.get(session)
        assert practice is not None
        first = last - timedelta(days=7 * weeks - 1)
        wanted = Wanted(source, first, last, ZONE, practice.active_patients, keys, TODAY, correct)
        jobs = releasing.plan_now(session, home, wanted).jobs
    counts = {job: _counts(job, count, keys) for job in jobs}
    with patch.object(releasing, "noisy", lambda _table, drawn: list(drawn)):
        releasing.release(engine, "olivia@example.org", home, wanted, counts)
    engine.dispose()


def _counts(job: Job, count: Count, keys: Keys) -> list[int]:
    dimensions = job.table.dimensions
    return [
        count(dict(zip(dimensions, cell, strict=True)), job.period.first)
        for cell in keys.cells(job.table)
    ]
