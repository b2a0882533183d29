"""The tables. Import them from here."""

from data.models.accounts import ACCOUNT_STATES, Account, ApiSpend, StreamState
from data.models.ads import AdDaily, AdObject
from data.models.base import Base, UtcDateTime, to_micros
from data.models.campaigns import Campaign, CampaignAds, CampaignLabel, CampaignPost, CampaignUtm
from data.models.imports import ImportedFile, PublicTelehealth
from data.models.portal import PortalCell, PortalMapping, PortalRelease, PrivacyLedger
from data.models.posts import (
    AccountDaily,
    Counters,
    EngagementDaily,
    EngagementTopicDaily,
    Post,
    PostLatest,
    PostSnapshot,
    PostTopic,
    RawReply,
    Topic,
)
from data.models.practice import Practice
from data.models.work import WORK_STATES, Alert, AuditEvent, Request, WorkerHeartbeat, WorkItem

__all__ = [
    "ACCOUNT_STATES",
    "WORK_STATES",
    "Account",
    "AccountDaily",
    "AdDaily",
    "AdObject",
    "Alert",
    "ApiSpend",
    "AuditEvent",
    "Base",
    "Campaign",
    "CampaignAds",
    "CampaignLabel",
    "CampaignPost",
    "CampaignUtm",
    "Counters",
    "EngagementDaily",
    "EngagementTopicDaily",
    "ImportedFile",
    "PortalCell",
    "PortalMapping",
    "PortalRelease",
    "Post",
    "PostLatest",
    "PostSnapshot",
    "PostTopic",
    "Practice",
    "PrivacyLedger",
    "PublicTelehealth",
    "RawReply",
    "Request",
    "StreamState",
    "Topic",
    "UtcDateTime",
    "WorkItem",
    "WorkerHeartbeat",
    "to_micros",
]
