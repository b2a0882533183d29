"""Instagram business accounts: media and stories with insights by kind, and account days."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain

from collectors.networks.base import AccountFigure, Found, NetworkError, Page, PostRecord
from collectors.networks.graph import Step
from collectors.networks.graph_errors import GraphRefusal
from collectors.networks.graph_metrics import (
    MEDIA,
    MEDIA_DAY,
    MEDIA_DAY_TOTAL,
    current,
    of_every_kind,
    of_kind,
    our_names,
)
from collectors.networks.insights import PACIFIC, days, lifetime, midnight, whole
from collectors.networks.meta import counted, missing, why_not
from collectors.networks.meta_days import Days, collect, stretches
from collectors.networks.meta_pages import FoundPage, fitting
from collectors.networks.meta_posts import Item, MetaPosts, Reading
from collectors.networks.meta_token import TokenInfo
from collectors.networks.values import (
    Json,
    Notes,
    addresses_in,
    clean_text,
    count,
    mapping,
    objects,
    optional_text,
    published,
    remote_id,
)
from data.clock import now

MEDIA_FIELDS = (
    "id,caption,timestamp,permalink,media_type,media_product_type,like_count,comments_count"
)
METRIC_NAMES = our_names(MEDIA)
LONGEST_SPAN = timedelta(days=30)
#: New followers are to be had for the last 30 days only; older days refuse the whole request.
FOLLOWS_FOR = timedelta(days=29)
WITHOUT_FOLLOWS = tuple(m for m in MEDIA_DAY if m.name != "follower_count")


class InstagramAdapter(MetaPosts):
    """One Instagram account, read with the token of the Page it belongs to."""

    network = "instagram"
    edge = "media"

    def find(self, handle: str) -> tuple[Found, ...]:
        """The accounts behind the token's Pages, by user name, name, id or address."""
        accounts = [(page, self._profile(page)) for page in self.pages() if page.instagram]
        known = [(page, one) for page, one in accounts if remote_id(one.get("id"))]
        fits = fitting(handle, known, lambda pair: _names(pair[1]))
        return tuple(
            Found(
                network=self.network,
                handle=clean_text(one.get("username")) or str(one["id"]),
                remote_id=str(one["id"]),
                name=clean_text(one.get("name")) or clean_text(one.get("username")),
                token=page.graph.values["access_token"],
            )
            for page, one in fits
        )

    def _profile(self, page: FoundPage) -> Json:
        if page.instagram.get("username"):
            return page.instagram
        identity = remote_id(page.instagram.get("id"))
        return page.graph.get(identity, fields="id,username,name") if identity else {}

    def look_at(self, remote_id: str, info: TokenInfo) -> tuple[list[str], list[Mapping[str, str]]]:
        """Media, insights, followers, and whether the token would do for ads."""
        can: list[str] = []
        cannot: list[Mapping[str, str]] = []
        try:
            profile = self.graph.get(remote_id, fields="username,media_count,followers_count")
            self.graph.get(remote_id, self.edge, fields=self.fields(()), limit=1)
        except NetworkError as error:
            return can, [why_not("posts", error, "instagram_basic")]
        number = count(profile.get("media_count"), "posts", Notes()) or 0
        can.append(f"read {counted(number, 'post')}")
        if profile.get("followers_count") is not None:
            can.append("read followers")
        try:
            self.graph.get(
                remote_id, self.edge, fields=self.fields(self.group(frozenset())), limit=1
            )
            can.append("read views, reach, saves and shares")
        except NetworkError as error:
            cannot.append(why_not("views and reach", error, "instagram_manage_insights"))
        if info.lacks("ads_read"):
            cannot.append(missing("ad spend", ("ads_read",)))
        return can, cannot

    def group(self, skip: frozenset[str]) -> tuple[str, ...]:
        """What every listed media has, whatever its kind."""
        return current(of_every_kind(MEDIA), skip)

    def fields(self, metrics: Sequence[str]) -> str:
        """Caption, counts and, in the same call, the insights that every kind has."""
        if not metrics:
            return MEDIA_FIELDS
        return f"{MEDIA_FIELDS},insights.metric({','.join(metrics)}){{name,period,values}}"

    def posts(
        self, remote_id: str, *, cursor: str | None, since: datetime | None, skip: frozenset[str]
    ) -> Page:
        """A page of media, newest first; before the first one the stories of the last 24 h."""
        page = super().posts(remote_id, cursor=cursor, since=since, skip=skip)
        return page if cursor is not None else self._with_stories(remote_id, page, skip)

    def _with_stories(self, owner: str, page: Page, skip: frozenset[str]) -> Page:
        reading = Reading(())
        try:
            body = self.graph.get(owner, "stories", fields=MEDIA_FIELDS)
        except NetworkError as error:
            if error.reason in ("token", "rate_limit", "network"):
                raise
            note = f"{page.note or ''} Stories were not read: {error}".strip()
            return replace(page, raws=self.graph.raws(), note=note)
        raw, at = self.graph.last()
        stories = [dict(one) for one in objects(body.get("data"))]
        if not stories:
            return replace(page, raws=self.graph.raws())
        _call_stories(stories)
        self.complete(stories, reading, skip)
        _call_stories(stories)
        extra = self._page(stories, at, raw, reading, None)
        return replace(
            page,
            posts=(*extra.posts, *page.posts),
            raws=self.graph.raws(),
            unavailable=tuple(sorted({*page.unavailable, *extra.unavailable})),
            pause_until=self.graph.pause(),
            note=" ".join(one for one in (page.note, extra.note) if one) or None,
        )

    def complete(self, items: Sequence[Item], reading: Reading, skip: frozenset[str]) -> None:
        """The metrics that only one kind of media has: those media are read again, by batch."""
        if reading.withheld:
            return
        wanted: dict[str, tuple[str, ...]] = {}
        for item in items:
            metrics = current(of_kind(MEDIA, metric_kind(item)), skip | reading.refused)
            identity = remote_id(item.get("id"))
            if metrics and identity:
                wanted[identity] = metrics
        by_id = {str(item.get("id")): item for item in items}
        self.add_insights(by_id, wanted, reading)

    def record(self, item: Json, at: datetime, raw: int, notes: Notes) -> PostRecord | None:
        """One media; a hidden like count is absent."""
        identity = remote_id(item.get("id"))
        if identity is None:
            notes.add("A post without an id was left out.")
            return None
        moment = published(item.get("timestamp"), at, f"Post {identity}", notes)
        if moment is None:
            return None
        what, text = f"post {identity}", clean_text(item.get("caption"))
        values = lifetime(mapping(item.get("insights")).get("data"), METRIC_NAMES, what, notes)
        for name, theirs in (("likes", "like_count"), ("comments", "comments_count")):
            number = count(item.get(theirs), f"{name} of {what}", notes)
            if number is not None:
                values[name] = number
        return PostRecord(
            remote_id=identity,
            kind=kind_of(item),
            published_at=moment,
            text=text,
            permalink=optional_text(item.get("permalink")),
            links=tuple(dict.fromkeys(addresses_in(text))),
            language=None,
            metrics=values,
            captured_at=at,
            raw=raw,
        )

    def account(self, remote_id: str, *, since: date, until: date) -> Page:
        """Reach, views and new followers by complete Pacific day, and followers today."""
        self.graph.begin()
        found = Days(self.graph)
        today = now().astimezone(PACIFIC).date()
        span = (since, min(until, today - timedelta(days=1)))
        edge = today - FOLLOWS_FOR
        for part in chain(
            stretches((span[0], min(span[1], edge - timedelta(days=1))), LONGEST_SPAN),
            stretches((max(span[0], edge), span[1]), LONGEST_SPAN),
        ):
            collect(found, remote_id, MEDIA_DAY if part[0] >= edge else WITHOUT_FOLLOWS, part)
        if span[0] <= span[1]:
            _add_views(found, remote_id, span)
        if since <= today <= until:
            _add_followers(found, remote_id, today)
        return found.page()


def _add_views(found: Days, owner: str, span: tuple[date, date]) -> None:
    """Views come as one total for a range: a day is asked for each, 50 in one request."""
    wanted = list(days(span))
    for metric in MEDIA_DAY_TOTAL:
        for start in range(0, len(wanted), 50):
            part = wanted[start : start + 50]
            steps = [Step(f"{owner}/insights", _of_day(metric.name, day)) for day in part]
            answers = found.graph.batch(steps)
            raw, at = found.graph.last()
            for day, answer in zip(part, answers, strict=True):
                if isinstance(answer, dict):
                    value = whole(answer.get("data"), metric.name, found.notes)
                    if value is not None and metric.ours:
                        figure = AccountFigure(day, metric.ours, value, at, raw)
                        found.figures.append(figure)
                elif isinstance(answer, GraphRefusal) and answer.is_parameter:
                    found.refused.add(metric.name)
                else:
                    found.notes.add(f"Views by day were not read: {answer}")


def _of_day(metric: str, day: date) -> dict[str, str | int]:
    return {
        "metric": metric,
        "period": "day",
        "metric_type": "total_value",
        "since": midnight(day),
        "until": midnight(day + timedelta(days=1)),
    }


def _add_followers(found: Days, owner: str, today: date) -> None:
    profile = found.graph.get(owner, fields="followers_count")
    raw, at = found.graph.last()
    followers = count(profile.get("followers_count"), "followers", found.notes)
    if followers is not None:
        found.figures.append(AccountFigure(today, "followers", followers, at, raw))


def _call_stories(items: Sequence[Item]) -> None:
    """The list of stories is what says that they are some."""
    for item in items:
        item.setdefault("media_product_type", "STORY")


def _names(one: Json) -> tuple[str | None, ...]:
    return (
        clean_text(one.get("username")) or None,
        clean_text(one.get("name")) or None,
        remote_id(one.get("id")),
    )


def metric_kind(item: Json) -> str:
    """Which metrics a media has, by Meta's own words for its kind."""
    product = str(item.get("media_product_type") or "")
    if product in ("REELS", "STORY"):
        return product
    if item.get("media_type") == "CAROUSEL_ALBUM":
        return "CAROUSEL"
    return "FEED" if item.get("media_type") == "IMAGE" else "OTHER"


def kind_of(item: Json) -> str:
    """The kind as people call it."""
    names = {"REELS": "reel", "STORY": "story", "CAROUSEL": "carousel", "FEED": "photo"}
    return names.get(metric_kind(item), "video" if item.get("media_type") == "VIDEO" else "post")
