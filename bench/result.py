"""One line of the table."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Result:
    """`ratio` is to be at least (or at most) `goal`; `detail` says of what, in plain words.

    Without a goal it is told for comparison alone.
    """

    name: str
    ratio: float
    goal: float | None
    detail: str
    sense: Literal["at least", "at most"] = "at least"

    @property
    def met(self) -> bool:
        """Whether the goal, if any, is met."""
        if self.goal is None:
            return True
        if self.sense == "at least":
            return self.ratio >= self.goal
        return self.ratio <= self.goal

    def line(self) -> str:
        """As a row of the table."""
        if self.goal is None:
            return f"| {self.name} | {self.ratio:.2f} | | | {self.detail} |"
        sign = "≥" if self.sense == "at least" else "≤"
        verdict = "met" if self.met else "NOT met"
        return (
            f"| {self.name} | {self.ratio:.2f} | {sign} {self.goal:g} | {verdict} | {self.detail} |"
        )
