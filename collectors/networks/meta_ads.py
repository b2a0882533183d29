"""Meta ads: figures by ad and day, in the ad account's own zone and currency."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from collectors.networks.ads_parse import WINDOWS, ad_figure
from collectors.networks.base import AdFigure, Found, NetworkError, Page
from collectors.networks.cursors import Rounds
from collectors.networks.graph import place_after, place_params
from collectors.networks.graph_errors import TOO_MUCH_DATA, GraphRefusal
from collectors.networks.meta import MetaAdapter, why_not
from collectors.networks.meta_pages import fitting, listed
from collectors.networks.meta_token import TokenInfo
from collectors.networks.values import Json, Notes, clean_text, objects, optional_text, remote_id
from data.clock import now

ACCOUNT_FIELDS = "id,account_id,name,currency,timezone_name"
INSIGHT_FIELDS = (
    "campaign_id,campaign_name,objective,adset_id,adset_name,ad_id,ad_name,impressions,reach,"
    "clicks,inline_link_clicks,spend,actions,action_values,cost_per_action_type,account_currency"
)
ROWS = 500
MONTHS_KEPT = 37
POLLS = 3  # a report that is not done by then is looked at again later
POLL_AGAIN = timedelta(seconds=20)
DONE, FORGOTTEN = "Job Completed", "Job Forgotten"
FAILED = ("Job Failed", "Job Skipped", FORGOTTEN)
MOST_REPORTS = 3


@dataclass(frozen=True)
class Place:
    """Where reading stands: rows of `since`..`until` after `after`; `report` once one runs.

    The rest of the range, older than `since`, comes afterwards.
    """

    since: date
    until: date
    after: str | None = None
    report: str | None = None
    tries: int = 0

    def text(self) -> str:
        """As a cursor."""
        return json.dumps(asdict(self), default=str, sort_keys=True)


class MetaAdsAdapter(MetaAdapter):
    """One ad account. The token is a user's with `ads_read`."""

    network = "meta_ads"
    streams: tuple[str, ...] = ("ads",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._rounds = Rounds(self.graph.label)
        self._accounts: dict[str, Json] = {}
        self._asked: str | None = None

    def find(self, handle: str) -> tuple[Found, ...]:
        """Ad accounts by `act_…`, number or name."""
        graph = self.long_graph()
        rows = listed(graph, "me", "adaccounts", fields=ACCOUNT_FIELDS)
        known = [row for row in rows if remote_id(row.get("id"))]
        fits = fitting(handle, known, lambda row: _names(row))
        token = graph.values["access_token"]
        return tuple(_found(row, token) for row in fits)

    def look_at(self, remote_id: str, info: TokenInfo) -> tuple[list[str], list[Mapping[str, str]]]:
        """Whether spend and figures of ads can be read."""
        try:
            account = self.graph.get(remote_id, fields=ACCOUNT_FIELDS)
            self.graph.get(remote_id, "insights", fields="impressions,spend", limit=1)
        except NetworkError as error:
            return [], [why_not("ad spend", error, "ads_read")]
        if info.lacks("ads_read") and info.lacks("ads_management"):
            return [], [{"what": "ad spend", "why": "permission ads_read is missing"}]
        money = optional_text(account.get("currency")) or "the account's currency"
        zone = optional_text(account.get("timezone_name")) or "the account's time zone"
        return [f"read ad spend in {money}, by days of {zone}", "read results of ads"], []

    def ads(self, remote_id: str, *, since: date, until: date, cursor: str | None) -> Page:
        """A page of rows, newest stretch of days first.

        Where Meta finds a stretch too large it is halved, down to a day; a day that is still
        too large is read by a report, which is looked at again after `pause_until`.
        """
        self.graph.begin()
        self._asked = cursor
        notes = Notes()
        first = self._first_day(remote_id, since, notes)
        if first > until:
            return self._page((), None, notes)
        place = _place(cursor) or Place(first, until)
        place = replace(place, since=max(place.since, first))
        if place.report is not None:
            return self._from_report(remote_id, place, first, notes)
        return self._directly(remote_id, place, first, notes)

    def _first_day(self, account_id: str, since: date, notes: Notes) -> date:
        """Not before the 37 months that Meta keeps, by the account's own calendar."""
        zone = optional_text(self._account(account_id).get("timezone_name"))
        today = now().astimezone(_zone(zone)).date()
        oldest = oldest_day(today)
        if since < oldest:
            notes.add(f"Meta keeps {MONTHS_KEPT} months of ad figures: none before {oldest}.")
        return max(since, oldest)

    def _account(self, account_id: str) -> Json:
        """Zone and currency of the account, asked for once."""
        if account_id not in self._accounts:
            self._accounts[account_id] = self.graph.get(account_id, fields=ACCOUNT_FIELDS)
        return self._accounts[account_id]

    def _directly(self, account_id: str, place: Place, first: date, notes: Notes) -> Page:
        body = self._try(account_id, place)
        while body is None and place.since < place.until:
            place = _halved(place)
            body = self._try(account_id, place)
        if body is None:
            return self._begin_report(account_id, place, notes)
        return self._rows(account_id, body, place, first, notes)

    def _try(self, account_id: str, place: Place) -> Json | None:
        """The rows; None where Meta finds that too much at once."""
        try:
            return self.graph.get(
                account_id, "insights", **_query(place), limit=ROWS, **place_params(place.after)
            )
        except GraphRefusal as error:
            if error.code != TOO_MUCH_DATA or place.after is not None:
                raise
            return None

    def _rows(self, account_id: str, body: Json, place: Place, first: date, notes: Notes) -> Page:
        raw, at = self.graph.last()
        currency = optional_text(self._account(account_id).get("currency"))
        found = (ad_figure(row, currency, at, raw, notes) for row in objects(body.get("data")))
        figures = tuple(one for one in found if one is not None)
        after = place_after(body)
        following = replace(place, after=after) if after else _older(place, first)
        cursor = self._rounds.next(self._asked, following.text() if following else None)
        return self._page(figures, cursor, notes)

    def _page(
        self,
        figures: tuple[AdFigure, ...],
        cursor: str | None,
        notes: Notes,
        pause: datetime | None = None,
    ) -> Page:
        return Page(
            ads=figures,
            raws=self.graph.raws(),
            cursor=cursor,
            pause_until=pause or self.graph.pause(),
            note=notes.text(),
        )

    def _begin_report(self, account_id: str, place: Place, notes: Notes) -> Page:
        body = self.graph.post(account_id, "insights", **_query(place), is_async="true", limit=ROWS)
        report = remote_id(body.get("report_run_id"))
        if report is None:
            raise NetworkError(
                "Meta ads did not begin the report that was asked for.",
                reason="bad_reply",
                permanent=False,
            )
        begun = replace(place, report=report, after=None, tries=place.tries + 1)
        return self._page((), begun.text(), notes, pause=now() + POLL_AGAIN)

    def _from_report(self, account_id: str, place: Place, first: date, notes: Notes) -> Page:
        status = DONE if place.after is not None else self._status(str(place.report))
        if status in FAILED:
            return self._again_or_on(account_id, place, first, notes, status)
        if status != DONE:
            return self._page((), place.text(), notes, pause=now() + POLL_AGAIN)
        body = self.graph.get(
            str(place.report), "insights", limit=ROWS, **place_params(place.after)
        )
        return self._rows(account_id, body, place, first, notes)

    def _status(self, report: str) -> str:
        """How far the report is, looked at a few times at once; a forgotten one has failed."""
        status = ""
        for _ in range(POLLS):
            try:
                body = self.graph.get(report, fields="async_status,async_percent_completion")
            except GraphRefusal as error:
                if error.reason != "gone":
                    raise
                return FORGOTTEN
            status = str(body.get("async_status"))
            if status == DONE or status in FAILED:
                break
        return status

    def _again_or_on(
        self, account_id: str, place: Place, first: date, notes: Notes, status: str
    ) -> Page:
        """A new report, a few times; then the days before, so that one day blocks no other."""
        if place.tries < MOST_REPORTS:
            return self._begin_report(account_id, place, notes)
        notes.add(
            f"Ad figures of {place.until} are missing: Meta's report on them failed "
            f"{place.tries} times ({status}). They are asked for again when that day is due anew."
        )
        following = _older(place, first)
        return self._page((), following.text() if following else None, notes)


def _query(place: Place) -> dict[str, str | int]:
    span = {"since": place.since.isoformat(), "until": place.until.isoformat()}
    return {
        "level": "ad",
        "fields": INSIGHT_FIELDS,
        "time_increment": 1,
        "time_range": json.dumps(span),
        "action_attribution_windows": json.dumps(list(WINDOWS)),
    }


def _halved(place: Place) -> Place:
    """The newer half; the older one follows."""
    middle = (place.until - place.since).days // 2
    return replace(place, since=place.until - timedelta(days=middle))


def _older(place: Place, first: date) -> Place | None:
    """The stretch before this one, twice as long: what was too large may not be so any more."""
    if place.since <= first:
        return None
    until = place.since - timedelta(days=1)
    length = (place.until - place.since).days + 1
    return Place(max(first, until - timedelta(days=2 * length - 1)), until)


def _place(cursor: str | None) -> Place | None:
    try:
        kept = json.loads(cursor or "null")
        if not isinstance(kept, dict):
            return None
        return Place(
            since=date.fromisoformat(kept["since"]),
            until=date.fromisoformat(kept["until"]),
            after=kept.get("after"),
            report=kept.get("report"),
            tries=int(kept.get("tries", 0)),
        )
    except (ValueError, KeyError, TypeError):
        return None


def oldest_day(today: date) -> date:
    """The first day that Meta still gives: a day less than 37 months ago."""
    months = today.year * 12 + today.month - 1 - MONTHS_KEPT
    begin = date(months // 12, months % 12 + 1, 1)
    return begin + timedelta(days=min(today.day, 28))


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _names(row: Json) -> tuple[str | None, ...]:
    number = clean_text(row.get("account_id")) or str(row["id"]).removeprefix("act_")
    return str(row["id"]), number, clean_text(row.get("name")) or None


def _found(row: Json, token: str) -> Found:
    identity = str(row["id"])
    return Found(
        network="meta_ads",
        handle=identity,
        remote_id=identity,
        name=clean_text(row.get("name")) or identity,
        token=token,
        zone=optional_text(row.get("timezone_name")),
        currency=optional_text(row.get("currency")),
    )
