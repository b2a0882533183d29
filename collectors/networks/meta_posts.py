"""Pages of posts through Graph, insights with them; on code 100 by batch, metric by metric.

Facebook and Instagram differ in fields and metrics only: a subclass names them.
"""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from collectors.networks.base import NetworkError, Page, PostRecord
from collectors.networks.cursors import Rounds
from collectors.networks.graph import Step, place_after, place_params
from collectors.networks.graph_errors import (
    INSIGHT_PERMISSIONS,
    TOO_MUCH_DATA,
    GraphRefusal,
)
from collectors.networks.meta import MetaAdapter
from collectors.networks.values import Json, Notes, objects, remote_id
from data.clock import now

MOST, LEAST = 100, 5
Item = dict[str, Any]


@dataclass
class Reading:
    """What one page is put together from."""

    metrics: tuple[str, ...]
    notes: Notes = field(default_factory=Notes)
    refused: set[str] = field(default_factory=set)
    gone: dict[str, None] = field(default_factory=dict)
    withheld: bool = False

    def left(self) -> tuple[str, ...]:
        """The metrics still worth asking for."""
        return () if self.withheld else tuple(m for m in self.metrics if m not in self.refused)


class MetaPosts(MetaAdapter):
    """Reads posts page by page and known posts again."""

    edge: str

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._rounds = Rounds(self.graph.label)
        self._size = MOST

    @abstractmethod
    def group(self, skip: frozenset[str]) -> tuple[str, ...]:
        """The metrics that come with every post."""

    @abstractmethod
    def fields(self, metrics: Sequence[str]) -> str:
        """The fields of a post, with those insights (none: without any)."""

    @abstractmethod
    def record(self, item: Json, at: datetime, raw: int, notes: Notes) -> PostRecord | None:
        """One post; None with a note where it cannot be used."""

    def complete(self, items: Sequence[Item], reading: Reading, skip: frozenset[str]) -> None:
        """Add what does not come with every post; nothing more by default."""

    def posts(
        self, remote_id: str, *, cursor: str | None, since: datetime | None, skip: frozenset[str]
    ) -> Page:
        """A page of posts, newest first, with their insights in the same call."""
        self.graph.begin()
        reading = Reading(self.group(skip))
        params: dict[str, str | int] = dict(place_params(cursor))
        if since is not None:
            params["since"] = max(0, int(since.timestamp()))
        body = self._list(remote_id, params, reading)
        raw, at = self.graph.last()
        items = [dict(one) for one in objects(body.get("data"))]
        if "insights" in reading.refused:
            items = self._one_by_one(items, reading)
        self.complete(items, reading, skip)
        return self._page(items, at, raw, reading, self._rounds.next(cursor, place_after(body)))

    def _page(
        self, items: Iterable[Item], at: datetime, raw: int, reading: Reading, cursor: str | None
    ) -> Page:
        reading.refused.discard("insights")
        records = (
            self.record(item, item.pop("_at", at), item.pop("_raw", raw), reading.notes)
            for item in items
        )
        return Page(
            posts=tuple(one for one in records if one is not None),
            raws=self.graph.raws(),
            cursor=cursor,
            missing=tuple(reading.gone),
            unavailable=tuple(sorted(reading.refused)),
            pause_until=self.graph.pause(),
            note=reading.notes.text(),
        )

    def _list(self, owner: str, params: Mapping[str, str | int], reading: Reading) -> Item:
        """The list; where a metric spoils it, without that metric; else without insights."""
        body = self._try(owner, params, reading)
        if body is None and not reading.withheld:
            refused = self._refused_by_list(owner, reading)
            if refused and refused != set(reading.left()):
                reading.refused |= refused
                body = self._try(owner, params, reading)
        if body is not None:
            return body
        # Some post of this page, not a metric, is what Graph objects to.
        reading.refused.add("insights")
        return self._sized(owner, params, ())

    def _try(self, owner: str, params: Mapping[str, str | int], reading: Reading) -> Item | None:
        """The list with its insights; None where these are what Graph refuses."""
        try:
            return self._sized(owner, params, reading.left())
        except GraphRefusal as error:
            if not self._goes_without(error, reading):
                raise
            return None

    def _goes_without(self, error: GraphRefusal, reading: Reading) -> bool:
        """Whether the insights are to blame, and not the posts themselves."""
        if not reading.left():
            return False
        lacking = [name for name in error.needs if name in INSIGHT_PERMISSIONS]
        if lacking:
            reading.withheld = True
            reading.notes.add(f"Views, reach and clicks are missing: permission {lacking[0]}.")
        return bool(lacking) or error.is_parameter or error.is_ignorable

    def _sized(self, owner: str, params: Mapping[str, str | int], metrics: Sequence[str]) -> Item:
        """The list, in smaller pages where Graph finds them too large."""
        while True:
            try:
                return self.graph.get(
                    owner, self.edge, **params, fields=self.fields(metrics), limit=self._size
                )
            except GraphRefusal as error:
                if error.code != TOO_MUCH_DATA or self._size <= LEAST:
                    raise
                self._size = max(LEAST, self._size // 2)

    def _refused_by_list(self, owner: str, reading: Reading) -> set[str]:
        """The metrics that Graph refuses alone too, each asked for with the newest post."""
        steps = [
            Step(f"{owner}/{self.edge}", {"fields": self.fields([m]), "limit": 1})
            for m in reading.left()
        ]
        return _refused(reading.left(), self.graph.batch(steps))

    def _one_by_one(self, items: Sequence[Item], reading: Reading) -> list[Item]:
        """The same posts, each read by itself; as listed where that fails."""
        ids = [i for item in items if (i := remote_id(item.get("id"))) is not None]
        reading.refused.discard("insights")
        read = self._each(ids, reading)
        return [read.get(str(item.get("id")), item) for item in items]

    def refresh(
        self, remote_id: str, posts: Mapping[str, datetime], *, skip: frozenset[str]
    ) -> Page:
        """Known posts again, 50 a request; those that are gone stand in `missing`."""
        self.graph.begin()
        reading = Reading(self.group(skip))
        items = list(self._each(list(posts), reading).values())
        if posts and len(reading.gone) == len(posts):
            # Graph says the same of posts that may not be seen any more: then it is the account.
            self.graph.get(remote_id, fields="id")
        self.complete(items, reading, skip)
        return self._page(items, now(), 0, reading, None)

    def _each(self, ids: Sequence[str], reading: Reading) -> dict[str, Item]:
        found, failing = self._ask(ids, reading.left(), reading)
        # Where some posts have all the metrics, these are in order and the failing posts odd.
        if failing and not found and reading.left():
            probe = [Step(failing[0], {"fields": self.fields([m])}) for m in reading.left()]
            refused = _refused(reading.left(), self.graph.batch(probe))
            if refused != set(reading.left()):
                reading.refused |= refused
                found, failing = self._ask(failing, reading.left(), reading)
        if failing:
            again, stubborn = self._ask(failing, (), reading)
            refused = self._metric_by_metric(again, reading)
            reading.refused |= refused if not found and len(again) > 1 else set()
            found |= again
            for one in stubborn:
                reading.notes.add(f"Post {one} could not be read.")
        return {one: found[one] for one in ids if one in found}

    def _ask(
        self, ids: Sequence[str], metrics: Sequence[str], reading: Reading
    ) -> tuple[dict[str, Item], list[str]]:
        """The posts with those insights, and the ids of those that Graph refused that way."""
        found: dict[str, Item] = {}
        failing: list[str] = []
        steps = [Step(one, {"fields": self.fields(metrics)}) for one in ids]
        for one, answer, raw in self._answers(ids, steps):
            if isinstance(answer, dict):
                found[one] = answer | {"_raw": raw[0], "_at": raw[1], "_metrics": tuple(metrics)}
            elif answer.reason == "gone":
                reading.gone[one] = None
            elif isinstance(answer, GraphRefusal) and (
                self._goes_without(answer, reading) or answer.is_parameter
            ):
                failing.append(one)
            elif answer.reason in ("permission", "credit"):
                raise answer
            else:
                reading.notes.add(f"Post {one} was not read: {answer}")
        return found, failing

    def _answers(
        self, ids: Sequence[str], steps: Sequence[Step]
    ) -> Iterable[tuple[str, Item | NetworkError, tuple[int, datetime]]]:
        for start in range(0, len(ids), self.refresh_size):
            part = slice(start, start + self.refresh_size)
            answers = self.graph.batch(steps[part])
            for one, answer in zip(ids[part], answers, strict=True):
                yield one, answer, self.graph.last()

    def _metric_by_metric(self, items: Mapping[str, Item], reading: Reading) -> set[str]:
        """Fill posts up with what Graph gives for each of them; what it gives for none."""
        accepted, refused = self._accepted({one: reading.left() for one in items}, reading)
        self._reread(items, accepted, reading)
        return refused

    def add_insights(
        self, items: Mapping[str, Item], wanted: Mapping[str, tuple[str, ...]], reading: Reading
    ) -> None:
        """Read posts again with further metrics; with those it takes where one refuses some."""
        listed = {one: items[one].get("_metrics", reading.left()) for one in wanted}
        failing = self._reread(items, {one: listed[one] + wanted[one] for one in wanted}, reading)
        accepted, refused = self._accepted({one: wanted[one] for one in failing}, reading)
        reading.refused |= refused
        self._reread(items, {one: listed[one] + new for one, new in accepted.items()}, reading)

    def _reread(
        self, items: Mapping[str, Item], wanted: Mapping[str, tuple[str, ...]], reading: Reading
    ) -> list[str]:
        """Put posts whole, from one reply each, in place of what was known; those refused.

        All figures of a post come from the reply that it names: none is added to another's.
        """
        steps = [Step(one, {"fields": self.fields(metrics)}) for one, metrics in wanted.items()]
        failing: list[str] = []
        for one, answer, raw in self._answers(list(wanted), steps):
            if isinstance(answer, dict):
                if remote_id(answer.get("id")) != one:
                    reading.notes.add(f"Some figures of post {one} were not read.")
                    continue
                items[one].clear()
                items[one].update(answer, _raw=raw[0], _at=raw[1], _metrics=wanted[one])
            elif _is_excused(answer):
                continue
            elif isinstance(answer, GraphRefusal) and answer.is_parameter:
                failing.append(one)
            else:
                reading.notes.add(f"Some figures of post {one} were not read: {answer}")
        return failing

    def _accepted(
        self, wanted: Mapping[str, tuple[str, ...]], reading: Reading
    ) -> tuple[dict[str, tuple[str, ...]], set[str]]:
        """Of each post the metrics that it takes, each asked for alone; what no post takes."""
        pairs = [(one, metric) for one, metrics in wanted.items() for metric in metrics]
        answers = self.graph.batch([Step(f"{one}/insights", {"metric": m}) for one, m in pairs])
        taken: dict[str, tuple[str, ...]] = {}
        for (one, metric), answer in zip(pairs, answers, strict=True):
            if isinstance(answer, dict):
                taken[one] = (*taken.get(one, ()), metric)
            elif not isinstance(answer, GraphRefusal) or not (
                answer.is_parameter or answer.is_ignorable
            ):
                reading.notes.add(f"Some figures of post {one} were not read: {answer}")
        return taken, _refused([metric for _, metric in pairs], answers)


def _is_excused(answer: Item | NetworkError) -> bool:
    """Whether Graph has no such figures of a post and is right (few viewers, too old)."""
    return isinstance(answer, GraphRefusal) and answer.is_ignorable


def _refused(metrics: Sequence[str], answers: Sequence[Item | NetworkError]) -> set[str]:
    """The metrics that got code 100 every time they were asked for."""
    no: set[str] = set()
    fine: set[str] = set()
    for metric, answer in zip(metrics, answers, strict=True):
        refused = isinstance(answer, GraphRefusal) and answer.is_parameter
        (no if refused and not _is_excused(answer) else fine).add(metric)
    return no - fine
