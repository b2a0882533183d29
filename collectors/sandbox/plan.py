"""The planted truth of the made practice: what does better, by how much, and when what happens.

Everything is tied to the calendar and the seed, never to the clock, so that the history is the
same whenever one looks at it, and going on later goes on with the same practice:
flu season is October and November of every year, the telehealth campaign March and April; each
half-year has one outage and one viral post; one topic loses half its pull every 240 days.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from collectors.sandbox.dice import Dice
from collectors.sandbox.growth import Standstill

ZONE = ZoneInfo("America/New_York")
PRACTICE = "Harbor Family Medicine"
HANDLE = "harborfamilymed"
SITE = "https://harborfamilymed.example"

POSTS_A_DAY: Mapping[str, float] = {"x": 1.05, "facebook": 0.64, "instagram": 0.52}
BASE_EXPOSURE: Mapping[str, float] = {"x": 1500.0, "facebook": 620.0, "instagram": 740.0}
NOISE_SIGMA = 0.35

TOPIC_WEIGHTS: Mapping[str, float] = {
    "flu": 1.1,
    "vaccines": 1.0,
    "diabetes": 1.1,
    "sleep": 1.0,
    "blood pressure": 1.0,
    "mental health": 1.0,
    "nutrition": 1.1,
    "exercise": 0.8,
    "allergies": 0.7,
    "skin care": 0.7,
    "back pain": 0.8,
    "telehealth": 0.7,
}
# Factors on the rate of engagement (reactions, replies, shares, saves over exposure).
TOPIC_ENGAGEMENT: Mapping[str, float] = {
    "sleep": 1.6,
    "mental health": 1.45,
    "diabetes": 1.15,
    "nutrition": 1.1,
    "flu": 1.0,
    "exercise": 1.0,
    "back pain": 1.0,
    "telehealth": 0.95,
    "allergies": 0.9,
    "blood pressure": 0.85,
    "skin care": 0.8,
    "vaccines": 0.65,
}
# Factors on exposure (impressions, reach, views).
KIND_EXPOSURE: Mapping[str, Mapping[str, float]] = {
    "x": {"post": 1.0, "photo": 1.3, "video": 1.5, "link": 0.7, "reply": 0.12, "retweet": 0.0},
    "facebook": {"post": 0.9, "photo": 1.2, "video": 1.6, "link": 0.7},
    "instagram": {"photo": 0.8, "carousel": 1.15, "reel": 1.9},
}
KIND_WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "x": {"post": 30, "photo": 22, "video": 6, "link": 24, "reply": 12, "retweet": 6},
    "facebook": {"post": 18, "photo": 38, "video": 14, "link": 30},
    "instagram": {"photo": 40, "carousel": 30, "reel": 30},
}
HOUR_WEIGHTS: Mapping[int, float] = {
    7: 8, 8: 10, 9: 9, 10: 8, 11: 9, 12: 12, 13: 8, 14: 6, 15: 6, 16: 6, 17: 8, 18: 9, 19: 8,
    20: 6, 21: 4, 22: 1,
}  # fmt: skip
BEST_SLOTS = frozenset((day, hour) for day in (1, 3) for hour in (18, 19, 20))
GOOD_SLOTS = frozenset((day, hour) for day in range(5) for hour in (7, 8))

DECLINING_TOPIC = "back pain"
DECLINE_EPOCH = date(2026, 6, 1)
DECLINE_HALF_LIFE_DAYS = 240.0
VIRAL_FACTOR = 18.0


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign of one year, its days both included, in the practice's time zone."""

    key: str
    name: str
    begin: date
    end: date
    topic: str
    label: str
    utm: str
    lift: float


def campaigns_of(year: int) -> tuple[Campaign, Campaign]:
    """The two campaigns of a calendar year."""
    return (
        Campaign(
            f"telehealth-{year}", f"Telehealth launch {year}", date(year, 3, 2), date(year, 4, 26),
            "telehealth", "#SeeUsByVideo", f"telehealth-{year}", 1.2,
        ),
        Campaign(
            f"flu-{year}", f"Flu season {year}", date(year, 10, 1), date(year, 11, 30),
            "flu", "#FluSeason", f"flu-{year}", 1.35,
        ),
    )  # fmt: skip


def campaign_on(day: date) -> Campaign | None:
    """The campaign that runs on that day."""
    running = (one for one in campaigns_of(day.year) if one.begin <= day <= one.end)
    return next(running, None)


def half_years(begin: date, end: date) -> Iterator[tuple[int, int]]:
    """The half-years (year, 0 or 1) that [begin, end] touches."""
    current, last = (begin.year, begin.month > 6), (end.year, end.month > 6)
    while current <= last:
        yield current[0], int(current[1])
        current = (current[0] + 1, False) if current[1] else (current[0], True)


def _half_year_start(half: tuple[int, int]) -> date:
    return date(half[0], 7 if half[1] else 1, 1)


def outage_of(seed: int, half: tuple[int, int]) -> tuple[date, date]:
    """First and last day, both included, of a half-year's outage on Facebook and Instagram."""
    first = _half_year_start(half) + timedelta(days=Dice(seed, "outage", half).between(20, 150))
    return first, first + timedelta(days=2)


def outage_on(seed: int, day: date) -> bool:
    """Whether Facebook and Instagram delivered nothing on that day."""
    first, last = outage_of(seed, (day.year, int(day.month > 6)))
    return first <= day <= last


def standstill(seed: int, half: tuple[int, int]) -> Standstill:
    """The outage as instants: its local days from midnight to midnight."""
    first, last = outage_of(seed, half)
    return Standstill(midnight(first), midnight(last + timedelta(days=1)))


def viral_day(seed: int, half: tuple[int, int]) -> tuple[str, date]:
    """Network and day of a half-year's viral post: the first tip published on that day."""
    dice = Dice(seed, "viral", half)
    network = dice.pick(("x", "facebook", "instagram"))
    day = _half_year_start(half) + timedelta(days=dice.between(30, 140))
    while outage_on(seed, day) or outage_on(seed, day + timedelta(days=4)):
        day += timedelta(days=3)
    return network, day


def hour_factor(local: datetime) -> float:
    """How much more exposure a post gets for its hour of the week (practice's time zone)."""
    slot = (local.weekday(), local.hour)
    if slot in BEST_SLOTS:
        return 1.6
    if slot in GOOD_SLOTS:
        return 1.25
    if local.weekday() >= 5:
        return 0.8
    return 0.6 if local.hour >= 21 else 1.0


def topic_trend(topic: str, day: date) -> float:
    """The declining topic's factor on exposure at that day, 1 for all others."""
    if topic != DECLINING_TOPIC:
        return 1.0
    factor: float = 2 ** (-(day - DECLINE_EPOCH).days / DECLINE_HALF_LIFE_DAYS)
    return min(4.0, max(0.02, factor))


def midnight(day: date) -> datetime:
    """The start of a day in the practice's time zone, as UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)
