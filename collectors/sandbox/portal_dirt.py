"""What real logs hold besides their patients' use: rows that no figure may come from."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from collectors.sandbox import portal_plan
from collectors.sandbox.portal_days import DIRT, Rows, joined, made_rows
from collectors.sandbox.portal_people import Ints, People, generator

FAILED_SHARE = 0.04
"""Sign-ins that failed just before one that did not, as a share of all sign-ins."""
SIGN_OUT_SHARE = 0.5
"""Sign-ins that end with a sign-out."""
TWICE_SHARE = 0.01
"""Rows that stand in the log twice, alike in all columns."""
STAFF_A_ROW = 0.12
"""Charts that the staff read, as a share of the day's rows."""
OFFICE_A_VISIT = 3.0
"""Visits at the practice for each visit by video."""
BUSY_PATIENT = 0
"""Place of the patient with far too many rows (P000001)."""
BUSY_ROWS = 40
"""How many of them a day."""


@dataclass(frozen=True, slots=True)
class _Day:
    draws: np.random.Generator
    clean: Rows

    def some(self, kind: str, share: float) -> Rows:
        """A share of the day's rows of a kind."""
        found = np.flatnonzero(self.clean.kind == portal_plan.CODES[kind])
        return self.clean.taken(found[self.draws.random(len(found)) < share])


def with_dirt(seed: int, people: People, day: date, clean: Rows) -> Rows:
    """The day's rows with dirt among them, by time; the clean ones are all still there."""
    at_hand = _Day(generator(seed, DIRT, day.toordinal()), clean)
    failed, left = at_hand.some("sign_in", FAILED_SHARE), at_hand.some("sign_in", SIGN_OUT_SHARE)
    rows = joined(
        clean,
        made_rows("failed_sign_in", failed.patient, failed.at),
        made_rows("sign_out", left.patient, left.at),
        _busy(at_hand),
        _others(at_hand, people, "staff_view", STAFF_A_ROW * len(clean)),
        _others(at_hand, people, "office_visit", OFFICE_A_VISIT * _visits(clean)),
    )
    twice = np.flatnonzero(at_hand.draws.random(len(rows)) < TWICE_SHARE)
    return joined(rows, rows.taken(twice)).in_order()


def _visits(clean: Rows) -> int:
    return int(np.count_nonzero(clean.kind == portal_plan.CODES["telehealth_visit"]))


def _others(at_hand: _Day, people: People, kind: str, wanted: float) -> Rows:
    """Rows about any patient, at times at which the log has rows anyway."""
    number = int(wanted) if len(at_hand.clean) else 0
    who = at_hand.draws.integers(0, max(len(people.ids), 1), number)
    return made_rows(kind, who, _times(at_hand, number))


def _busy(at_hand: _Day) -> Rows:
    number = BUSY_ROWS if len(at_hand.clean) else 0
    who = np.full(number, BUSY_PATIENT, dtype=np.int64)
    return made_rows("record_view", who, _times(at_hand, number))


def _times(at_hand: _Day, number: int) -> Ints:
    rows = len(at_hand.clean)
    return at_hand.clean.at[at_hand.draws.integers(0, max(rows, 1), number)]
