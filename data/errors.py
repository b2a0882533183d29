"""The error that a person reads, and how an error is logged that nobody foresaw."""

import traceback
from pathlib import Path


class Refused(Exception):
    """A sentence that says what did not happen and why, and `todo`: what to do about it."""

    def __init__(self, message: str, todo: str | None = None) -> None:
        super().__init__(message)
        self.todo = todo

    def sentence(self) -> str:
        """Both, as one line."""
        return f"{self}" if self.todo is None else f"{self} {self.todo}"


def where(error: BaseException) -> str:
    """Type and places of an error for the log, never its text: a driver's quotes the row."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))
    return f"{type(error).__name__} at {places}"
