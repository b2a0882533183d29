"""A day of the made portal log, as columns: what a day holds depends on no other day's draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import numpy as np

from collectors.sandbox import plan, portal_plan
from collectors.sandbox.portal_people import UNKNOWN, Ints, People, generator

USE, DIRT = 1, 2  # streams of draws
SESSION_SECONDS = 1500
LAST_SECOND = 86399

#: Each kind of row that follows on signing in: code, place of the topic, rows for each signing in.
_FOLLOWING = (
    *((portal_plan.CODES[kind], UNKNOWN, rate) for kind, rate in portal_plan.PLAIN_ROWS.items()),
    *(
        (portal_plan.CODES[kind], place, rate * share)
        for (kind, rate), (place, share) in product(
            portal_plan.TOPIC_ROWS.items(), enumerate(portal_plan.TOPIC_SHARES.values())
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as columns of one length: place of the patient, code of the kind, place of the topic
    (UNKNOWN for none), and the instant in seconds since 1970 (UTC)."""

    patient: Ints
    kind: Ints
    topic: Ints
    at: Ints

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.at)

    def taken(self, places: Ints) -> "Rows":
        """The rows of these places, in this order."""
        columns = (self.patient, self.kind, self.topic, self.at)
        return Rows(*(column[places] for column in columns))

    def in_order(self) -> "Rows":
        """By time; at the same second a sign-in comes first, for its code is the lowest."""
        return self.taken(np.lexsort((self.topic, self.patient, self.kind, self.at)))


def joined(*parts: Rows) -> Rows:
    """All rows of the parts."""
    return Rows(
        np.concatenate([one.patient for one in parts]),
        np.concatenate([one.kind for one in parts]),
        np.concatenate([one.topic for one in parts]),
        np.concatenate([one.at for one in parts]),
    )


def made_rows(kind: str, patient: Ints, at: Ints) -> Rows:
    """Rows of one kind, without a topic."""
    code = np.full(len(patient), portal_plan.CODES[kind], dtype=np.int64)
    return Rows(patient, code, np.full_like(code, UNKNOWN), at)


def day_rows(seed: int, people: People, day: date, after: Mapping[str, frozenset[date]]) -> Rows:
    """The rows of one of the practice's days, by time; `after`: the days on which posts act.

    The same for the same seed, number of patients, day, and posts of the days before it.
    """
    draws = generator(seed, USE, day.toordinal())
    # Posts change the last part alone, for it is drawn last.
    visits, syncs = _visits(draws, people, day), _syncs(draws, people, day)
    sessions = _sessions(draws, people, day)
    return joined(sessions, visits, syncs, _following(draws, sessions, day, after)).in_order()


def _sessions(draws: np.random.Generator, people: People, day: date) -> Rows:
    share = portal_plan.ACTIVE_SHARE * portal_plan.use_factor(day)
    chance = np.minimum(people.weights * share, 0.95)
    active = np.flatnonzero(draws.random(len(chance)) < chance)
    again = active[draws.random(len(active)) < portal_plan.SECOND_VISIT_SHARE]
    patients = np.concatenate([active, again])
    return made_rows("sign_in", patients, _moments(draws, day, len(patients), portal_plan.HOURS))


def _following(
    draws: np.random.Generator, sessions: Rows, day: date, after: Mapping[str, frozenset[date]]
) -> Rows:
    """What is done once signed in: each kind and topic comes for itself, none takes another's."""
    kinds, topics, rates = (np.array(column) for column in zip(*_FOLLOWING, strict=True))
    factors = [portal_plan.topic_factor(topic, day, after) for topic in portal_plan.TOPICS]
    lifted = rates * np.array([*factors, 1.0])[topics]  # UNKNOWN is the last place
    which = np.repeat(np.arange(len(rates)), draws.poisson(len(sessions) * lifted))
    whose = draws.integers(0, max(len(sessions), 1), len(which))
    at = sessions.at[whose] + draws.integers(5, SESSION_SECONDS, len(which))
    at = np.minimum(at, _start(day) + LAST_SECOND)
    return Rows(sessions.patient[whose], kinds[which], topics[which], at)


def _visits(draws: np.random.Generator, people: People, day: date) -> Rows:
    """Visits by video: opened from an invitation, so that no sign-in needs to come before."""
    patients = len(people.ids)
    wanted = portal_plan.TELEHEALTH_A_DAY * portal_plan.visits_factor(day) * patients
    who = draws.integers(0, max(patients, 1), draws.poisson(wanted))
    moments = _moments(draws, day, len(who), portal_plan.VISIT_HOURS)
    return made_rows("telehealth_visit", who, moments)


def _syncs(draws: np.random.Generator, people: People, day: date) -> Rows:
    sent = people.devices[draws.random(len(people.devices)) < portal_plan.SYNC_SHARE]
    return made_rows("wearable_sync", sent, _moments(draws, day, len(sent), portal_plan.HOURS))


def _moments(draws: np.random.Generator, day: date, number: int, hours: tuple[int, ...]) -> Ints:
    borders = np.cumsum(hours) / sum(hours)
    hour = np.searchsorted(borders[:-1], draws.random(number), side="right")
    return np.asarray(_start(day) + hour * 3600 + draws.integers(0, 3600, number), dtype=np.int64)


def _start(day: date) -> int:
    """Twelve hours before noon: from three o'clock on the clock's own hours, whatever it is set
    to at night; nobody is there earlier."""
    noon = datetime.combine(day, time(12), plan.ZONE)
    return int((noon.astimezone(UTC) - timedelta(hours=12)).timestamp())
