"""Rows of ad insights as figures: strings to numbers, money to minor units, results by goal."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from collectors.networks.base import AdFigure
from collectors.networks.values import (
    LARGEST_COUNT,
    Json,
    Notes,
    clean_text,
    count,
    objects,
    optional_text,
    remote_id,
)
from data.money import to_minor

#: The windows in which Meta counts an action as an ad's; `value` is what these come to.
WINDOWS = ("1d_click", "7d_click", "1d_view")
DEFAULT_WINDOW = "7 days after a click, 1 day after a view"
#: Goal of a campaign -> the actions that are its results, the first one there counts. Goals of
#: awareness have no action: their results are people reached, which no day's row adds up to.
RESULTS: Mapping[str, tuple[str, ...]] = {
    "OUTCOME_LEADS": ("lead", "onsite_conversion.lead_grouped", "offsite_conversion.fb_pixel_lead"),
    "LEAD_GENERATION": ("lead", "onsite_conversion.lead_grouped"),
    "OUTCOME_TRAFFIC": ("link_click",),
    "LINK_CLICKS": ("link_click",),
    "OUTCOME_ENGAGEMENT": ("post_engagement",),
    "POST_ENGAGEMENT": ("post_engagement",),
    "PAGE_LIKES": ("like",),
    "VIDEO_VIEWS": ("video_view",),
    "MESSAGES": ("onsite_conversion.messaging_conversation_started_7d",),
    "OUTCOME_SALES": ("purchase", "omni_purchase", "offsite_conversion.fb_pixel_purchase"),
    "CONVERSIONS": ("purchase", "lead", "offsite_conversion.fb_pixel_purchase"),
    "OUTCOME_APP_PROMOTION": ("app_install", "mobile_app_install"),
    "APP_INSTALLS": ("app_install", "mobile_app_install"),
}


def ad_figure(
    row: Json, currency: str | None, at: datetime, raw: int, notes: Notes
) -> AdFigure | None:
    """One ad on one day; None with a note where ad, day or currency cannot be read."""
    ad, day = remote_id(row.get("ad_id")), _day(row.get("date_start"))
    money = optional_text(row.get("account_currency")) or currency
    if ad is None or day is None or money is None:
        notes.add("An ad's row without id, day or currency was left out.")
        return None
    what = f"ad {ad} on {day}"
    results, result_type = _results(row, what, notes)
    return AdFigure(
        day=day,
        ad_id=ad,
        ad_name=clean_text(row.get("ad_name")) or ad,
        adset_id=remote_id(row.get("adset_id")),
        adset_name=optional_text(row.get("adset_name")),
        campaign_id=remote_id(row.get("campaign_id")),
        campaign_name=optional_text(row.get("campaign_name")),
        currency=money,
        spend_minor=spend_minor(row.get("spend"), money, what, notes),
        impressions=count(row.get("impressions"), f"impressions of {what}", notes),
        reach=count(row.get("reach"), f"reach of {what}", notes),
        clicks=count(row.get("clicks"), f"clicks of {what}", notes),
        link_clicks=count(row.get("inline_link_clicks"), f"link clicks of {what}", notes),
        results=results,
        result_type=result_type,
        actions=tuple(_as_text(one) for one in objects(row.get("actions"))),
        captured_at=at,
        raw=raw,
    )


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def spend_minor(value: object, currency: str, what: str, notes: Notes) -> int | None:
    """An amount in minor units of its currency ("12.34" USD: 1234, "1200" JPY: 1200)."""
    if value is None:
        return None
    try:
        amount = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    # Compared before it is scaled: 1e999999 would take all memory to write out.
    if not amount.is_finite() or not 0 <= amount <= LARGEST_COUNT // 1000:
        notes.add(f"An impossible amount spent for {what} was left out.")
        return None
    return to_minor(amount, currency)


def _results(row: Json, what: str, notes: Notes) -> tuple[int | None, str | None]:
    """Results by the campaign's goal, with the action and window they are counted by.

    No action of that type in the row: Meta leaves out what did not happen, and what it does
    not know yet. It stays missing.
    """
    wanted = RESULTS.get(str(row.get("objective") or ""), ())
    values = {str(one.get("action_type")): one.get("value") for one in objects(row.get("actions"))}
    for name in wanted:
        if name in values:
            return count(values[name], f"results of {what}", notes), result_name(name)
    return None, result_name(wanted[0]) if wanted else None


def result_name(action: str) -> str:
    """An action with the window that its number is counted by."""
    return f"{action} ({DEFAULT_WINDOW})"


def _as_text(action: Json) -> dict[str, str]:
    """An action's type, number and number by window, as Meta wrote them."""
    names = ("action_type", "value", *WINDOWS)
    return {name: clean_text(str(action[name])) for name in names if action.get(name) is not None}
