"""One line of the table."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Result:
    """`ratio` is to be at least (or at most) `goal`; `detail` says of what, in plain words."""

    name: str
    ratio: float
    goal: float
    detail: str
    sense: Literal["at least", "at most"] = "at least"

    @property
    def met(self) -> bool:
        """Whether the goal is met."""
        if self.sense == "at least":
            return self.ratio >= self.goal
        return self.ratio <= self.goal

    def line(self) -> str:
        """As a row of the table."""
        sign = "≥" if self.sense == "at least" else "≤"
        verdict = "met" if self.met else "NOT met"
        return (
            f"| {self.name} | {self.ratio:.2f} | {sign} {self.goal:g} | {verdict} | {self.detail} |"
        )
