"""The contract, kept by the adapter in memory."""

from datetime import UTC, date, datetime, timedelta

import pytest

from collectors.networks.base import AccountFigure, AdFigure, PostRecord
from collectors.networks.fake import FakeAdapter
from tests.networks.contract import Case, Contract

START = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
UNTIL = date(2026, 5, 20)


def a_post(number: int) -> PostRecord:
    """One post an hour, every tenth a retweet of others."""
    retweet = number % 10 == 0
    return PostRecord(
        remote_id=str(1000 + number),
        kind="retweet" if retweet else "post",
        published_at=START + timedelta(hours=number),
        text=f"Tip {number}",
        permalink=None,
        links=(),
        language="en",
        metrics={} if retweet else {"likes": number, "clicks": 1},
        captured_at=START,
    )


def an_ad(day: date) -> AdFigure:
    """One ad on one day."""
    return AdFigure(
        day=day, ad_id="9", ad_name="Flu", adset_id="8", adset_name="All", campaign_id="7",
        campaign_name="Season", currency="USD", spend_minor=1234, impressions=100, reach=80,
        clicks=5, link_clicks=4, results=None, result_type=None, actions=(), captured_at=START,
    )  # fmt: skip


class TestFake(Contract):
    @pytest.fixture
    def case(self) -> Case:
        days = [UNTIL - timedelta(days=back) for back in range(30)]
        adapter = FakeAdapter(
            stored=[a_post(number) for number in range(250)],
            days=[AccountFigure(day, "followers", 100, START) for day in days],
            ad_days=[an_ad(day) for day in days],
            page_size=7,
        )
        return Case(adapter, "1", "fake", "no-token-at-all", UNTIL, {"clicks": "clicks"})
