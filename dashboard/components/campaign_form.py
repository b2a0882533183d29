"""The form by which a campaign is added or changed, in a drawer at the side."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import streamlit as st

from dashboard.components import db, frame
from data import campaigns
from data.errors import Refused
from data.models import Practice
from data.money import to_major, to_minor
from data.queries.campaigns import Links, links_of

CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD", "NZD", "CHF", "SEK", "NOK", "DKK", "MXN", "BRL",
              "INR", "JPY", "ZAR")  # fmt: skip


@dataclass(frozen=True)
class Start:
    """What the form begins with."""

    fields: campaigns.Fields
    ads: tuple[str, ...] = ()


@st.dialog("Add a campaign", width="medium", position="right", icon=":material/campaign:")
def add(practice: Practice) -> None:
    """Ask for a new campaign; on success the page shows it."""
    today = db.today(practice)
    start = campaigns.Fields(
        name="", starts_on=today, ends_on=today + timedelta(days=27), currency=practice.currency
    )
    fields = _form(start, Links((), (), (), frozenset(), frozenset()), practice, "Add campaign")
    if fields is None:
        return
    try:
        with db.write() as session:
            made = campaigns.add(session, **vars(fields))
    except Refused as refusal:
        frame.failed(refusal)
        return
    _show(made.id)


@st.dialog("Change the campaign", width="medium", position="right", icon=":material/edit:")
def change(campaign_id: int, practice: Practice) -> None:
    """Ask for changes, or for its removal."""
    with db.read() as session:
        one = campaigns.get(session, campaign_id)
        links = links_of(session, campaign_id)
    start = campaigns.Fields(
        name=one.name,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        goal=one.goal,
        budget_minor=one.budget_minor,
        currency=one.currency or practice.currency,
    )
    fields = _form(start, links, practice, "Save")
    if fields is not None:
        try:
            with db.write() as session:
                campaigns.update(session, campaign_id, fields)
        except Refused as refusal:
            frame.failed(refusal)
        else:
            _show(campaign_id)
    with st.expander("Remove this campaign"):
        st.caption("Its name, dates and rules go. Its posts, ads and their figures stay.")
        if st.button("Remove", icon=":material/delete:", key="campaign-remove"):
            with db.write() as session:
                campaigns.remove(session, campaign_id)
            _show(None)


def _form(
    start: campaigns.Fields, links: Links, practice: Practice, submit: str
) -> campaigns.Fields | None:
    """The fields once submitted; Refused sentences are shown by the caller."""
    known = _ad_campaigns()
    with st.form("campaign-form", border=False):
        name = st.text_input("Name", start.name, max_chars=campaigns.NAME_LENGTH, required=True)
        days = st.date_input(
            "First and last day", (start.starts_on, start.ends_on), format="YYYY-MM-DD",
            help=f"Days of {practice.zone}, both included",
        )  # fmt: skip
        goal = st.text_area(
            "Goal, in words", start.goal or "", height=80, max_chars=400,
            placeholder="200 flu shots booked before December",
        )  # fmt: skip
        budget, currency = _budget(start, practice)
        labels, utms, ads = _belonging(links, known)
        if not st.form_submit_button(submit, type="primary"):
            return None
    first, last = both_days(days)
    return campaigns.Fields(
        name=name or "",
        starts_on=first,
        ends_on=last,
        goal=goal,
        budget_minor=amount(budget, currency),
        currency=currency,
        labels=tuple(labels),
        utms=tuple(utms),
        ads=tuple(known[label] for label in ads),
    )


def _ad_campaigns() -> dict[str, str]:
    """What is shown of each ad campaign, with its id at the network."""
    with db.read() as session:
        return {
            f"{name} · {remote_id}": remote_id
            for remote_id, name, _ in campaigns.ad_campaigns(session)
        }


def _budget(start: campaigns.Fields, practice: Practice) -> tuple[str, str]:
    """The amount as written, and its currency."""
    usual = start.currency or practice.currency
    left, right = st.columns([2, 1])
    shown = to_major(start.budget_minor, start.currency) if start.budget_minor else None
    budget = left.text_input(
        "Budget (may stay empty)", "" if shown is None else f"{shown:f}", placeholder="500.00",
        validate=(r"^\s*([0-9]{1,9}([.][0-9]{1,3})?)?\s*$", "An amount such as 500.00"),
    )  # fmt: skip
    options = sorted({*CURRENCIES, practice.currency, usual})
    currency = right.selectbox("Currency", options, index=options.index(usual))
    return budget or "", currency or practice.currency


def _belonging(links: Links, known: dict[str, str]) -> tuple[list[str], list[str], list[str]]:
    """Labels, utm_campaigns and shown ad campaigns by which posts and ads belong."""
    st.markdown("**Which posts belong**")
    labels = st.multiselect(
        "Labels in the text", list(links.labels), default=list(links.labels),
        accept_new_options=True, placeholder="Type #FluSeason and press Enter",
        help="Posts within the dates that hold the label as a whole tag or word",
    )  # fmt: skip
    utms = st.multiselect(
        "utm_campaign in links", list(links.utms), default=list(links.utms),
        accept_new_options=True, placeholder="Type flu-2026 and press Enter",
        help="Posts within the dates, one of whose links carries it",
    )  # fmt: skip
    chosen = {remote_id for remote_id, _ in links.ads}
    ads = st.multiselect(
        "Ad campaigns", list(known), placeholder="None",
        default=[label for label, remote_id in known.items() if remote_id in chosen],
    )  # fmt: skip
    return labels, utms, ads


def both_days(picked: date | tuple[date, ...]) -> tuple[date, date]:
    """First and last day of what the calendar gives: one day alone is both."""
    days = picked if isinstance(picked, tuple) else (picked,)
    return (days[0], days[-1]) if days else (date.today(), date.today())


def amount(text: str, currency: str) -> int | None:
    """ "500.00" as minor units; None where it is empty (the field lets nothing else pass)."""
    plain = text.strip()
    return to_minor(Decimal(plain), currency) if plain else None


def _show(campaign_id: int | None) -> None:
    """Close the drawer on the campaign, or on the list."""
    if campaign_id is None:
        st.query_params.pop("campaign", None)
    else:
        st.query_params["campaign"] = str(campaign_id)
    st.session_state.pop("campaigns-picked", None)
    st.rerun()
