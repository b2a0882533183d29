"""The practice describes itself."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from data import practice
from data.errors import Refused
from data.models import AuditEvent
from data.session import open_session


def test_it_is_made_with_defaults_and_changed_by_field(engine: Engine) -> None:
    with open_session(engine, "test", write=True) as session:
        assert practice.get(session) is None
        practice.describe(session, zip3s=[" 100", "112 ", ""])
        practice.describe(session, name=" Hudson ", currency="eur", language="ES")
    with open_session(engine, "test") as session:
        row = practice.get(session)
        assert row is not None
        assert (row.name, row.zone, row.currency) == ("Hudson", "America/New_York", "EUR")
        assert (row.language, row.zip3s, row.active_patients) == ("es", ["100", "112"], None)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("zone", "Mars/Olympus", "'Mars/Olympus' is no time zone"),
        ("zone", "EST5", "is no time zone"),
        ("currency", "Dollar", "'Dollar' is no currency"),
        ("currency", "US", "is no currency"),
        ("language", "fr", "'fr' is no language"),
        ("zip3s", ["1001"], "'1001' is no ZIP3"),
        ("zip3s", ["1a0"], "is no ZIP3"),
        ("name", "  ", "needs a name"),
        ("active_patients", -1, "below 0"),
    ],
)
def test_what_cannot_be_is_refused(engine: Engine, field: str, value: Any, sentence: str) -> None:
    with open_session(engine, "test", write=True) as session:
        with pytest.raises(Refused, match=sentence):
            practice.describe(session, **{field: value})
        assert practice.get(session) is None


def test_the_trail_names_the_fields_and_not_their_contents(engine: Engine) -> None:
    with open_session(engine, "owner@hudson.example", write=True) as session:
        practice.describe(session, name="Hudson", staff=["Dr. A. Moore"])
        practice.describe(session, name="Hudson", staff=["Dr. A. Moore"])
        practice.describe(session, phones=["555"])
    with open_session(engine, "test") as session:
        events = session.exec(select(AuditEvent).order_by(AuditEvent.id)).all()  # type: ignore[arg-type]
        assert [event.detail["fields"] for event in events] == [["name", "staff"], ["phones"]]
        assert {event.actor for event in events} == {"owner@hudson.example"}
        assert "Moore" not in str([event.detail for event in events])
