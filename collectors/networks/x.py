"""X: own posts, their counters and followers, through tweepy."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from collectors.networks.base import (
    AccountFigure,
    Charge,
    Credentials,
    Found,
    NetworkError,
    Page,
    PostRecord,
    Tested,
)
from collectors.networks.credentials import as_text
from collectors.networks.cursors import Rounds
from collectors.networks.nothing import ReadsNothing
from collectors.networks.transport import TIMEOUT
from collectors.networks.values import Json, Notes, clean_text, count, mapping, objects, remote_id
from collectors.networks.x_client import XClient
from collectors.networks.x_costs import dearest, post_reads, user_read
from collectors.networks.x_owner import TokenOwner
from collectors.networks.x_parse import PRIVATE, as_user, beside_data, media_kinds, post_record
from collectors.networks.x_words import NOT_OWN, account_gone, can_read
from data.clock import now

POST_FIELDS = [
    "created_at",
    "text",
    "note_tweet",
    "entities",
    "attachments",
    "lang",
    "referenced_tweets",
    "public_metrics",
]
OWN_FIELDS = [*POST_FIELDS, "non_public_metrics"]
EXPANSIONS = {"expansions": ["attachments.media_keys"], "media_fields": ["media_key", "type"]}
#: X's limit is 30 days; an hour less, so that no post crosses it on the way.
PRIVATE_FOR = timedelta(days=30) - timedelta(hours=1)
FIRST_POST_EVER = datetime(2010, 11, 6, tzinfo=UTC)  # X refuses a start_time before
#: Errors of the second look at young posts that do not cost the page itself.
HARMLESS = ("permission", "refused")


class XAdapter(ReadsNothing):
    """One X account. Own posts of the last 30 days also bring clicks, asked for apart."""

    network = "x"
    streams: tuple[str, ...] = ("posts", "refresh", "account")
    refresh_size = 100

    def __init__(
        self,
        credentials: Credentials,
        base_url: str,
        *,
        timeout: tuple[float, float] = TIMEOUT,
        on_token: Callable[[str], None] | None = None,
    ) -> None:
        self._client = XClient(credentials, base_url, timeout, on_token)
        self._owner = TokenOwner()
        self._rounds = Rounds("X")

    def dearest_micros(self, remote_id: str) -> int:
        """A page of 100 posts, or a test with its user reads; own posts at their price."""
        if self._client.transport.loopback:
            return 0
        return dearest(own=self._is_own(remote_id))

    def find(self, handle: str) -> tuple[Found, ...]:
        """The account of that user name (with or without @, or its address) or id."""
        self._client.begin()
        asked = as_user(handle)
        if asked is None:
            return ()
        user = mapping(self._client.call("get_user", **asked).get("data"))
        identity, username = remote_id(user.get("id")), clean_text(user.get("username"))
        if identity is None or not username:
            return ()
        name, cost = clean_text(user.get("name")) or username, self._user_read()
        return (Found("x", username, identity, name, charges=(cost,)),)

    def test(self, remote_id: str) -> Tested:
        """Whether posts, followers and clicks can be read; counts what X lets be read."""
        self._client.begin()
        user = self._whose()
        own = user is not None and user.get("id") == remote_id
        if not own:
            user = self._user(remote_id)
        self._owner.learn(remote_id, own)
        notes = Notes()
        metrics = mapping((user or {}).get("public_metrics"))
        posts = count(metrics.get("tweet_count"), "posts", notes)
        followers = count(metrics.get("followers_count"), "followers", notes)
        page = self._timeline(remote_id, None, None, size=5)
        charges = [self._user_read() for _ in range(1 if own else 2)]
        return Tested(
            can=can_read(posts, len(objects(page.get("data"))), followers, own),
            cannot=() if own else (NOT_OWN,),
            token=self._remember_owner(remote_id) if own else self._client.renewed,
            charges=(*charges, *self._reads(remote_id, objects(page.get("data")))),
        )

    def _remember_owner(self, remote_id: str) -> str | None:
        """The credentials with the owner's id, so that reads of own posts are known as such."""
        if self._client.owner_id == remote_id:
            return self._client.renewed
        self._client.values["user_id"] = remote_id
        return as_text(self._client.values)

    def _whose(self) -> Json | None:
        """The user of the token; None for an app's own token, which is nobody's."""
        try:
            body = self._client.call("get_me", user_fields=["public_metrics"])
        except NetworkError as error:
            if error.reason != "permission":
                raise
            return None
        return mapping(body.get("data"))

    def _user(self, remote_id: str) -> Json:
        body = self._client.call("get_user", id=remote_id, user_fields=["public_metrics"])
        if not mapping(body.get("data")):
            raise account_gone()
        return mapping(body["data"])

    def posts(
        self, remote_id: str, *, cursor: str | None, since: datetime | None, skip: frozenset[str]
    ) -> Page:
        """A page of up to 100 posts of the account, newest first."""
        self._client.begin()
        notes = Notes()
        body = self._timeline(remote_id, cursor, since, size=100)
        items = objects(body.get("data"))
        if beside_data(body, notes).account and not items:
            raise account_gone()
        records = self._records(body, skip, notes)
        records, until = self._with_private(remote_id, records, skip, notes)
        return Page(
            posts=tuple(records),
            raws=self._client.raws(),
            cursor=self._rounds.next(cursor, mapping(body.get("meta")).get("next_token")),
            charges=self._reads(remote_id, items),
            pause_until=until,
            note=notes.text(),
        )

    def _timeline(
        self, remote_id: str, cursor: str | None, since: datetime | None, size: int
    ) -> dict[str, Any]:
        return self._client.call(
            "get_users_tweets",
            remote_id,
            max_results=size,
            pagination_token=cursor,
            start_time=since and max(since, FIRST_POST_EVER),
            tweet_fields=POST_FIELDS,
            **EXPANSIONS,
        )

    def _records(self, body: Json, skip: frozenset[str], notes: Notes) -> list[PostRecord]:
        raw, exchange = self._client.last()
        media, items = media_kinds(body), objects(body.get("data"))
        found = (post_record(item, media, exchange.at, raw, skip, notes) for item in items)
        return [record for record in found if record is not None]

    def _with_private(
        self, owner: str, records: Sequence[PostRecord], skip: frozenset[str], notes: Notes
    ) -> tuple[list[PostRecord], datetime | None]:
        """The records, those of own young posts read anew with clicks; and a pause if asked."""
        young = [
            one.remote_id
            for one in records
            if one.kind != "retweet" and self._is_young(one.published_at)
        ]
        if not young or not self._may_be_own(owner) or set(PRIVATE) <= skip:
            return list(records), self._client.pause()
        try:
            body = self._client.call("get_tweets", young, tweet_fields=OWN_FIELDS, **EXPANSIONS)
        except NetworkError as error:
            if error.reason == "rate_limit":
                return list(records), error.retry_at
            if error.reason not in HARMLESS:
                raise
            self._owner.learn(owner, False)
            notes.add(f"Clicks are missing: {error}")
            return list(records), None
        self._owner.learn_from(owner, body)
        fuller = {one.remote_id: one for one in self._records(body, skip, notes)}
        return [fuller.get(one.remote_id, one) for one in records], self._client.pause()

    def _is_young(self, published_at: datetime) -> bool:
        return self._client.last()[1].at - published_at < PRIVATE_FOR

    def _may_be_own(self, owner: str) -> bool:
        return self._owner.may_be(owner, self._client.owner_id)

    def _is_own(self, owner: str) -> bool:
        return self._owner.surely_is(owner, self._client.owner_id)

    def refresh(
        self, remote_id: str, posts: Mapping[str, datetime], *, skip: frozenset[str]
    ) -> Page:
        """Counters of up to 100 known posts: young ones with clicks, older ones without."""
        self._client.begin()
        notes = Notes()
        clock = now()
        own = self._may_be_own(remote_id) and not set(PRIVATE) <= skip
        young = [i for i, at in posts.items() if own and clock - at < PRIVATE_FOR]
        records: dict[str, PostRecord] = {}
        missing: dict[str, None] = {}
        if young:
            self._lookup(remote_id, young, OWN_FIELDS, skip, notes, records, missing)
        # Young ones that X gave nothing for were withheld with their clicks: ask without.
        rest = [i for i in posts if i not in records and i not in missing]
        until: datetime | None = None
        if rest:
            try:
                self._lookup(remote_id, rest, POST_FIELDS, skip, notes, records, missing)
            except NetworkError as error:
                if error.reason != "rate_limit" or not records:
                    raise
                until = error.retry_at  # what was read (and paid for) is kept
        charges = self._reads(remote_id, [{"id": one} for one in records])
        if posts and len(missing) == len(posts):
            # X says the same of all posts of an account that is closed: then it is the account.
            self._user(remote_id)
            charges = (*charges, self._user_read())
        return Page(
            posts=tuple(records.values()),
            raws=self._client.raws(),
            missing=tuple(missing),
            pause_until=until or self._client.pause(),
            charges=charges,
            note=notes.text(),
        )

    def _lookup(
        self,
        owner: str,
        ids: Sequence[str],
        fields: Sequence[str],
        skip: frozenset[str],
        notes: Notes,
        records: dict[str, PostRecord],
        missing: dict[str, None],
    ) -> None:
        try:
            body = self._client.call(
                "get_tweets", list(ids), tweet_fields=list(fields), **EXPANSIONS
            )
        except NetworkError as error:
            if fields is not OWN_FIELDS or error.reason not in HARMLESS:
                raise
            self._owner.learn(owner, False)
            notes.add(f"Clicks are missing: {error}")
            return
        if fields is OWN_FIELDS:
            self._owner.learn_from(owner, body)
        asked = set(ids)
        missing.update(dict.fromkeys(i for i in beside_data(body, notes).not_found if i in asked))
        for record in self._records(body, skip, notes):
            if record.remote_id in asked:
                records[record.remote_id] = record

    def account(self, remote_id: str, *, since: date, until: date) -> Page:
        """Followers today, the one day that X tells (UTC); nothing, unasked, for other days."""
        self._client.begin()
        if not since <= now().astimezone(UTC).date() <= until:
            return Page()
        user = self._user(remote_id)
        raw, exchange = self._client.last()
        at, notes = exchange.at, Notes()
        counts = mapping(user.get("public_metrics"))
        followers = count(counts.get("followers_count"), "followers", notes)
        figures: list[AccountFigure] = []
        if followers is not None:
            figures.append(AccountFigure(at.date(), "followers", followers, at, raw))
        return Page(
            account=tuple(figures),
            raws=self._client.raws(),
            pause_until=self._client.pause(),
            charges=(self._user_read(),),
            note=notes.text(),
        )

    def _user_read(self) -> Charge:
        return user_read(self._client.transport.loopback)

    def _reads(self, owner: str, items: Iterable[Json]) -> tuple[Charge, ...]:
        return post_reads(items, own=self._is_own(owner), free=self._client.transport.loopback)
