"""Accounts' own figures and ads by day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from data import ingest
from data.ingest import Counts
from data.models import Account, AccountDaily, AdDaily, AdObject
from data.records import AccountFigure, AdFigure
from data.session import open_session

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DAY = date(2026, 3, 1)


@pytest.fixture
def account(engine: Engine) -> Account:
    with open_session(engine, "test", write=True) as session:
        made = Account(network="meta_ads", handle="act_1", handle_key="act_1", created_at=AT)
        session.add(made)
    return made


def ad(**changed: object) -> AdFigure:
    made = AdFigure(
        day=DAY,
        ad_id="30",
        ad_name="Flu shots",
        adset_id="20",
        adset_name="Parents",
        campaign_id="10",
        campaign_name="Autumn",
        currency="USD",
        spend_minor=1234,
        impressions=100,
        reach=80,
        clicks=None,
        link_clicks=3,
        results=None,
        result_type=None,
        actions=({"action_type": "link_click", "value": "3"},),
        captured_at=AT,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def take_ads(engine: Engine, account: Account, *figures: AdFigure) -> Counts:
    with open_session(engine, "test", write=True) as session:
        return ingest.ads(session, account, figures, [])


def test_ads_hang_in_their_tree(engine: Engine, account: Account) -> None:
    other = ad(ad_id="31", ad_name="Flu shots 2", adset_id="21", adset_name="Seniors")
    assert take_ads(engine, account, ad(), other) == Counts(2, 0, 0)
    with open_session(engine, "test") as session:
        rows = {(row.level, row.remote_id): row for row in session.exec(select(AdObject))}
    assert {key: row.name for key, row in rows.items()} == {
        ("campaign", "10"): "Autumn",
        ("adset", "20"): "Parents",
        ("adset", "21"): "Seniors",
        ("ad", "30"): "Flu shots",
        ("ad", "31"): "Flu shots 2",
    }
    assert rows["campaign", "10"].parent_id is None
    assert rows["adset", "21"].parent_id == rows["campaign", "10"].id
    assert rows["ad", "31"].parent_id == rows["adset", "21"].id


def test_a_restated_day_replaces_the_old_figures(engine: Engine, account: Account) -> None:
    take_ads(engine, account, ad())
    later = AT + timedelta(days=1)
    assert take_ads(engine, account, ad(captured_at=later)) == Counts(0, 0, 1)
    restated = ad(captured_at=later + timedelta(days=1), spend_minor=1300, clicks=5)
    assert take_ads(engine, account, restated) == Counts(0, 1, 0)
    assert take_ads(engine, account, ad(captured_at=later, spend_minor=1)) == Counts(0, 0, 1)
    with open_session(engine, "test") as session:
        row = session.exec(select(AdDaily)).one()
        assert (row.spend_minor, row.clicks, row.results) == (1300, 5, None)
        assert row.actions == [{"action_type": "link_click", "value": "3"}]
        assert row.captured_at == later + timedelta(days=1)


def test_a_renamed_ad_keeps_its_days(engine: Engine, account: Account) -> None:
    take_ads(engine, account, ad())
    take_ads(engine, account, ad(ad_name="Flu shots, now", day=DAY + timedelta(days=1)))
    with open_session(engine, "test") as session:
        assert len(session.exec(select(AdDaily)).all()) == 2
        assert len(session.exec(select(AdObject).where(AdObject.level == "ad")).all()) == 1


def test_an_ad_without_its_set_hangs_on_the_campaign(engine: Engine, account: Account) -> None:
    take_ads(engine, account, ad(adset_id=None, adset_name=None, ad_name=""))
    with open_session(engine, "test") as session:
        rows = {row.level: row for row in session.exec(select(AdObject))}
        assert set(rows) == {"campaign", "ad"}
        assert rows["ad"].parent_id == rows["campaign"].id
        assert rows["ad"].name == "30"


def test_an_accounts_figure_is_kept_by_day_and_metric(engine: Engine, account: Account) -> None:
    def take(*figures: AccountFigure) -> Counts:
        with open_session(engine, "test", write=True) as session:
            return ingest.account_figures(session, account, figures, [])

    followers = AccountFigure(DAY, "followers", 800, AT)
    assert take() == Counts()
    assert take(followers, AccountFigure(DAY, "page_views", 5, AT)) == Counts(2, 0, 0)
    assert take(followers) == Counts(0, 0, 1)
    assert take(replace(followers, value=801)) == Counts(0, 0, 1)  # no newer than the one held
    newer = replace(followers, value=802, captured_at=AT + timedelta(hours=1))
    assert take(replace(followers, value=1), newer) == Counts(0, 1, 0)
    with open_session(engine, "test") as session:
        values = {row.metric: row.value for row in session.exec(select(AccountDaily))}
    assert values == {"followers": 802, "page_views": 5}
