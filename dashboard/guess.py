"""How much a release helps someone who guesses: the Privacy page's one number for people.

Someone knows everything about all other patients and wonders whether one patient's events are
in the log: a coin toss, before. By Gaussian differential privacy (Dong, Roth and Su 2022,
Journal of the Royal Statistical Society B 84:3-37) no test tells two normal distributions with
means mu standard deviations apart better than the one at their midpoint, which is right with
probability Phi(mu / 2). A release of cost rho has mu = sqrt(2 rho), and the squares add up over
releases as their rho do. The noise drawn is the discrete Gaussian; at these widths (29 patients
and more) it differs from the continuous one by less than any digit shown.
"""

import math
from statistics import NormalDist


def best_guess(rho: float) -> float:
    """The chance (0.5 to 1) that the best possible guess is right, where a coin has 0.5."""
    return NormalDist().cdf(math.sqrt(2 * rho) / 2)
