"""What an ingest did."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """Of posts, account figures or ad days; a snapshot alone does not count."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.inserted + other.inserted,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
        )
