"""Draws that depend on a key alone, the same on every machine and Python version."""

import math
import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of draws for one key, such as (seed, network, day).

    Only `random()` is taken from the standard library: its sequence is promised to stay the same,
    that of `choice` or `gauss` is not.
    """

    def __init__(self, *key: object) -> None:
        self._random = random.Random(":".join(map(str, key)))  # noqa: S311 - made data, no secret

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self._random.random()

    def chance(self, probability: float) -> bool:
        """True in that share of draws."""
        return self._random.random() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[int(self._random.random() * len(items))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, as likely as its weight says."""
        left = self._random.random() * sum(weights.values())
        for item, weight in weights.items():
            left -= weight
            if left < 0:
                return item
        return next(reversed(list(weights)))

    def spread(self, sigma: float) -> float:
        """A factor around 1 (log-normal, median 1)."""
        u, v = self._random.random(), self._random.random()
        normal = math.sqrt(-2 * math.log(1 - u)) * math.cos(2 * math.pi * v)
        return math.exp(sigma * normal)

    def count(self, expected: float) -> int:
        """A whole number whose mean is `expected`."""
        return int(expected + self._random.random())

    def digits(self, length: int) -> str:
        """That many decimal digits, the first of them not 0."""
        first = str(self.between(1, 9))
        return first + "".join(str(self.between(0, 9)) for _ in range(length - 1))

    def letters(self, length: int) -> str:
        """That many letters and digits, as short links and tokens carry them."""
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        return "".join(self.pick(alphabet) for _ in range(length))
