"""Posts, their counters over time, and the daily rollups that pages read.

The tables that are written in bulk (post_snapshot, post_latest and the totals) have no foreign
keys: `data.rollups` reads the posts of a whole batch at once and refuses one that is missing,
where the database would look up every row again (a third of the time of a snapshot).
"""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from data.models.base import Base, BigKey, UtcDateTime


class RawReply(Base, table=True):
    """One reply of a network, compressed: every figure names the one it came from.

    After 90 days (by default) `body` goes; address, time, API version and hash stay.
    `address` holds no token.
    """

    __tablename__ = "raw_reply"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    account_id: int | None = Field(
        default=None, foreign_key="account.id", index=True, sa_type=BigKey
    )
    network: str
    address: str
    api_version: str
    status: int
    fetched_at: datetime = Field(sa_type=UtcDateTime, index=True)
    sha256: str
    size: int
    body: bytes | None = Field(default=None, sa_type=LargeBinary)  # zlib
    purged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Topic(Base, table=True):
    """A health topic by its English name in lower case."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class Post(Base, table=True):
    """One post. `kind`: post, reply, retweet (of others), photo, link, video, reel, carousel…"""

    __table_args__ = (
        UniqueConstraint("account_id", "remote_id"),
        Index("ix_post_account_id_published_at", "account_id", "published_at"),
        Index("ix_post_published_at", "published_at"),
        Index("ix_post_next_snapshot_at", "next_snapshot_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    account_id: int = Field(foreign_key="account.id", sa_type=BigKey)
    remote_id: str
    kind: str
    published_at: datetime = Field(sa_type=UtcDateTime)
    text: str
    permalink: str | None = None
    links: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    language: str | None = None
    topics_by: str = "match"  # or "person": then collecting again leaves them alone
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)  # the newest reply that described it
    changed_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # gone at the network
    next_snapshot_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    raw_reply_id: int | None = Field(default=None, foreign_key="raw_reply.id", sa_type=BigKey)


class PostTopic(Base, table=True):
    """A post's topic, best first (rank 0 to 2), with the words that decided."""

    __tablename__ = "post_topic"

    post_id: int = Field(foreign_key="post.id", primary_key=True, sa_type=BigKey)
    topic_id: int = Field(foreign_key="topic.id", primary_key=True, index=True)
    rank: int = 0
    words: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class Counters(Base):
    """The counters a network may report of a post. Missing is NULL, never 0.

    The columns are the registry's (`data.metrics.POST_METRICS`), a test holds them equal.
    """

    impressions: int | None = Field(default=None, sa_type=BigKey)
    views: int | None = Field(default=None, sa_type=BigKey)
    reach: int | None = Field(default=None, sa_type=BigKey)
    likes: int | None = Field(default=None, sa_type=BigKey)
    reactions: int | None = Field(default=None, sa_type=BigKey)
    comments: int | None = Field(default=None, sa_type=BigKey)
    replies: int | None = Field(default=None, sa_type=BigKey)
    reposts: int | None = Field(default=None, sa_type=BigKey)
    quotes: int | None = Field(default=None, sa_type=BigKey)
    shares: int | None = Field(default=None, sa_type=BigKey)
    saves: int | None = Field(default=None, sa_type=BigKey)
    bookmarks: int | None = Field(default=None, sa_type=BigKey)
    clicks: int | None = Field(default=None, sa_type=BigKey)
    profile_clicks: int | None = Field(default=None, sa_type=BigKey)
    profile_visits: int | None = Field(default=None, sa_type=BigKey)
    follows: int | None = Field(default=None, sa_type=BigKey)
    watch_time_ms: int | None = Field(default=None, sa_type=BigKey)


class PostSnapshot(Counters, table=True):
    """A post's cumulative counters as one reply gave them. Appended, never changed."""

    __tablename__ = "post_snapshot"
    __table_args__ = (
        Index("ix_post_snapshot_post_id_captured_at", "post_id", "captured_at"),
        {"sqlite_with_rowid": False},
    )

    captured_at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    post_id: int = Field(primary_key=True, sa_type=BigKey)
    raw_reply_id: int | None = Field(default=None, sa_type=BigKey)


class PostLatest(Counters, table=True):
    """A post's newest known counters, metric by metric (an absent one keeps its last value).

    `carried` and `counted` are sets of bits that let a later snapshot be added to the rollups
    without reading the earlier ones (bit n: the n-th name of the registry). `carried`, over
    POST_METRIC_NAMES: the metrics that the snapshot of `captured_at` did not give. `counted`,
    over ROLLUP_METRICS: those to which the post already contributes, on the axis "happened",
    on the practice's day of `captured_at`.
    """

    __tablename__ = "post_latest"

    post_id: int = Field(primary_key=True, sa_type=BigKey)
    captured_at: datetime = Field(sa_type=UtcDateTime)
    raw_reply_id: int | None = Field(default=None, sa_type=BigKey)
    carried: int = Field(default=0, sa_type=BigKey)
    counted: int = Field(default=0, sa_type=BigKey)


class EngagementDaily(Base, table=True):
    """Totals of a day in the practice's zone, on one of the two time axes.

    axis: "published" (newest counters on the day of publication) or "happened"
    (differences between snapshots). `estimated` is the part of `value` that came from a
    difference spread over several days; `posts` counts the posts that contribute.
    """

    __tablename__ = "engagement_daily"
    __table_args__ = ({"sqlite_with_rowid": False},)

    axis: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    account_id: int = Field(primary_key=True, sa_type=BigKey)
    kind: str = Field(primary_key=True)
    metric: str = Field(primary_key=True)
    value: int = Field(sa_type=BigKey)
    estimated: int = Field(default=0, sa_type=BigKey)
    posts: int = 0


class EngagementTopicDaily(Base, table=True):
    """The same by topic. Never summed over topics: a post has up to three."""

    __tablename__ = "engagement_topic_daily"
    __table_args__ = ({"sqlite_with_rowid": False},)

    axis: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    account_id: int = Field(primary_key=True, sa_type=BigKey)
    topic_id: int = Field(primary_key=True)
    metric: str = Field(primary_key=True)
    value: int = Field(sa_type=BigKey)
    estimated: int = Field(default=0, sa_type=BigKey)
    posts: int = 0


class AccountDaily(Base, table=True):
    """An account's own figure of a day (followers, page views…). Meta days are Pacific."""

    __tablename__ = "account_daily"

    account_id: int = Field(foreign_key="account.id", primary_key=True, sa_type=BigKey)
    day: date = Field(primary_key=True)
    metric: str = Field(primary_key=True)
    value: int = Field(sa_type=BigKey)
    captured_at: datetime = Field(sa_type=UtcDateTime)
    raw_reply_id: int | None = Field(default=None, sa_type=BigKey)
