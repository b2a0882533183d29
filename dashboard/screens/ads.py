"""Ads: what they cost and brought, by campaign, ad set, ad and day. Currencies stay apart."""

from datetime import date

import pandas as pd
import streamlit as st

from campaigns.facts import facts
from campaigns.summary import pace, state
from dashboard import formats
from dashboard.components import ad_tables, chart, db, frame, pacing, period
from dashboard.figures import ads as drawn
from dashboard.filters import Filters
from data import campaigns
from data.models import Practice
from data.queries import ads as queries
from data.queries.campaign_ads import known_sum

LEVELS: dict[str, queries.Level] = {"Campaign": "campaign", "Ad set": "adset", "Ad": "ad"}
BY_DAY = "Day"
#: Costs that are nearer than this are called the same.
NEAR = 0.1
MOST_BARS = 8


@st.cache_data(max_entries=32, show_spinner=False)
def _load(
    version: str, level: queries.Level, since: date, until: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    del version
    with db.read() as session:
        return (
            queries.spend_by(session, level, since, until),
            queries.spend_by_day(session, since, until),
        )


@st.cache_data(max_entries=4, show_spinner=False)
def _paced(version: str, today: date) -> list[pacing.Row]:
    del version
    with db.read() as session:
        rows = []
        for one in campaigns.all_of(session):
            about, _, ads = facts(session, one.id or 0, today)
            found = pace(about, ads, today)
            if found is not None:
                rows.append(pacing.Row(about, state(about, today), found))
        return rows


def _page(practice: Practice) -> None:
    version, today = db.version(), db.today(practice)
    with db.read() as session:
        known = queries.span(session)
    with frame.page_header("Ads", "What was spent, what it brought, and what may still change"):
        pass
    if known is None:
        _nothing()
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        filters = period.choose(practice, network=False, compares=False, version=version)
        level = st.segmented_control(
            "By",
            (*LEVELS, BY_DAY),
            default="Campaign",
            required=True,
            key="by",
            bind="query-params",
        )
    level = level or "Campaign"
    rows, days = _load(version, LEVELS.get(level, "campaign"), filters.start, filters.end)
    if rows.empty:
        frame.empty(
            "No ad ran in this period",
            f"The ad figures known here reach from {formats.span(*known)}. Choose such days.",
            icon=":material/ads_click:",
        )
    for currency in sorted(rows["currency"].unique()):
        own = rows[rows["currency"] == currency].reset_index(drop=True)
        of_days = days[days["currency"] == currency].reset_index(drop=True)
        _currency(currency, own, of_days, level, filters, today)
    pacing.card(_paced(version, today))


def _currency(
    currency: str,
    rows: pd.DataFrame,
    days: pd.DataFrame,
    level: str,
    filters: Filters,
    today: date,
) -> None:
    """All of one currency: figures, spend by day, cost per result, the table."""
    _figures(currency, rows)
    left, right = st.columns([3, 2])
    picked = None if level == BY_DAY else _selected(currency, rows)
    if picked is not None:
        with db.read() as session:
            days = queries.ad_days(session, picked[0], filters.start, filters.end)
        days = days[days["currency"] == currency].reset_index(drop=True)
    with left:
        _by_day(currency, days, filters, today, picked[1] if picked else None)
    with right:
        _costs(currency, rows, "Campaign" if level == BY_DAY else level)
    if level == BY_DAY:
        ad_tables.day_table(currency, days, today)
    else:
        ad_tables.table(currency, rows, level, today)


def _selected(currency: str, rows: pd.DataFrame) -> tuple[int, str] | None:
    """Id and name of the row that is selected in the table below, if any."""
    state = st.session_state.get(f"ads-table-{currency}")
    picked = state.selection.rows if state else []
    if not picked or picked[0] >= len(rows):
        return None
    return int(rows["object_id"].iloc[picked[0]]), str(rows["name"].iloc[picked[0]])


def _figures(currency: str, rows: pd.DataFrame) -> None:
    total = {name: sum_of(rows[name]) for name in queries.NUMBERS}
    kinds = rows["result_type"].dropna().unique()
    results = total["results"] if len(kinds) == 1 else None
    spend = total["spend_minor"]
    cost = spend / results if spend is not None and results else None
    label = f"Cost per {words_of(kinds[0])}" if len(kinds) == 1 else "Cost per result"
    with st.grid(4, min_column_width=170):
        st.metric(f"Spend, {currency}", formats.money(spend, currency), border=True)
        st.metric("Impressions", formats.number(total["impressions"]), border=True)
        st.metric("Clicks", formats.number(total["clicks"]), border=True)
        shown = formats.money(round(cost), currency) if cost is not None else formats.MISSING
        unlike = "The ads count results of several kinds: look at the costs by ad below"
        st.metric(label, shown, border=True, help=unlike if len(kinds) > 1 else None)


def _by_day(
    currency: str, days: pd.DataFrame, filters: Filters, today: date, only: str | None
) -> None:
    key = f"measure-{currency}"
    measure = str(st.session_state.get(key) or "Spend")
    measure = measure if measure in measures_of(days) else "Spend"
    with frame.card(_day_title(days, measure), key=f"days-{currency}"):
        st.caption(
            f"{_what(measure, currency, only)} by day of the ad account, {filters.label}. "
            f"Pale: younger than {queries.RESTATED_DAYS} days, the network may still change it."
        )
        st.segmented_control(
            "Figure", measures_of(days), default="Spend", required=True, key=key,
            label_visibility="collapsed",
        )  # fmt: skip
        chart.show(
            drawn.by_day(days, measure, currency, today),
            days,
            alt=drawn.by_day_words(days, measure, currency, today),
            key=f"ads-days-{currency}",
            height=300,
        )


def measures_of(days: pd.DataFrame) -> list[str]:
    """Those that are known on some day; spend always."""
    return [
        name
        for name, column in drawn.MEASURES.items()
        if name == "Spend" or days[column].notna().any()
    ]


def _what(measure: str, currency: str, only: str | None) -> str:
    unit = f"{measure} in {currency}" if measure == "Spend" else measure
    return f"{unit} of {only}" if only else unit


def _day_title(days: pd.DataFrame, measure: str) -> str:
    """The finding: how the second half of the period compares with the first."""
    values = days[drawn.MEASURES[measure]].astype("Float64").astype(float)
    half = len(values) // 2
    if half < 3 or values.isna().any() or values.iloc[:half].sum() == 0:
        return f"{measure} by day"
    change = values.iloc[-half:].sum() / values.iloc[:half].sum() - 1
    if abs(change) < 0.05:
        return f"{measure} held steady over the period"
    way = "more" if change > 0 else "less"
    return f"{formats.percent(abs(change))} {way} {measure.lower()} in the second half"


def _costs(currency: str, rows: pd.DataFrame, level: str) -> None:
    costs = rows.assign(cost=queries.cost_per_result(rows))
    known = costs[costs["cost"].notna()]
    if known.empty:
        with frame.card("No cost per result", key=f"cost-{currency}"):
            st.caption("The network reports no results here, or results of unlike kinds.")
        return
    kinds = kinds_by_spend(known)
    key = f"kind-of-result-{currency}"
    kind = {words_of(one): one for one in kinds}.get(str(st.session_state.get(key)), kinds[0])
    alike = known[known["result_type"].fillna("") == kind].nsmallest(MOST_BARS, "cost")
    alike = alike.assign(label=ad_tables.unique_labels(alike))
    title = cost_title(alike["label"].tolist(), alike["cost"].tolist())
    said = [
        f"{label} {formats.money(round(cost), currency)}"
        for label, cost in zip(alike["label"], alike["cost"].tolist(), strict=True)
    ]
    per = f"{currency} per {kind.replace('_', ' ') or 'result'}, by {level.lower()}"
    with frame.card(title, per, key=f"cost-{currency}"):
        if len(kinds) > 1:
            st.segmented_control(
                "Kind of result", [words_of(one) for one in kinds], default=words_of(kinds[0]),
                required=True, key=key, label_visibility="collapsed",
            )  # fmt: skip
        chart.show(
            drawn.cost_bars(alike, currency),
            alike[["label", "currency", "cost", "results", "spend_minor", "result_type"]],
            alt=f"Cost per {kind or 'result'} by {level.lower()}, cheapest first: "
            + "; ".join(said),
            key=f"ads-cost-{currency}",
            height=max(120, 40 * len(alike) + 20),
        )


def kinds_by_spend(rows: pd.DataFrame) -> list[str]:
    """The kinds of result, that on which most was spent first: unlike ones do not compare."""
    spent = rows.assign(kind=rows["result_type"].fillna("")).groupby("kind")["spend_minor"].sum()
    return [str(kind) for kind in spent.sort_values(ascending=False).index]


def cost_title(labels: list[str], costs: list[float]) -> str:
    """The finding, from labels and costs, the cheapest first; pure."""
    if len(costs) < 2:
        return "Cost per result"
    if costs[1] <= costs[0] * (1 + NEAR):
        return "The cheapest cost about the same"
    return f"{labels[0]} is cheapest"


def sum_of(column: "pd.Series[int]") -> int | None:
    """The sum of what is known; None where nothing is."""
    return known_sum(None if pd.isna(one) else int(one) for one in column)


def words_of(result_type: str) -> str:
    """`offsite_conversion.fb_pixel_lead (7 days after a click)` -> "lead"; pure."""
    bare = result_type.split(" (", 1)[0]
    return bare.rsplit(".", 1)[-1].removeprefix("fb_pixel_").replace("_", " ") or "result"


def _nothing() -> None:
    frame.empty(
        "No ads yet",
        "Connect a Meta ad account to see what each campaign, ad set and ad cost and brought.",
        link="connections",
        link_label="Connect an ad account",
        icon=":material/ads_click:",
    )


found_practice = db.practice()
if found_practice is not None:
    _page(found_practice)
