"""Guards against a network that hands out the same cursor for ever."""

from collections import Counter

from collectors.networks.base import NetworkError
from collectors.networks.values import clean_text

#: A page sent twice happens, and its rows are simply known already. The third time is no slip.
MOST_TIMES = 3
LONGEST = 4096


class Rounds:
    """Counts the cursors that one adapter was given."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._given: Counter[str] = Counter()

    def next(self, asked: str | None, given: object) -> str | None:
        """The cursor for the next page, or None; NetworkError where it leads in a circle."""
        if not isinstance(given, str) or not given:
            return None
        cursor = clean_text(given)
        if asked is None:
            # A listing begun anew may well give the cursors of the one before.
            self._given.clear()
        self._given[cursor] += 1
        if self._given[cursor] > MOST_TIMES or len(cursor) > LONGEST:
            raise NetworkError(
                f"{self._label} sends the same page again and again.",
                reason="bad_reply",
                permanent=False,
                todo=None,
            )
        return cursor
