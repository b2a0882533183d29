"""Tokens that end soon: an alert comes 7 days before."""

from datetime import datetime, timedelta

from data import accounts, alerts
from data.session import Session

BEFORE = timedelta(days=7)


def look(session: Session, at: datetime) -> None:
    """Raise, refresh or resolve the alert of every account whose token has an end."""
    for account in accounts.all_accounts(session):
        key = accounts.alert_key(account, "token_ends")
        ends = account.token_ends_at
        if ends is None or ends > at + BEFORE or account.state == "needs_reauth":
            alerts.resolve(session, key)
            continue
        when = f"{ends:%Y-%m-%d}"
        verb = "ended" if ends <= at else "ends"
        alerts.raise_alert(
            session,
            key,
            "warning" if ends > at else "error",
            f"{accounts.label(account)}: its token {verb} on {when}.",
            "Make a new token and paste it on the page Connections.",
            account.id,
        )
