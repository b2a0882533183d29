"""Fault switches: what a network does when it does not answer as it should."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = (
    "429",
    "429_no_reset",
    "402",
    "500",
    "502_html",
    "200_html",
    "slow",
    "cut",
    "token_expired",
    "permission_lost",
    "retired_metric",
    "code_1",
    "code_17",
    "empty_page_with_next",
    "same_page_twice",
    "deleted_between_pages",
    "usage_90",
    "account_gone",
    "account_renamed",
    "not_json_huge",
    "report_failed",
    "second_page",
)
LISTING = ("empty_page_with_next", "same_page_twice", "deleted_between_pages")
# These change what the sandbox is, not one reply, so they last until cleared by default.
STANDING = ("retired_metric", "account_gone", "account_renamed", "report_failed", "second_page")


class UnknownFault(ValueError):
    """A kind that is not in `KINDS`, or an option of the wrong type."""


@dataclass(slots=True)
class Fault:
    """One switch that is on; `count` -1 lasts until cleared."""

    kind: str
    network: str | None = None
    path: str | None = None
    count: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, network: str, path: str) -> bool:
        """Whether a request to that network and path meets the fault."""
        if self.count == 0:
            return False
        if self.network is not None and self.network != network:
            return False
        return self.path is None or self.path in path

    def number(self, name: str, default: float) -> float:
        """An option that is a number."""
        return float(self.options.get(name, default))

    def described(self) -> dict[str, Any]:
        """The switch as JSON."""
        own = {"kind": self.kind, "network": self.network, "path": self.path, "count": self.count}
        return own | dict(self.options)


@dataclass(slots=True)
class Faults:
    """The switches that are on, in the order in which they were set."""

    active: list[Fault] = field(default_factory=list)

    def add(self, body: Mapping[str, Any]) -> Fault:
        """Turn one on; UnknownFault where the kind is none."""
        options = dict(body)
        kind = str(options.pop("kind", ""))
        if kind not in KINDS:
            raise UnknownFault(f"no fault is called {kind!r}; there are {', '.join(KINDS)}")
        count = int(options.pop("count", -1 if kind in STANDING else 1))
        network, path = options.pop("network", None), options.pop("path", None)
        fault = Fault(kind, network, path, count, options)
        self.active.append(fault)
        return fault

    def clear(self) -> None:
        """Turn all off."""
        self.active.clear()

    def take(self, network: str, path: str, kinds: tuple[str, ...]) -> Fault | None:
        """The first switch of these kinds that fits; uses up one of its count."""
        for fault in self.active:
            if fault.kind in kinds and fault.fits(network, path):
                if fault.count > 0:
                    fault.count -= 1
                return fault
        return None

    def standing(self, kind: str, network: str, path: str) -> Fault | None:
        """The first switch of that kind that fits, left as it is."""
        return next((f for f in self.active if f.kind == kind and f.fits(network, path)), None)
