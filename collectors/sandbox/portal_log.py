"""A made patient-portal log with planted truth, and the files that a portal would export of it.

`made_log` is the log; `write_csv`, `write_parquet` and `write_fhir` write it as an export, and
`truth` says what is planted in it. Everything in it is made up, the decoys first of all.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from collectors.sandbox import plan, portal_plan
from collectors.sandbox.portal_days import Rows
from collectors.sandbox.portal_fhir import DECOY, write_fhir
from collectors.sandbox.portal_made import MadeLog, iso_texts
from collectors.sandbox.portal_people import UNKNOWN, Ints, make_people
from collectors.sandbox.portal_truth import truth
from collectors.sandbox.practice import posts_of_day
from collectors.sandbox.world import identity_of
from data.privacy.keys import EVENTS

__all__ = [
    "DECOY", "MAPPING", "MadeLog", "made_log", "made_posts", "truth", "write_all", "write_csv",
    "write_fhir", "write_parquet",
]  # fmt: skip

Post = tuple[datetime, str]

ACTIONS: Mapping[str, str] = {
    "sign_in": "LOGIN",
    "record_view": "CHART VIEW",
    "message": "MSG SENT",
    "booking": "APPT REQUEST",
    "refill": "RX REFILL",
    "telehealth_visit": "VIDEO VISIT",
    "wearable_sync": "DEVICE SYNC",
    "education_view": "EDU ARTICLE",
    "failed_sign_in": "LOGIN FAILED",
    "sign_out": "LOGOUT",
    "staff_view": "STAFF CHART VIEW",
    "office_visit": "OFFICE VISIT",
}
"""What the file calls each kind of row."""
TITLES: Mapping[str, str] = {
    "blood pressure": "Hypertension",
    "diabetes": "Diabetes Care",
    "sleep": "Sleep Health",
    "flu": "Influenza",
    "allergies": "Allergy",
    "mental health": "Behavioral Health",
    "nutrition": "Diet and Nutrition",
    "vaccines": "Immunizations",
    "exercise": "Physical Activity",
    "skin": "Dermatology",
    "back pain": "Low Back Pain",
    "cholesterol": "Lipids",
    "telehealth": "Virtual Care",
}
"""What the file calls each topic."""
MAPPING: Mapping[str, Any] = {
    "patient": "patient_id",
    "event": "action",
    "when": "occurred_at",
    "time_zone": "UTC",
    "age": "age",
    "zip": "zip",
    "topic": "topic",
    "events": {action: kind for kind, action in ACTIONS.items() if kind in EVENTS},
    "topics": {title: topic for topic, title in TITLES.items()},
}
"""How `reachwell portal` is to read the CSV or Parquet file; the dirt's actions mean nothing."""

_TYPES = (
    ("patient_id", pa.string()),
    ("action", pa.string()),
    ("occurred_at", pa.timestamp("us", tz="UTC")),
    ("age", pa.int16()),
    ("zip", pa.string()),
    ("topic", pa.string()),
)


def made_posts(seed: int, begin: date, end: date) -> list[Post]:
    """When the made practice publishes what about on these local days, both included.

    (published at, UTC; topic by `plan.TOPIC_WEIGHTS`), oldest first; posts without a topic are
    left out. No server is started and no counter computed: 400 days take about a third of a
    second.
    """
    page_id = identity_of(seed).page_id
    days = (begin + timedelta(days=n) for n in range((end - begin).days + 1))
    return sorted(
        (post.published_at, topic)
        for day in days
        for network in plan.POSTS_A_DAY
        for post in posts_of_day(seed, network, page_id, day)
        for topic in post.topics
    )


def made_log(
    *,
    seed: int,
    patients: int,
    begin: date,
    end: date,
    posts: Sequence[Post] | None = None,
    dirt: bool = False,
) -> MadeLog:
    """The portal log of the practice's days from `begin` to `end`, both included.

    A day is the same however long the log is: it depends on the seed, the number of patients and
    the posts of the seven days before it. `posts`: (published at, aware; topic), whatever their
    order; None takes those of the made practice, from seven days before `begin` on, and () means
    that it never posts. `dirt`: with failed sign-ins, sign-outs, charts read by the staff, visits
    at the practice, rows that stand there twice, and a patient with forty rows a day.
    """
    if posts is None:
        earliest = begin - timedelta(days=portal_plan.DAYS_AFTER_A_POST)
        posts = made_posts(seed, earliest, end)
    after = portal_plan.days_after_posts(posts)
    return MadeLog(seed, make_people(seed, patients), begin, end, after, dirt)


def write_csv(path: Path, log: MadeLog) -> int:
    """Write the log as CSV and tell how many rows it has.

    Columns: patient_id, action, occurred_at (ISO to the second, UTC, with Z), age (whole years on
    that day), zip (five digits), topic; a field is empty where it is not known or there is none.
    """
    text = [pa.field(name, pa.string() if name == "occurred_at" else kind) for name, kind in _TYPES]
    options = pyarrow.csv.WriteOptions(quoting_style="none")
    written = 0
    with pyarrow.csv.CSVWriter(path, pa.schema(text), write_options=options) as file:
        for day, rows in log:
            columns = _columns(log, day, rows)
            columns["occurred_at"] = iso_texts(rows.at)
            file.write_table(pa.table(columns, schema=pa.schema(text)))
            written += len(rows)
    return written


def write_parquet(path: Path, log: MadeLog) -> int:
    """The same as Parquet; occurred_at is a timestamp in UTC, age a whole number."""
    schema = pa.schema([pa.field(name, kind) for name, kind in _TYPES])
    written = 0
    with pq.ParquetWriter(path, schema) as file:
        for day, rows in log:
            file.write_table(pa.table(_columns(log, day, rows), schema=schema))
            written += len(rows)
    return written


def write_all(folder: Path, log: MadeLog) -> list[Path]:
    """Write portal.csv, portal.parquet, mapping.json, truth.json and fhir/ into a folder.

    It is made where there is none. Returns the files. FHIR is bulky: about 530 bytes a row.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = [folder / "portal.csv", folder / "portal.parquet"]
    write_csv(tables[0], log)
    write_parquet(tables[1], log)
    resources = write_fhir(folder / "fhir", log)
    said = {folder / "mapping.json": MAPPING, folder / "truth.json": truth(log)}
    for path, content in said.items():
        path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    return [*tables, *resources, *said]


def _columns(log: MadeLog, day: date, rows: Rows) -> dict[str, pa.Array]:
    people, ages = log.people, log.people.ages(day)[rows.patient]
    return {
        "patient_id": pa.array(people.ids).take(pa.array(rows.patient)),
        "action": pa.array([ACTIONS[kind] for kind in portal_plan.KINDS]).take(pa.array(rows.kind)),
        "occurred_at": pa.array(rows.at * 1_000_000, pa.int64()).cast(_TYPES[2][1]),
        "age": pa.array(ages.astype(np.int16), mask=ages == UNKNOWN),
        "zip": _named(people.zip_codes, people.zips[rows.patient]),
        "topic": _named([TITLES[topic] for topic in portal_plan.TOPICS], rows.topic),
    }


def _named(names: Sequence[str], places: Ints) -> pa.Array:
    """The names of the places, null for UNKNOWN."""
    return pa.array(names).take(pa.array(places, mask=places == UNKNOWN))
