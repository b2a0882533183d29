"""The planted truth of the made practice's patient portal: pure, tied to the calendar alone.

All factors multiply numbers of rows. Days are the practice's (America/New_York). Topics go by
their names in the vocabulary, which calls one of the practice's own otherwise (`VOCABULARY`).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from collectors.sandbox import plan
from data.privacy.keys import EVENTS

#: Names that the vocabulary has for topics of the made posts, where it has another one.
VOCABULARY: Mapping[str, str] = {"skin care": "skin"}

ACTIVE_SHARE = 0.05
"""Share of the patients who sign in on a day of factor 1: 400 of 8,000."""
WEEK = (1.06, 1.04, 1.0, 0.99, 0.91, 0.45, 0.4)
"""Factors on signing in by weekday, Monday first."""
SECOND_VISIT_SHARE = 0.06
"""Share of a day's patients who sign in twice."""
SEASON_OF_USE = ((16, 1.15), (46, 1.06), (105, 1.0), (166, 0.92), (196, 0.84), (227, 0.87),
                 (258, 1.0), (304, 1.08), (334, 1.08), (357, 0.94))  # fmt: skip
"""Factors on signing in by day of the year, straight lines between: January and the weeks of
the flu are busy, summer is not."""
HOLIDAY_FACTOR = 0.4
"""Factor on signing in and on visits, on a weekday that is a holiday."""

HOURS = (0, 0, 0, 0, 0, 1, 3, 7, 9, 9, 8, 8, 9, 8, 7, 7, 7, 7, 8, 9, 9, 7, 4, 1)
"""Weights of the hours of the day for signing in and for devices; nothing before five."""
VISIT_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 6, 9, 9, 8, 5, 7, 8, 9, 9, 8, 6, 5, 0, 0, 0, 0)
"""Weights of the hours of the day for visits by video: eight to eight."""

PLAIN_ROWS: Mapping[str, float] = {
    "record_view": 0.85,
    "message": 0.24,
    "booking": 0.10,
    "refill": 0.13,
}
"""Rows without a topic, for each signing in."""
TOPIC_ROWS: Mapping[str, float] = {"education_view": 0.36, "record_view": 0.22, "message": 0.04}
"""Rows with a topic, for each signing in, before any topic rises."""
TOPIC_SHARES: Mapping[str, float] = {
    "blood pressure": 0.14,
    "diabetes": 0.13,
    "sleep": 0.12,
    "flu": 0.11,
    "allergies": 0.09,
    "mental health": 0.09,
    "nutrition": 0.08,
    "vaccines": 0.07,
    "exercise": 0.05,
    "skin": 0.04,
    "back pain": 0.04,
    "cholesterol": 0.02,
    "telehealth": 0.02,
}
"""How the rows with a topic are shared out; the practice posts about all but cholesterol."""

RISES_AFTER_POSTS: Mapping[str, float] = {"blood pressure": 2.0, "sleep": 1.8, "diabetes": 1.5}
"""Factors on a topic's rows on days with a post of it in the days before; all others stay.

However many posts there were, the factor is the same. No other topic gives up any row for it,
and as many patients sign in as ever.
"""
DAYS_AFTER_A_POST = 7
"""A post acts from the day after it was published to the seventh day after it."""


@dataclass(frozen=True, slots=True)
class Season:
    """A part of each year in which a topic's rows rise by `factor`, posts or none.

    The four are (month, day), in order: the rise begins, is full, begins to end, is over.
    """

    why: str
    begins: tuple[int, int]
    full_from: tuple[int, int]
    full_until: tuple[int, int]
    over_by: tuple[int, int]
    factor: float


SEASONS: Mapping[str, Season] = {
    "allergies": Season("pollen season", (3, 15), (4, 5), (5, 25), (6, 15), 2.2)
}
"""Topics that rise for another reason than the practice's posts."""

TELEHEALTH_A_DAY = 16 / 8000
"""Visits by video for each patient on a day of factor 1: 16 of 8,000 patients."""
TELEHEALTH_WEEK = (1.08, 1.0, 1.0, 1.0, 0.92, 0.3, 0.0)
"""Factors on visits by video by weekday, Monday first."""
TELEHEALTH_LIFT = 1.7
"""Factor on visits by video on each day of a telehealth campaign, from its first to its last."""

DEVICE_SHARE = 0.04
"""Share of the patients whose wearable sends its figures to the portal."""
SYNC_SHARE = 0.85
"""Share of days on which such a device does so, whatever day it is."""

AGES = (
    (0, 17, 0.10, 0.7),
    (18, 29, 0.13, 0.9),
    (30, 39, 0.15, 1.1),
    (40, 49, 0.15, 1.1),
    (50, 64, 0.23, 1.15),
    (65, 74, 0.14, 1.0),
    (75, 89, 0.085, 0.75),
    (90, 99, 0.015, 0.4),
)
"""First and last age, share of the patients, factor on signing in. On 1 January 2026."""
AGES_ON = date(2026, 1, 1)
NO_AGE_SHARE, NO_ZIP_SHARE = 0.015, 0.01

ZIPS: Mapping[str, float] = {
    "11201": 0.07, "11209": 0.08, "11215": 0.07, "11220": 0.06, "11234": 0.04,
    "11354": 0.05, "11355": 0.05, "11372": 0.04, "11375": 0.04,
    "10003": 0.04, "10025": 0.04, "10032": 0.04,
    "10451": 0.03, "10458": 0.04, "10467": 0.03,
    "11101": 0.03, "11105": 0.03,
    "11001": 0.03, "11040": 0.04,
    "11706": 0.03, "11743": 0.02,
    "10301": 0.02, "10314": 0.02,
    "10282": 0.02,  # in ZIP3 102, in which too few people live: to be hidden
    "33125": 0.01, "60614": 0.01, "94110": 0.01, "07302": 0.01,
}  # fmt: skip
"""ZIP codes with their shares of the patients; the last four are far away."""
ZIP3S = ("112", "113", "100", "104", "110", "111", "117", "103")
"""The areas that the practice names; a place of its own for each, all else is hidden or other."""


def use_factor(day: date) -> float:
    """How much more is signed in on that day: its weekday, holiday or not, and the season."""
    place, factor = zip(*SEASON_OF_USE, strict=True)
    season = float(np.interp(day.timetuple().tm_yday, place, factor, period=365))
    return season * min(WEEK[day.weekday()], _most(day))


def visits_factor(day: date) -> float:
    """How many more visits by video are held on that day, a campaign included."""
    campaign = plan.campaign_on(day)
    lift = TELEHEALTH_LIFT if campaign and campaign.topic == "telehealth" else 1.0
    return lift * min(TELEHEALTH_WEEK[day.weekday()], _most(day))


def _most(day: date) -> float:
    thanksgiving = day.month == 11 and day.weekday() == 3 and 22 <= day.day <= 28
    is_holiday = thanksgiving or (day.month, day.day) in ((1, 1), (7, 4), (12, 25))
    return HOLIDAY_FACTOR if is_holiday else math.inf


def days_after_posts(posts: Iterable[tuple[datetime, str]]) -> Mapping[str, frozenset[date]]:
    """The days on which posts (published at, aware; topic) act, by the vocabulary's topics."""
    days: dict[str, set[date]] = {}
    for published_at, topic in posts:
        if published_at.tzinfo is None:
            raise ValueError("a post's time of publishing needs its zone")
        day = published_at.astimezone(plan.ZONE).date()
        after = (day + timedelta(days=n) for n in range(1, DAYS_AFTER_A_POST + 1))
        days.setdefault(VOCABULARY.get(topic, topic), set()).update(after)
    return {topic: frozenset(found) for topic, found in days.items()}


def topic_factor(topic: str, day: date, after: Mapping[str, frozenset[date]]) -> float:
    """How many more rows a topic has on that day; `after` is what `days_after_posts` gives."""
    factor = RISES_AFTER_POSTS.get(topic, 1.0) if day in after.get(topic, ()) else 1.0
    season = SEASONS.get(topic)
    return factor * (_in_season(season, day) if season else 1.0)


def _in_season(season: Season, day: date) -> float:
    marks = (season.begins, season.full_from, season.full_until, season.over_by)
    ordinals: Sequence[int] = [date(day.year, *mark).toordinal() for mark in marks]
    return float(np.interp(day.toordinal(), ordinals, (1.0, season.factor, season.factor, 1.0)))


TOPICS = tuple(TOPIC_SHARES)
#: What a row can be: the events of the public list, then what is no use of the portal.
KINDS = (*EVENTS, "failed_sign_in", "sign_out", "staff_view", "office_visit")
CODES: Mapping[str, int] = {kind: code for code, kind in enumerate(KINDS)}
