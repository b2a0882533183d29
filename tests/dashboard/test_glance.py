"""What the Overview says first: sentences, headline, cards."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from dashboard.filters import Filters, resolve
from dashboard.glance import Glance, glance
from data.queries.overview import Overview

TODAY = date(2026, 11, 24)
FILTERS: Filters = resolve(TODAY, period="4 weeks", compare=None)


def _daily(days: int, facebook: float, x: float, last_week: float = 1.0) -> pd.DataFrame:
    """Every day the same (with a weekly wave), but for the last seven."""
    parts = []
    for network, level in (("facebook", facebook), ("x", x)):
        day = pd.date_range(end=TODAY - timedelta(days=1), periods=days, unit="s")
        wave = 1 + 0.05 * np.sin(np.arange(days) // 7)
        value = level * wave
        value[-7:] *= last_week
        parts.append(
            pd.DataFrame(
                {
                    "day": day,
                    "account_id": 1 if network == "facebook" else 3,
                    "network": network,
                    "engagement": value,
                    "rated_engagement": value,
                    "rated_over": level * 20.0,
                    "clicks": np.nan,
                    "estimated": 0.0,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _data(daily: pd.DataFrame, spend: tuple[tuple[str, float], ...] = ()) -> Overview:
    posts = daily[["day", "account_id", "network"]].assign(posts=1.0)
    followers = daily[["day", "account_id", "network"]].assign(followers=1000.0)
    day = pd.date_range(end=TODAY - timedelta(days=1), periods=60, unit="s")
    rows = [
        pd.DataFrame({"day": day, "currency": currency, "spend_minor": minor})
        for currency, minor in spend
    ]
    empty = pd.DataFrame({"day": day[:0], "currency": [], "spend_minor": np.empty(0)})
    return Overview(daily, posts, followers, pd.concat(rows) if rows else empty)


def _seen(**options: float) -> Glance:
    return glance(_data(_daily(200, 100, 40, **options)), FILTERS)


def test_three_sentences_and_nothing_unusual() -> None:
    seen = _seen()
    assert seen.mood == "calm"
    assert seen.headline == "Nothing unusual"
    assert len(seen.sentences) == 3
    assert "within the usual week-to-week range" in seen.sentences[0]
    assert "per 1,000 impressions on X" in seen.sentences[1]


def test_a_sudden_drop_in_the_last_week_is_said_though_the_period_is_usual() -> None:
    seen = _seen(last_week=0.3)
    assert seen.mood == "watch"
    assert "fell more than it usually does" in seen.headline


def test_a_rise_is_good_news() -> None:
    assert _seen(last_week=3.0).mood == "good"


def test_trouble_comes_before_all_figures() -> None:
    seen = glance(
        _data(_daily(200, 100, 40)), FILTERS, trouble=["x:desk could not be read", "another"]
    )
    assert (seen.mood, seen.headline) == ("act", "x:desk could not be read, and 1 more")


def test_little_history_is_said_not_hidden() -> None:
    seen = glance(_data(_daily(56, 100, 40)), FILTERS)
    assert seen.mood == "early"
    assert "not enough history" in seen.sentences[0]
    assert "8 whole weeks, 9 are needed" in seen.sentences[0]


def test_figures_that_begin_within_the_period_before_are_not_compared() -> None:
    seen = glance(_data(_daily(40, 100, 40)), FILTERS)
    assert "nothing to compare" in seen.sentences[0]
    assert all(card.delta is None for card in seen.cards if card.key != "followers")


def test_views_and_impressions_are_never_added() -> None:
    keys = [card.key for card in _seen().cards]
    assert "rate-views" in keys
    assert "rate-impressions" in keys
    rates = [card for card in _seen().cards if card.key.startswith("rate")]
    assert [card.label for card in rates] == [
        "Per 1,000 views on Facebook",
        "Per 1,000 impressions on X",
    ]
    assert float(rates[0].value) == pytest.approx(50, rel=0.1)


def test_currencies_have_cards_of_their_own() -> None:
    seen = glance(_data(_daily(200, 100, 40), (("EUR", 100.0), ("USD", 250.0))), FILTERS)
    spend = {card.label: card.value for card in seen.cards if card.key.startswith("spend")}
    assert spend == {"Ad spend in EUR": "28.00", "Ad spend in USD": "70.00"}
    assert all(c.rising_is_good is None for c in seen.cards if c.key.startswith("spend"))


def test_one_network_leaves_the_others_and_the_ads_out() -> None:
    data = _data(_daily(200, 100, 40), (("USD", 250.0),))
    seen = glance(data, replace(FILTERS, network="x"))
    assert "rate-views" not in {card.key for card in seen.cards}
    assert not [card for card in seen.cards if card.key.startswith("spend")]
    assert "posts were published" in seen.sentences[2]


def test_the_mover_is_the_network_with_the_largest_difference() -> None:
    daily = _daily(200, 100, 40)
    late = (daily["network"] == "x") & (daily["day"] > pd.Timestamp(FILTERS.before_end))
    daily.loc[late, "engagement"] -= 30
    assert glance(_data(daily), FILTERS).sentences[2].startswith("**X** moved it most (−")


def test_no_figures_at_all_is_a_sentence() -> None:
    nothing = _daily(200, 100, 40).iloc[:0]
    seen = glance(_data(nothing), FILTERS)
    assert seen.mood == "early"
    assert seen.sentences[0].startswith("There are no figures")
