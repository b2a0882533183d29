"""What a campaign's summary is made of: figures that each name their source and time."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from campaigns.model import AdFigures, CampaignFacts, PostFigures

State = Literal["planned", "running", "ended"]
Number = int | float | Decimal
NOT_REPORTED = "not reported"
NAMED_MOST = 3
ENTERED = "entered by the practice"


@dataclass(frozen=True)
class Figure:
    """One figure. `value` is None where nothing is known, which is never 0.

    `unit`: "count", "ratio" (a part of 1), or a currency's code (a Decimal in whole units).
    `scope`: "campaign", "organic", "organic x", "paid", "paid USD", "paid <ad campaign>", or
    "post x <remote id>". `as_of`: UTC, when the oldest of the replies behind it was read.
    """

    metric: str
    scope: str
    value: Number | None
    unit: str
    sources: tuple[str, ...] = ()
    as_of: datetime | None = None
    interval: tuple[float, float] | None = None
    note: str | None = None

    @property
    def source(self) -> str:
        """The replies that the figure was computed from; of many their number and ends."""
        return in_short(self.sources)

    def as_json(self) -> dict[str, object]:
        """Keys of the command line's `figures`; money as a number that is right to the cent."""
        value = float(self.value) if isinstance(self.value, Decimal) else self.value
        shown: dict[str, object] = {
            "metric": self.metric,
            "scope": self.scope,
            "value": value,
            "unit": self.unit,
            "source": self.source,
            "sources": list(self.sources),
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "note": self.note,
        }
        return shown | ({"interval": list(self.interval)} if self.interval else {})


@dataclass(frozen=True)
class DayValue:
    """One metric on one day. `axis` says which day that is: "published" or "happened".

    `scope` is that of the figure whose part it is, such as "paid USD" or "organic x"; a day has
    one value of a metric and scope.
    """

    day: date
    scope: str
    metric: str
    value: Number | None
    unit: str
    axis: Literal["published", "happened"] = "happened"
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class PostLine:
    """A post with its engagement and, over its network's denominator, its rate."""

    post: PostFigures
    engagement: int | None
    rate: float | None


@dataclass(frozen=True)
class AdLine:
    """An ad campaign in one currency; money is exact, in whole units of its currency."""

    ad: AdFigures
    scope: str
    spend: Decimal | None
    click_rate: float | None
    cost_per_click: Decimal | None
    cost_per_result: Decimal | None


@dataclass(frozen=True)
class Pacing:
    """Share of the budget spent against share of the days gone by (up to yesterday).

    `spend` is that in the budget's currency; None where it is not known. What was spent in
    `other_currencies` is not in it. `verdict` says it in words.
    """

    currency: str
    budget: Decimal
    spend: Decimal | None
    budget_share: float | None
    time_share: float
    other_currencies: tuple[str, ...]
    verdict: str


@dataclass(frozen=True)
class CampaignSummary:
    """All that a report or page shows of a campaign. `today` is a day of the campaign's zone."""

    facts: CampaignFacts
    today: date
    state: State
    pacing: Pacing | None
    figures: tuple[Figure, ...]
    posts: tuple[PostLine, ...]
    ads: tuple[AdLine, ...]
    days: tuple[DayValue, ...]

    def get(self, metric: str, scope: str) -> Figure | None:
        """The figure of that name, or None where the summary has none."""
        for figure in self.figures:
            if figure.metric == metric and figure.scope == scope:
                return figure
        return None

    def scopes(self, kind: str) -> tuple[str, ...]:
        """Scopes of a kind ("organic", "paid"), the whole first, in the figures' order."""
        found = (figure.scope for figure in self.figures)
        return tuple(dict.fromkeys(s for s in found if s == kind or s.startswith(kind + " ")))


def in_short(sources: Sequence[str]) -> str:
    """Sources in one line: all of a few; of more how many, the first and the last by number."""
    if len(sources) <= NAMED_MOST:
        return "; ".join(sources)
    first, *_, last = sorted(sources, key=_number)
    return f"{len(sources)} replies, from {first} to {last}"


def _number(source: str) -> tuple[int, str]:
    """The number of a reply in its words, to sort by."""
    found = re.search(r"\d+", source)
    return int(found[0]) if found else 0, source


def known_sum(values: Iterable[int | None]) -> int | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def oldest(times: Iterable[datetime | None]) -> datetime | None:
    """The oldest of the known times; None where none is."""
    return min((time for time in times if time is not None), default=None)


def distinct(sources: Iterable[str | None]) -> tuple[str, ...]:
    """The known sources, each once, in order."""
    return tuple(dict.fromkeys(source for source in sources if source))
