"""Campaigns: what is refused, what belongs, and what stays as a person chose it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from data import campaigns
from data.errors import Refused
from data.metrics import POST_METRIC_NAMES
from data.models import (
    Account,
    AdDaily,
    AdObject,
    AuditEvent,
    Post,
    PostLatest,
    PostSnapshot,
    Practice,
    RawReply,
)
from data.queries import campaign_ads
from data.queries import campaigns as queries
from data.session import Session, open_session

OCTOBER: dict[str, Any] = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 10, 31)}


def an_account(session: Session, handle: str = "desk", network: str = "x") -> Account:
    account = Account(
        network=network, handle=handle, handle_key=handle, currency="USD", created_at=_at(1)
    )
    session.add(account)
    session.flush()
    return account


def a_post(
    session: Session,
    account: Account,
    text: str,
    at: datetime,
    links: tuple[str, ...] = (),
    kind: str = "post",
) -> int:
    post = Post(
        account_id=account.id or 0,
        remote_id=f"{text[:20]}{at:%d%H}",
        kind=kind,
        published_at=at,
        text=text,
        links=list(links),
        first_seen_at=at,
        seen_at=at,
        changed_at=at,
    )
    session.add(post)
    session.flush()
    return post.id or 0


def ad_tree(session: Session, account: Account, key: str, name: str) -> int:
    """A campaign, ad set and ad; the ad's id."""
    parent: int | None = None
    for level in ("campaign", "adset", "ad"):
        row = AdObject(
            account_id=account.id or 0, level=level, remote_id=f"{key}-{level}", name=name,
            parent_id=parent,
        )  # fmt: skip
        session.add(row)
        session.flush()
        parent = row.id
    return parent or 0


def a_day(ad_id: int, day: date, currency: str, **figures: Any) -> AdDaily:
    return AdDaily(ad_object_id=ad_id, day=day, currency=currency, captured_at=_at(20), **figures)


def _at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=UTC)


def test_a_campaign_is_kept_and_its_change_audited(engine: Engine, practice: Practice) -> None:
    with open_session(engine, "anna", write=True) as session:
        made = campaigns.add(
            session, name="  Flu   season ", budget_minor=50_000, currency="usd",
            labels=["#Flu", "#flu", " "], utms=["flu-2026"], **OCTOBER,
        )  # fmt: skip
        assert (made.name, made.currency) == ("Flu season", "USD")
        links = queries.links_of(session, made.id or 0)
        assert (links.labels, links.utms) == (("#Flu",), ("flu-2026",))
        event = session.exec(
            select(AuditEvent).where(AuditEvent.object == f"campaign:{made.id}")
        ).one()
        assert (event.actor, event.action) == ("anna", "campaign.add")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "needs a name"),
        ({"name": "FLU SEASON"}, "called “FLU SEASON” already"),
        ({"ends_on": date(2026, 9, 30)}, "before it begins"),
        ({"budget_minor": 0, "currency": "USD"}, "more than nothing"),
        ({"budget_minor": 100, "currency": "dollars"}, "three letters"),
        ({"ads": ["Nothing"]}, "No ad campaign has the id or name “Nothing”"),
    ],
)
def test_what_cannot_stand_is_refused(
    engine: Engine, practice: Practice, change: dict[str, Any], sentence: str
) -> None:
    with open_session(engine, "test", write=True) as session:
        campaigns.add(session, name="Flu season", **OCTOBER)
        fields: dict[str, Any] = {"name": "Another", **OCTOBER, **change}
        with pytest.raises(Refused, match=sentence):
            campaigns.add(session, **fields)


def test_a_name_of_several_ad_campaigns_is_refused_with_their_ids(
    engine: Engine, practice: Practice
) -> None:
    with open_session(engine, "test", write=True) as session:
        for handle in ("act_1", "act_2"):
            ad_tree(session, an_account(session, handle, "meta_ads"), handle, "Flu shots")
        with pytest.raises(Refused) as refused:
            campaigns.add(session, name="Flu", ads=["flu SHOTS"], **OCTOBER)
        assert "act_1-campaign, act_2-campaign" in refused.value.sentence()
        made = campaigns.add(session, name="Flu", ads=["act_2-campaign"], **OCTOBER)
        assert queries.links_of(session, made.id or 0).ads == (("act_2-campaign", "Flu shots"),)


def test_posts_belong_by_label_by_link_and_by_hand_within_the_practices_days(
    engine: Engine, practice: Practice
) -> None:
    with open_session(engine, "test", write=True) as session:
        x = an_account(session)
        tagged = a_post(session, x, "Come in! #FLUSEASON.", _at(5))
        a_post(session, x, "Look at #FluSeason2026", _at(5))
        a_post(session, x, "Like a #FluSeason of others", _at(5), kind="retweet")
        linked = a_post(
            session, x, "Book now", _at(6), ("https://d.example/?a=1&UTM_Campaign=Flu%2D26",)
        )
        a_post(session, x, "Book later", _at(6), ("https://d.example/?utm_campaign=flu-27",))
        first = a_post(session, x, "Early #fluseason", datetime(2026, 10, 1, 4, tzinfo=UTC))
        a_post(session, x, "Too early #fluseason", datetime(2026, 10, 1, 3, 59, tzinfo=UTC))
        last = a_post(session, x, "Late #fluseason", datetime(2026, 11, 1, 3, 59, tzinfo=UTC))
        a_post(session, x, "Too late #fluseason", datetime(2026, 11, 1, 4, tzinfo=UTC))
        picked = a_post(session, x, "Nothing to do with it", _at(7, 0))
        made = campaigns.add(session, name="Flu", labels=["#FluSeason"], utms=["flu-26"], **OCTOBER)
        campaigns.pick(session, made.id or 0, picked)
        campaigns.leave_out(session, made.id or 0, tagged)
        rows = queries.posts_of(session, made)
    assert {row.post_id: row.why for row in rows} == {
        first: "says #FluSeason",
        linked: "links with utm_campaign=flu-26",
        picked: "picked by hand",
        last: "says #FluSeason",
    }


def test_what_was_chosen_by_hand_can_be_taken_back(engine: Engine, practice: Practice) -> None:
    with open_session(engine, "test", write=True) as session:
        post = a_post(session, an_account(session), "Come in! #flu", _at(5))
        made = campaigns.add(session, name="Flu", labels=["#flu"], **OCTOBER)
        campaigns.leave_out(session, made.id or 0, post)
        assert queries.posts_of(session, made) == []
        campaigns.unpick(session, made.id or 0, post)
        assert [row.post_id for row in queries.posts_of(session, made)] == [post]
        with pytest.raises(Refused, match="no post 999"):
            campaigns.pick(session, made.id or 0, 999)


@pytest.mark.parametrize(
    ("text", "label", "holds"),
    [
        ("See #FluSeason!", "#fluseason", True),
        ("See FluSeason", "#fluseason", False),
        ("See #FluSeason", "FluSeason", True),
        ("preflu", "flu", False),
        ("The flu.", "flu", True),
        ("¡Campaña de GRIPE aquí!", "campaña de gripe", True),
        ("a+b (c)", "a+b", True),
    ],
)
def test_a_label_is_a_whole_tag_or_word(text: str, label: str, holds: bool) -> None:
    assert queries.holds_label(text, label) is holds


def test_a_missing_metric_of_a_post_stays_missing(engine: Engine, practice: Practice) -> None:
    with open_session(engine, "test", write=True) as session:
        post = a_post(session, an_account(session), "A #flu post", _at(5))
        session.add(PostLatest(post_id=post, captured_at=_at(6), likes=0))
        made = campaigns.add(session, name="Flu", labels=["#flu"], **OCTOBER)
        (row,) = queries.posts_of(session, made)
    assert (row.metrics["likes"], row.metrics["impressions"]) == (0, None)
    assert row.captured_at == _at(6)


def test_a_metric_that_the_newest_reply_lacks_names_the_older_one(
    engine: Engine, practice: Practice
) -> None:
    likes = 1 << POST_METRIC_NAMES.index("likes")
    with open_session(engine, "test", write=True) as session:
        account = an_account(session)
        post = a_post(session, account, "A #flu post", _at(5))
        reply = RawReply(
            account_id=account.id, network="x", address="/2/tweets?ids=1", api_version="x-v2",
            status=200, fetched_at=_at(6), sha256="0", size=1,
        )  # fmt: skip
        session.add(reply)
        session.flush()
        first = PostSnapshot(captured_at=_at(6), post_id=post, raw_reply_id=reply.id, likes=3)
        session.add(first)
        session.add(PostSnapshot(captured_at=_at(7), post_id=post, impressions=50))
        latest = PostLatest(post_id=post, captured_at=_at(7), likes=3, impressions=50)
        latest.carried = likes
        session.add(latest)
        made = campaigns.add(session, name="Flu", labels=["#flu"], **OCTOBER)
        (row,) = queries.posts_of(session, made)
        assert row.earlier == {"likes": (f"reply {reply.id} · X API x-v2 · /2/tweets", _at(6))}


def test_ads_are_summed_within_the_dates_and_by_currency(
    engine: Engine, practice: Practice
) -> None:
    with open_session(engine, "test", write=True) as session:
        ad = ad_tree(session, an_account(session, "act_1", "meta_ads"), "a", "Flu shots")
        session.add_all(
            [
                a_day(ad, date(2026, 9, 30), "USD", spend_minor=999),
                a_day(ad, date(2026, 10, 1), "USD", spend_minor=100, results=2, result_type="lead"),
                a_day(ad, date(2026, 10, 2), "USD", spend_minor=None, clicks=3),
                a_day(ad, date(2026, 10, 3), "EUR", spend_minor=70),
            ]
        )
        made = campaigns.add(session, name="Flu", ads=["a-campaign"], **OCTOBER)
        euros, dollars = campaign_ads.ads_of(session, made)
        days = campaign_ads.ad_spend_days(session, made.id or 0)
    assert (euros.currency, euros.spend_minor, euros.clicks) == ("EUR", 70, None)
    assert (dollars.spend_minor, dollars.clicks, dollars.results) == (100, 3, 2)
    assert (dollars.first_day, dollars.last_day) == (date(2026, 10, 1), date(2026, 10, 2))
    assert days == [(date(2026, 10, 1), "USD", 100), (date(2026, 10, 3), "EUR", 70)]


def test_ads_without_figures_in_the_dates_are_missing_not_nothing(
    engine: Engine, practice: Practice
) -> None:
    with open_session(engine, "test", write=True) as session:
        ad_tree(session, an_account(session, "act_1", "meta_ads"), "a", "Flu shots")
        made = campaigns.add(session, name="Flu", ads=["Flu shots"], **OCTOBER)
        (row,) = campaign_ads.ads_of(session, made)
    assert (row.spend_minor, row.currency, row.last_day) == (None, "USD", None)


def test_results_of_unlike_kinds_are_not_added(engine: Engine, practice: Practice) -> None:
    with open_session(engine, "test", write=True) as session:
        ad = ad_tree(session, an_account(session, "act_1", "meta_ads"), "a", "Flu shots")
        for day, kind in ((1, "lead"), (2, "link_click")):
            session.add(
                a_day(ad, date(2026, 10, day), "USD", spend_minor=5, results=4, result_type=kind)
            )
        made = campaigns.add(session, name="Flu", ads=["Flu shots"], **OCTOBER)
        (row,) = campaign_ads.ads_of(session, made)
    assert (row.spend_minor, row.results, row.result_type) == (10, None, None)


def test_a_change_replaces_the_rules_and_keeps_the_picks(
    engine: Engine, practice: Practice
) -> None:
    with open_session(engine, "test", write=True) as session:
        post = a_post(session, an_account(session), "Anything", _at(5))
        made = campaigns.add(session, name="Flu", labels=["#flu"], **OCTOBER)
        campaigns.pick(session, made.id or 0, post)
        campaigns.update(session, made.id or 0, campaigns.Fields(name="Flu", utms=["u"], **OCTOBER))
        links = queries.links_of(session, made.id or 0)
    assert (links.labels, links.utms, links.picked) == ((), ("u",), frozenset({post}))


def test_a_removed_campaign_leaves_its_posts(engine: Engine, practice: Practice) -> None:
    with open_session(engine, "test", write=True) as session:
        post = a_post(session, an_account(session), "A #flu post", _at(5))
        made = campaigns.add(session, name="Flu", labels=["#flu"], **OCTOBER)
        campaigns.pick(session, made.id or 0, post)
        campaigns.remove(session, made.id or 0)
        session.flush()
        assert campaigns.all_of(session) == []
        assert session.get(Post, post) is not None
        with pytest.raises(Refused, match="There is no campaign"):
            campaigns.get(session, made.id or 0)
