"""Pure parts of the desk's pages: verdicts, words, rules of files."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from dashboard.backfills import progress
from dashboard.components import account_card
from dashboard.components.account_card import token_words
from dashboard.components.chart import as_csv
from dashboard.components.connect_form import checked_base
from dashboard.figures import ads, growth
from data.errors import Refused
from data.queries.activity import Backfill

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def a_backfill(**changes: object) -> Backfill:
    fields: dict[str, object] = {
        "account_id": 1, "network": "x", "account": "desk", "stream": "posts", "pages": 4,
        "items": 800, "oldest_at": AT - timedelta(days=90), "newest_at": AT, "done_at": None,
        "stopped": False, "running": True, "started_at": AT - timedelta(minutes=10),
        "last_error": None, "state": "connected", "paused_until": None,
    }  # fmt: skip
    return Backfill(**{**fields, **changes})  # type: ignore[arg-type]


def test_a_backfill_at_x_ends_when_its_3200_posts_are_read() -> None:
    found = progress(a_backfill(), AT)
    assert (found.share, found.ends_at) == (0.25, AT + timedelta(minutes=30))


@pytest.mark.parametrize("changes", [{"network": "facebook"}, {"running": False}])
def test_no_end_is_promised_where_none_is_known(changes: dict[str, object]) -> None:
    assert progress(a_backfill(**changes), AT).ends_at is None


def test_a_finished_backfill_is_whole() -> None:
    assert progress(a_backfill(done_at=AT), AT).share == 1.0


@pytest.mark.parametrize(
    ("value", "beginning"),
    [(31.0, "Well ahead: 31 views"), (4.0, "Behind: 4 views"), (15.0, "As usual: 15 views")],
)
def test_the_heading_tells_where_a_post_stands(value: float, beginning: str) -> None:
    own = pd.DataFrame({"age_hours": [12.0, 24.0], "value": [1.0, value]})
    typical = pd.DataFrame(
        {"age_hours": [24.0], "low": [5.0], "median": [15.0], "high": [30.0], "posts": [20]}
    )
    assert growth.title(growth.judge(own, typical), "views").startswith(beginning)
    assert "at 24 hours, typical is 15" in growth.title(growth.judge(own, typical), "views")


def test_without_a_typical_curve_nothing_is_judged() -> None:
    own = pd.DataFrame({"age_hours": [24.0], "value": [9.0]})
    typical = pd.DataFrame(columns=["age_hours", "low", "median", "high", "posts"])
    assert growth.title(growth.judge(own, typical), "reach") == "9 people reached at 24 hours"


def test_28_days_may_still_change() -> None:
    assert ads.moving_from(date(2026, 11, 28)) == date(2026, 11, 1)


def test_long_names_lose_their_first_parts_only_where_they_stay_distinct() -> None:
    assert ads.shortened(["Flu season 2026 | Adults 65+ | Video"]) == ["Adults 65+ | Video"]
    same = ["Flu season of 2026 | Adults | Video", "New patients 2026 | Adults | Video"]
    assert ads.shortened(same) == same


def test_no_cell_of_a_csv_runs_as_a_formula() -> None:
    frame = pd.DataFrame({"text": ["=1+1", "@cmd", "plain", None], "n": [-1, 2, 3, 4]})
    lines = as_csv(frame).decode("utf-8-sig").splitlines()
    assert lines == ["text,n", "'=1+1,-1", "'@cmd,2", "plain,3", ",4"]


@pytest.mark.parametrize(
    "address", ["http://localhost:8700", "http://127.0.0.1:8700/", "https://[::1]:9"]
)
def test_a_base_address_on_this_machine_is_taken(address: str) -> None:
    assert checked_base(address) == address.rstrip("/")
    assert checked_base("  ") is None


@pytest.mark.parametrize(
    "address",
    ["https://graph.facebook.com", "http://localhost.evil.example", "http://127.0.0.1@evil.example",
     "ftp://localhost", "http://10.0.0.1"],
)  # fmt: skip
def test_a_base_address_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="not on this machine"):
        checked_base(address)


def test_a_token_near_its_end_is_urgent() -> None:
    assert token_words(AT + timedelta(days=60), AT) == "The token ends on 19 Jan 2027"
    assert "in 5 days" in token_words(AT + timedelta(days=5), AT)
    assert "ended on" in token_words(AT, AT)


def test_a_test_is_told_in_words() -> None:
    result = {
        "can": ["read 214 posts", "read followers"],
        "cannot": [{"what": "ad spend", "why": "permission ads_read is missing"}],
    }
    assert account_card.tested_words(result) == (
        "We can read 214 posts, read followers. Ad spend: no, permission ads_read is missing."
    )
