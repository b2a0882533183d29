"""What reading costs at X, in micro US dollars. A loopback address costs nothing."""

from collections.abc import Iterable

from collectors.networks.base import Charge
from collectors.networks.values import Json, remote_id

POST_MICROS, OWN_POST_MICROS, USER_MICROS = 5_000, 1_000, 10_000


def user_read(free: bool) -> Charge:
    """One user read."""
    return Charge("user_read", 1, 0 if free else USER_MICROS)


def dearest(*, own: bool) -> int:
    """A test is the dearest: a page of 100 posts and up to three users (itself, by two names)."""
    return 100 * (OWN_POST_MICROS if own else POST_MICROS) + 3 * USER_MICROS


def post_reads(items: Iterable[Json], *, own: bool, free: bool) -> tuple[Charge, ...]:
    """The posts of a reply; `own`: surely read by their owner, else the full price counts."""
    ids = tuple(i for one in items if (i := remote_id(one.get("id"))) is not None)
    if not ids:
        return ()
    micros = OWN_POST_MICROS if own else POST_MICROS
    return (Charge("post_read", len(ids), 0 if free else micros, ids),)
