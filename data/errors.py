"""The error that a person reads."""


class Refused(Exception):
    """A sentence that says what did not happen and why, and `todo`: what to do about it."""

    def __init__(self, message: str, todo: str | None = None) -> None:
        super().__init__(message)
        self.todo = todo

    def sentence(self) -> str:
        """Both, as one line."""
        return f"{self}" if self.todo is None else f"{self} {self.todo}"
