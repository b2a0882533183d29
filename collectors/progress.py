"""Progress on stderr: one line that moves on a terminal, nothing but messages in a log."""

import sys
from types import TracebackType

from data.output import say


class Line:
    """A line that is written over. Messages end it and stay."""

    def __init__(self) -> None:
        self._moves = sys.stderr.isatty()
        self._shown = 0

    def __enter__(self) -> "Line":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clear()

    def show(self, text: str) -> None:
        """Write over what is shown; where stderr is no terminal, nothing."""
        if self._moves:
            sys.stderr.write("\r" + text.ljust(self._shown))
            sys.stderr.flush()
            self._shown = len(text)

    def say(self, message: str) -> None:
        """A message that stays."""
        self._clear()
        say(message)

    def _clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r" + " " * self._shown + "\r")
            self._shown = 0
