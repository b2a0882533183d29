"""What reading an account at X costs a month, estimated before it is connected.

X bills each post once per UTC day in which it is read. A post is read again while it changes:
each day until it is 30 days old, then weekly until it is 90.
"""

from dataclasses import dataclass

OWN_POST_MICROS = 1_000
POST_MICROS = 5_000
USER_MICROS = 10_000
DAYS_A_MONTH = 30.4
#: Days on which one post is billed: the day it appears, 29 more, then the weeks to day 90.
BILLED_DAYS_A_POST = 30 + 9
NEWEST_POSTS = 3_200
MICROS_A_CENT = 10_000


@dataclass(frozen=True)
class Estimate:
    """US cents: the first reading of the past once, then every month."""

    first_cents: int
    month_cents: int
    reads_a_month: int
    each_micros: int


def estimate(posts_a_day: float, *, own: bool, past_posts: int = 0) -> Estimate:
    """The cost for so many posts a day. `own`: the token is the account's own.

    `past_posts` are read once at first; X gives no more than its newest 3,200.
    """
    if posts_a_day < 0 or past_posts < 0:
        raise ValueError("fewer than no posts")
    each = OWN_POST_MICROS if own else POST_MICROS
    reads = round(posts_a_day * DAYS_A_MONTH * BILLED_DAYS_A_POST)
    month = reads * each + round(DAYS_A_MONTH) * USER_MICROS
    first = min(past_posts, NEWEST_POSTS) * each
    return Estimate(_cents(first), _cents(month), reads, each)


def _cents(micros: int) -> int:
    """Whole cents, rounded up: an estimate should not flatter."""
    return -(-micros // MICROS_A_CENT)
