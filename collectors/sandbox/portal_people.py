"""The made practice's patients: who a patient is depends on the seed and the number alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from collectors.sandbox import portal_plan

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

UNKNOWN = -1
DAYS_A_YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class People:
    """One element a patient; patient n has the id `P` and n + 1 in six digits.

    `births`: days since 1970, `zips`: places in `zip_codes`; UNKNOWN where the practice does not
    know it. `weights`: how much more than the others a patient signs in (mean about 1).
    """

    ids: Sequence[str]
    births: Ints
    knows_age: npt.NDArray[np.bool_]
    zips: Ints
    weights: Floats
    devices: Ints
    zip_codes: Sequence[str] = tuple(portal_plan.ZIPS)

    def ages(self, day: date) -> Ints:
        """Whole years on that day, UNKNOWN where not known; those not yet born are 0."""
        days = (day - date(1970, 1, 1)).days - self.births
        years = np.maximum(days / DAYS_A_YEAR, 0).astype(np.int64)
        return np.where(self.knows_age, years, UNKNOWN)


def generator(seed: int, *place: int) -> np.random.Generator:
    """Draws for one place, such as (stream, day): the same for the same NumPy, in any order.

    NumPy promises the bits of a generator, not what its distributions make of them, so another
    version of it may make another log; hence nothing is compared with figures written down.
    """
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed % 2**64, *place])))


def make_people(seed: int, patients: int) -> People:
    """The first so many patients of a seed. Each fact has a stream of its own."""
    band = _picked(_stream(seed, 1).random(patients), [one[2] for one in portal_plan.AGES])
    table = np.array(portal_plan.AGES)
    first, last, activity = table[band, 0], table[band, 1], table[band, 3]
    ages = first + _stream(seed, 2).random(patients) * (last + 1 - first)
    on = (portal_plan.AGES_ON - date(1970, 1, 1)).days
    zips = _picked(_stream(seed, 3).random(patients), list(portal_plan.ZIPS.values()))
    has_zip = _stream(seed, 4).random(patients) >= portal_plan.NO_ZIP_SHARE
    # Exponential: many are hardly ever there, some every few days.
    eager = -np.log(1 - _stream(seed, 5).random(patients))
    return People(
        ids=tuple(f"P{number:06d}" for number in range(1, patients + 1)),
        births=(on - ages * DAYS_A_YEAR).astype(np.int64),
        knows_age=_stream(seed, 6).random(patients) >= portal_plan.NO_AGE_SHARE,
        zips=np.where(has_zip, zips, UNKNOWN),
        weights=eager * activity,
        devices=np.flatnonzero(_stream(seed, 7).random(patients) < portal_plan.DEVICE_SHARE),
    )


def _stream(seed: int, number: int) -> np.random.Generator:
    return generator(seed, 0, number)


def _picked(draws: Floats, weights: Sequence[float]) -> Ints:
    """For each draw in [0, 1) the place of a weight, as likely as the weight says."""
    borders = np.cumsum(weights) / sum(weights)
    return np.searchsorted(borders[:-1], draws, side="right").astype(np.int64)
