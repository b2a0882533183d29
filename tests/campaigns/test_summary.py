"""What a campaign's summary says, and what it refuses to add up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.figures import CampaignSummary, Figure, Number
from campaigns.model import AdFigures, PostFigures
from campaigns.summary import summarise
from tests.campaigns.made import CAPTURED, ad, facts, full, post

TODAY = date(2026, 10, 16)


def of(posts: Sequence[PostFigures] = (), ads: Sequence[AdFigures] = ()) -> CampaignSummary:
    return summarise(facts(), posts, ads, today=TODAY)


def figure(summary: CampaignSummary, metric: str, scope: str) -> Figure:
    found = summary.get(metric, scope)
    assert found is not None, (metric, scope)
    return found


def value(summary: CampaignSummary, metric: str, scope: str) -> Number | None:
    return figure(summary, metric, scope).value


@pytest.mark.parametrize(
    ("today", "state", "gone"),
    [
        (date(2026, 9, 30), "planned", 0.0),
        (date(2026, 10, 1), "running", 0.0),
        (date(2026, 10, 16), "running", 0.5),
        (date(2026, 10, 30), "running", 29 / 30),
        (date(2026, 10, 31), "ended", 1.0),
        (date(2027, 10, 31), "ended", 1.0),
    ],
)
def test_a_campaign_is_planned_running_or_ended(today: date, state: str, gone: float) -> None:
    summary = summarise(facts(), [], [], today=today)
    assert summary.state == state
    assert summary.pacing is not None
    assert summary.pacing.time_share == gone


def test_engagement_is_one_of_each_kind_and_no_clicks() -> None:
    counters = {"likes": 10, "replies": 2, "reposts": 3, "quotes": 1, "bookmarks": 4, "clicks": 99}
    assert value(of([post(1, "x", counters)]), "engagement", "organic x") == 20


def test_what_is_missing_stays_missing() -> None:
    summary = of([post(1, "x", {"likes": None, "impressions": None})], [ad(1, spend_minor=None)])
    for metric, scope in [
        ("engagement", "organic"),
        ("impressions", "organic x"),
        ("engagement_rate", "organic x"),
        ("spend", "paid USD"),
        ("budget_share", "campaign"),
    ]:
        assert value(summary, metric, scope) is None
        assert figure(summary, metric, scope).note == "not reported"
        assert figure(summary, metric, scope).source == ""


def test_nothing_was_done_is_another_thing_than_nothing_is_known() -> None:
    summary = of([post(1, "x", {"likes": 0, "impressions": 50})])
    assert value(summary, "engagement", "organic") == 0
    assert value(summary, "engagement_rate", "organic x") == 0.0
    assert value(of(), "posts", "organic") == 0


def test_a_partial_sum_says_for_how_many_posts_it_stands() -> None:
    posts = [post(1, "x", {"likes": 5}), post(2, "x", {"likes": None}), post(3, "x", {"likes": 7})]
    shown = figure(of(posts), "likes", "organic x")
    assert (shown.value, shown.note) == (12, "reported for 2 of 3 posts")
    assert shown.sources == ("raw:1", "raw:3")


def test_a_figure_names_the_reply_that_gave_it_not_the_newest_one() -> None:
    older = {"likes": ("raw:old", CAPTURED - timedelta(days=2))}
    carried = replace(post(1, "x", {"likes": 5, "replies": 1, "impressions": 50}), earlier=older)
    summary = of([carried, post(2, "x", {"likes": 1, "replies": 1, "impressions": 9})])
    likes = figure(summary, "likes", "organic x")
    assert (likes.sources, likes.as_of) == (("raw:old", "raw:2"), CAPTURED - timedelta(days=2))
    assert figure(summary, "replies", "organic x").sources == ("raw:1", "raw:2")
    assert figure(summary, "impressions", "organic x").as_of == CAPTURED + timedelta(minutes=1)
    for metric in ("engagement", "engagement_rate"):  # of likes and of what the newest gave
        assert figure(summary, metric, "organic x").sources == ("raw:old", "raw:1", "raw:2")


def test_a_rate_is_over_posts_where_both_are_known() -> None:
    posts = [
        post(1, "x", {"likes": 10, "impressions": 100}),
        post(2, "x", {"likes": 500}),
        post(3, "x", {"impressions": 1_000_000}),
        post(4, "facebook", {"reactions": 3, "views": 60, "impressions": 1}),
    ]
    assert value(of(posts), "engagement_rate", "organic x") == 0.1
    assert value(of(posts), "engagement_rate", "organic facebook") == 0.05
    assert figure(of(posts), "engagement_rate", "organic facebook").note == "by views"


def test_reach_never_adds_up_and_views_and_impressions_never_meet() -> None:
    posts = [
        post(1, "facebook", {"reach": 10, "views": 5}),
        post(2, "x", {"impressions": 7}),
    ]
    shown = {(one.metric, one.scope) for one in of(posts).figures}
    assert not any(metric == "reach" for metric, _ in shown)
    assert ("views", "organic") not in shown
    assert ("impressions", "organic") not in shown
    assert ("engagement_rate", "organic") not in shown


def test_currencies_never_add_up() -> None:
    summary = of([], [ad(1, 10_000), ad(2, 2_550), ad(3, 7_000, currency="JPY")])
    assert value(summary, "spend", "paid USD") == Decimal("125.50")
    assert value(summary, "spend", "paid JPY") == Decimal("7000")
    assert summary.get("spend", "paid") is None
    assert summary.pacing is not None
    assert summary.pacing.spend == Decimal("125.50")
    assert summary.pacing.other_currencies == ("JPY",)
    assert figure(summary, "budget_share", "campaign").value == 0.251
    assert "JPY" in (figure(summary, "budget_share", "campaign").note or "")


def test_costs_are_right_to_the_cent() -> None:
    summary = of([], [ad(1, 10_000, clicks=3), ad(2, 1_000, clicks=None)])
    assert value(summary, "cost_per_click", "paid Flu ads 1") == Decimal("33.33")
    assert value(summary, "cost_per_click", "paid USD") == Decimal("33.33")
    assert value(summary, "spend", "paid USD") == Decimal("110.00")
    assert value(summary, "cost_per_click", "paid Flu ads 2") is None


def test_figures_that_may_change_say_so() -> None:
    moving = figure(of([], [ad(1, moving=True), ad(2)]), "spend", "paid USD")
    assert "may still change" in (moving.note or "")
    assert figure(of([], [ad(2)]), "spend", "paid USD").note is None


def test_ad_campaigns_of_one_name_stay_apart() -> None:
    ads = [ad(1, 100, name="Same"), ad(2, 200, name="Same"), ad(3, 300, name="USD")]
    summary = of([], ads)
    spends = [one for one in summary.figures if one.metric == "spend"]
    assert len({one.scope for one in spends}) == len(spends) == 4
    assert value(summary, "spend", "paid USD") == Decimal("6.00")


def test_many_sources_are_told_in_one_line() -> None:
    replies = tuple(f"reply {number} · X API x-v2 · /2/tweets" for number in (812, 9, 1004, 77))
    many = Figure("likes", "organic x", 5, "count", replies)
    assert many.source == f"4 replies, from {replies[1]} to {replies[2]}"
    assert many.as_json()["sources"] == list(replies)
    assert Figure("likes", "organic x", 5, "count", replies[:3]).source == "; ".join(replies[:3])


def test_every_known_figure_names_its_source_and_what_is_read_its_time() -> None:
    for one in full().figures:
        assert (one.value is None) or one.source
        if one.source.startswith("raw:"):
            assert one.as_of is not None and one.as_of >= CAPTURED


def test_a_post_counts_on_its_day_in_the_practices_zone() -> None:
    late = post(1, "x", {"likes": 4})
    late = type(late)(**{**late.__dict__, "published_at": CAPTURED.replace(day=3, hour=2)})
    (day,) = of([late]).days
    assert (day.day, day.value, day.axis) == (date(2026, 10, 2), 4, "published")


_counter = st.one_of(st.none(), st.integers(0, 10**9))
_posts = st.lists(
    st.tuples(
        st.sampled_from(["x", "facebook", "instagram", "elsewhere"]),
        st.dictionaries(st.sampled_from(["likes", "reactions", "views", "clicks"]), _counter),
    ),
    max_size=8,
)
_ads = st.lists(st.tuples(st.sampled_from(["USD", "EUR", "JPY"]), _counter), max_size=6)


@given(_posts, _ads)
def test_parts_add_up_to_their_whole_and_order_does_not_matter(
    made: list[tuple[str, dict[str, int | None]]], bought: list[tuple[str, int | None]]
) -> None:
    posts = [post(at, network, metrics) for at, (network, metrics) in enumerate(made)]
    ads = [ad(at, minor, currency=currency) for at, (currency, minor) in enumerate(bought)]
    summary = of(posts, ads)
    assert set(of(posts[::-1], ads[::-1]).figures) == set(summary.figures)
    _assert_adds_up(summary, "engagement", "organic", summary.scopes("organic")[1:])
    _assert_adds_up(summary, "posts", "organic", summary.scopes("organic")[1:])
    for currency in {currency for currency, _ in bought}:
        own = [line.scope for line in summary.ads if line.ad.currency == currency]
        _assert_adds_up(summary, "spend", f"paid {currency}", own)


def _assert_adds_up(
    summary: CampaignSummary, metric: str, whole: str, parts: Sequence[str]
) -> None:
    total = summary.get(metric, whole)
    known = [part for scope in parts if (part := value(summary, metric, scope)) is not None]
    if total is not None:
        assert total.value == (sum(known) if known else (0 if metric == "posts" else None))
