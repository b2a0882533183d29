"""The streams that an adapter does not have: they answer with an empty page."""

# The arguments are the protocol's; nothing is done with them here.
# ruff: noqa: ARG002

from collections.abc import Mapping
from datetime import date, datetime

from collectors.networks.base import Page


class ReadsNothing:
    """What every adapter starts from: it reads nothing, for nothing."""

    def dearest_micros(self, remote_id: str) -> int:
        """Reading costs nothing."""
        return 0

    def posts(
        self, remote_id: str, *, cursor: str | None, since: datetime | None, skip: frozenset[str]
    ) -> Page:
        """No posts."""
        return Page()

    def refresh(
        self, remote_id: str, posts: Mapping[str, datetime], *, skip: frozenset[str]
    ) -> Page:
        """No posts to look at again."""
        return Page()

    def account(self, remote_id: str, *, since: date, until: date) -> Page:
        """No figures of the account."""
        return Page()

    def ads(self, remote_id: str, *, since: date, until: date, cursor: str | None) -> Page:
        """No ads."""
        return Page()
