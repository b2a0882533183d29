"""An account's figures by day through Graph, one by one where a metric is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from collectors.networks.base import AccountFigure, NetworkError, Page
from collectors.networks.graph import Graph, Step
from collectors.networks.graph_errors import GraphRefusal
from collectors.networks.graph_metrics import GraphMetric, current, our_names
from collectors.networks.insights import daily, midnight
from collectors.networks.values import Notes

Span = tuple[date, date]


@dataclass
class Days:
    """The figures of one page as they come in."""

    graph: Graph
    notes: Notes = field(default_factory=Notes)
    figures: list[AccountFigure] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def page(self) -> Page:
        """All of it."""
        return Page(
            account=tuple(self.figures),
            raws=self.graph.raws(),
            unavailable=tuple(sorted(self.refused)),
            pause_until=self.graph.pause(),
            note=self.notes.text(),
        )


def read_days(
    graph: Graph, owner: str, table: tuple[GraphMetric, ...], span: Span, longest: timedelta
) -> Page:
    """The metrics of `table` for each Pacific day of `span`, in stretches Graph allows."""
    graph.begin()
    days = Days(graph)
    for part in stretches(span, longest):
        collect(days, owner, table, part)
    return days.page()


def collect(days: Days, owner: str, table: tuple[GraphMetric, ...], span: Span) -> None:
    """One stretch: all metrics in one call, and each alone where that is refused."""
    metrics = [m for m in current(table, frozenset()) if m not in days.refused]
    names = our_names(table)
    if not metrics:
        return
    try:
        body = days.graph.get(owner, "insights", **_params(metrics, span))
    except GraphRefusal as error:
        if not error.is_parameter or not _each(days, owner, metrics, names, span):
            raise
        return
    raw, at = days.graph.last()
    days.figures += daily(body.get("data"), names, span, at, raw, days.notes)


def _each(
    days: Days, owner: str, metrics: Sequence[str], names: dict[str, str], span: Span
) -> bool:
    """Each metric alone. False where all are refused: then the days are to blame, not they."""
    steps = [Step(f"{owner}/insights", _params([metric], span)) for metric in metrics]
    refused: set[str] = set()
    for metric, answer in zip(metrics, days.graph.batch(steps), strict=True):
        raw, at = days.graph.last()
        if isinstance(answer, dict):
            days.figures += daily(answer.get("data"), names, span, at, raw, days.notes)
        elif isinstance(answer, GraphRefusal) and answer.is_parameter:
            refused.add(metric)
        else:
            _note(days, metric, answer)
    if len(refused) == len(metrics):
        return False
    days.refused |= refused
    return True


def _note(days: Days, metric: str, answer: NetworkError) -> None:
    if answer.reason in ("permission", "gone", "credit"):
        raise answer
    days.notes.add(f"{metric} was not read: {answer}")


def _params(metrics: Sequence[str], span: Span) -> dict[str, str | int]:
    return {
        "metric": ",".join(metrics),
        "period": "day",
        "since": midnight(span[0]),
        "until": midnight(span[1] + timedelta(days=1)),
    }


def stretches(span: Span, longest: timedelta) -> Iterator[Span]:
    """The span in parts of at most `longest` days, oldest first."""
    begin, end = span
    while begin <= end:
        last = min(end, begin + longest - timedelta(days=1))
        yield begin, last
        begin = last + timedelta(days=1)
