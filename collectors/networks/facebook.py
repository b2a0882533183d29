"""Facebook Pages: published posts with their insights, and the Page's own days."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from collectors.networks.base import Found, NetworkError, Page, PostRecord
from collectors.networks.graph import place_after, place_params
from collectors.networks.graph_metrics import PAGE_DAY, PAGE_POST, current, our_names
from collectors.networks.insights import lifetime
from collectors.networks.meta import counted, missing, why_not
from collectors.networks.meta_days import read_days
from collectors.networks.meta_pages import fitting
from collectors.networks.meta_posts import MetaPosts
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

POST_FIELDS = (
    "id,message,created_time,permalink_url,status_type,shares,"
    "attachments{media_type,type,url,unshimmed_url},"
    "reactions.summary(true).limit(0),comments.summary(true).limit(0)"
)
METRIC_NAMES = our_names(PAGE_POST)
MEDIA_KINDS = {"photo": "photo", "album": "photo", "video": "video", "link": "link"}
OWN_SITES = ("facebook.com", "fb.com", "fbcdn.net", "messenger.com")
LONGEST_SPAN = timedelta(days=89)
MOST_COUNTED = 10  # pages of 100, for the test of a connection


class FacebookAdapter(MetaPosts):
    """One Page. The token is the Page's own, or a user's with a role on it."""

    network = "facebook"
    edge = "published_posts"

    def find(self, handle: str) -> tuple[Found, ...]:
        """Pages by id, user name, name or address; each with its own token."""
        pages = self.pages()
        fits = fitting(handle, pages, lambda one: (one.remote_id, one.username, one.name))
        return tuple(
            Found(
                network=self.network,
                handle=one.username or one.remote_id,
                remote_id=one.remote_id,
                name=one.name,
                token=one.graph.values["access_token"],
            )
            for one in fits
        )

    def look_at(self, remote_id: str, info: TokenInfo) -> tuple[list[str], list[Mapping[str, str]]]:
        """Posts, insights, followers, and whether the token would do for ads."""
        can: list[str] = []
        cannot: list[Mapping[str, str]] = []
        page = self.graph.get(remote_id, fields="name,followers_count,fan_count")
        try:
            number, more = self._count_posts(remote_id)
            can.append(f"read {counted(number, 'post', more)}")
            can.append("read views, reach, clicks and reactions")
            self.graph.get(
                remote_id, self.edge, fields=self.fields(self.group(frozenset())), limit=1
            )
        except NetworkError as error:
            is_whole = not can
            can = can[:1]
            what = "posts" if is_whole else "views, reach and clicks of posts"
            usual = "pages_read_engagement" if is_whole else "read_insights"
            cannot.append(why_not(what, error, usual))
        if page.get("followers_count") is not None or page.get("fan_count") is not None:
            can.append("read followers")
        for what, name in (("insights", "read_insights"), ("ad spend", "ads_read")):
            if info.lacks(name):
                cannot.append(missing(what, (name,)))
        return can, cannot

    def _count_posts(self, page_id: str) -> tuple[int, bool]:
        number, place = 0, None
        for _ in range(MOST_COUNTED):
            body = self.graph.get(page_id, self.edge, fields="id", limit=100, **place_params(place))
            number += len(objects(body.get("data")))
            place = place_after(body)
            if place is None:
                return number, False
        return number, True

    def group(self, skip: frozenset[str]) -> tuple[str, ...]:
        """Every kind of post has the same metrics."""
        return current(PAGE_POST, skip)

    def fields(self, metrics: Sequence[str]) -> str:
        """Text, links, counters and, in the same call, the insights."""
        if not metrics:
            return POST_FIELDS
        return f"{POST_FIELDS},insights.metric({','.join(metrics)}){{name,period,values}}"

    def record(self, item: Json, at: datetime, raw: int, notes: Notes) -> PostRecord | None:
        """One post; totals of reactions, comments and shares where Graph gives them."""
        identity = remote_id(item.get("id"))
        if identity is None:
            notes.add("A post without an id was left out.")
            return None
        moment = published(item.get("created_time"), at, f"Post {identity}", notes)
        if moment is None:
            return None
        text = clean_text(item.get("message"))
        attachments = objects(mapping(item.get("attachments")).get("data"))
        return PostRecord(
            remote_id=identity,
            kind=_kind(item, attachments),
            published_at=moment,
            text=text,
            permalink=optional_text(item.get("permalink_url")),
            links=_links(text, attachments),
            language=None,
            metrics=_counters(item, identity, notes),
            captured_at=at,
            raw=raw,
        )

    def account(self, remote_id: str, *, since: date, until: date) -> Page:
        """The Page's days (Pacific), and its followers."""
        return read_days(self.graph, remote_id, PAGE_DAY, (since, until), LONGEST_SPAN)


def _kind(item: Json, attachments: Sequence[Json]) -> str:
    for attachment in attachments:
        kind = str(attachment.get("media_type") or "").lower()
        return MEDIA_KINDS.get(kind, "post")
    status = str(item.get("status_type") or "")
    by_status = {"added_photos": "photo", "added_video": "video"}
    return by_status.get(status, "post")


def _links(text: str, attachments: Sequence[Json]) -> tuple[str, ...]:
    """Where the post leads to: what is attached, unshortened, then what its text names."""
    links: dict[str, None] = {}
    for attachment in attachments:
        address = clean_text(attachment.get("unshimmed_url")) or clean_text(attachment.get("url"))
        if address and not _is_own(address):
            links[address] = None
    return tuple(links | dict.fromkeys(addresses_in(text)))


def _is_own(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return True
    return any(host == site or host.endswith("." + site) for site in OWN_SITES)


def _counters(item: Json, identity: str, notes: Notes) -> dict[str, int]:
    """Insights first; reactions from the post's own total where no insight tells them."""
    what = f"post {identity}"
    values = lifetime(mapping(item.get("insights")).get("data"), METRIC_NAMES, what, notes)
    for name in ("reactions", "comments"):
        summary = mapping(mapping(item.get(name)).get("summary"))
        number = count(summary.get("total_count"), f"{name} of {what}", notes)
        if number is not None:
            values.setdefault(name, number)
    shares = count(mapping(item.get("shares")).get("count"), f"shares of {what}", notes)
    if shares is not None:
        values["shares"] = shares
    return values
