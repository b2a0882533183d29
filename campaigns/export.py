"""A campaign's summary from the database, and as a file in one of the formats."""

import importlib
import re
import unicodedata
from datetime import date

from campaigns import summary as summaries
from campaigns.facts import facts
from campaigns.figures import CampaignSummary, DayValue
from data.errors import Refused
from data.money import to_major
from data.queries.campaign_ads import ad_spend_days
from data.session import Session

#: Format -> module of `campaigns.reports` with `render(summary) -> bytes`.
RENDERERS = {"pdf": "pdf", "xlsx": "xlsx", "csv": "csv"}
LATER = ("pptx", "html")


def summary(session: Session, campaign_id: int, today: date) -> CampaignSummary:
    """The one tidy summary that pages, reports and commands show; Refused for an unknown id."""
    about, posts, ads = facts(session, campaign_id, today)
    spent = [
        DayValue(day, f"paid {currency}", "spend", to_major(minor, currency), currency)
        for day, currency, minor in ad_spend_days(session, campaign_id)
    ]
    return summaries.summarise(about, posts, ads, today=today, days=spent)


def render(session: Session, campaign_id: int, format: str, today: date) -> tuple[str, bytes]:
    """(file name, content) of the summary. Refused for a format that is not there."""
    form = checked_format(format)
    found = summary(session, campaign_id, today)
    renderer = importlib.import_module(f"campaigns.reports.{RENDERERS[form]}")
    return f"{slug(found.facts.name)}-{today.isoformat()}.{form}", renderer.render(found)


def checked_format(format: str) -> str:
    """The format in lower case; Refused where it cannot be written (yet)."""
    form = format.strip().lower().removeprefix(".")
    if form in RENDERERS:
        return form
    known = ", ".join(RENDERERS)
    if form in LATER:
        raise Refused(f"A summary as {form} is not yet possible.", f"Choose one of {known}.")
    raise Refused(f"{format!r} is no format of a summary.", f"Choose one of {known}.")


def slug(name: str) -> str:
    """A name as a file name: plain letters, figures and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "campaign"
