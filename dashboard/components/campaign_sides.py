"""A campaign's organic and paid figures side by side, and where each is from."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from campaigns.figures import CampaignSummary, Figure
from campaigns.reports import words
from dashboard import formats
from dashboard.components import chart, frame
from dashboard.figures import campaign as drawn

FIRST = ("posts", "engagement", "engagement_rate", "impressions", "views", "clicks", "spend",
         "click_rate", "results", "cost_per_click", "cost_per_result")  # fmt: skip


def show(found: CampaignSummary) -> None:
    """Left what the posts did, right what the ads did. Nothing is added across."""
    left, right = st.columns(2)
    with left:
        _organic(found)
    with right:
        _paid(found)


def sources(found: CampaignSummary) -> None:
    """Every figure with its source and time."""
    table = as_sources(found.figures, found.facts.zone)
    with frame.card(
        "Every figure names its source",
        "The replies it was computed from, and when the oldest of them was read",
        key="campaign-sources",
    ):
        st.dataframe(
            table,
            key="campaign-sources",
            hide_index=True,
            height=frame.table_height(len(table), 420),
            placeholder="–",
            column_config={"Source": st.column_config.TextColumn(width=360)},
            alt="All figures of the campaign with scope, value, note, source and time",
        )
        chart.download(table, key="campaign-figures")


def matrix(figures: Sequence[Figure], columns: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Metrics down, columns across, values in words; pure.

    `columns`: title -> scopes, of which the first that has the figure is shown. A dash is a
    figure that is not reported, an empty cell one that does not exist there. Figures that
    nobody reports are left out: `silent` names them.
    """
    by_name = {(one.metric, one.scope): one for one in figures}
    cells = {
        name: [_first(by_name, name, scopes) for scopes in columns.values()]
        for name in _in_order(figures, columns)
    }
    known = {name: row for name, row in cells.items() if any(_is_known(one) for one in row)}
    table = pd.DataFrame({"Figure": [words.metric(name) for name in known]})
    for index, title in enumerate(columns):
        table[title] = [_cell(row[index]) for row in known.values()]
    return table


def silent(figures: Sequence[Figure], columns: Mapping[str, Sequence[str]]) -> list[str]:
    """The figures that no network of these reported, in words; pure."""
    shown = {scope for scopes in columns.values() for scope in scopes}
    own = [one for one in figures if one.scope in shown]
    reported = {one.metric for one in own if one.value is not None}
    return [
        words.metric(name).lower()
        for name in dict.fromkeys(one.metric for one in own)
        if name not in reported
    ]


def paid_columns(found: CampaignSummary) -> dict[str, list[str]]:
    """One currency: its total with the counts. Several: the counts, then each currency. Ad
    campaigns follow where there are several; pure."""
    currencies = list(dict.fromkeys(line.ad.currency for line in found.ads))
    if len(currencies) == 1:
        columns = {f"All ads, {currencies[0]}": ["paid", f"paid {currencies[0]}"]}
    else:
        columns = {"All ads": ["paid"]} | {one: [f"paid {one}"] for one in currencies}
    if len(found.ads) > 1:
        columns |= {words.scope(line.scope): [line.scope] for line in found.ads}
    else:
        columns = {words.scope(line.scope): [line.scope] for line in found.ads}
    return columns


def as_sources(figures: Sequence[Figure], zone: str) -> pd.DataFrame:
    """One row a figure: scope, figure, value, note, source and the practice's time; pure."""
    return pd.DataFrame(
        {
            "Of": words.scope(one.scope),
            "Figure": words.metric(one.metric),
            "Value": words.number(one.value, one.unit) if one.value is not None else None,
            "Note": one.note,
            "Read at": words.moment(one.as_of, zone) if one.as_of else None,
            "Source": one.source or None,
        }
        for one in figures
    )


def _organic(found: CampaignSummary) -> None:
    engagement = found.get("engagement", "organic")
    count = len(found.posts)
    posts = f"{count} post{'s' if count != 1 else ''}"
    if engagement is None or engagement.value is None:
        title = "No posts yet" if not count else f"Organic: {posts}, no figure reported"
    else:
        title = f"Organic: {posts} brought {formats.number(float(engagement.value))} engagements"
    with frame.card(title, "By day published, newest figures", key="organic"):
        if not count:
            st.caption("Posts appear as soon as one fits the rules, or is picked by hand below.")
            return
        days = drawn.engagement_frame(found.days)
        if not days.empty:
            chart.show(
                drawn.engagement(days), days, alt=drawn.engagement_words(days),
                key="campaign-engagement", height=230,
            )  # fmt: skip
        columns = {words.scope(scope): [scope] for scope in found.scopes("organic")}
        _matrix(found.figures, columns, "organic")
        frame.note("Views and impressions are different counts and are never added together.")


def _paid(found: CampaignSummary) -> None:
    currencies = sorted({line.ad.currency for line in found.ads})
    spent = [words.figure(found.get("spend", f"paid {currency}")) for currency in currencies]
    known = [one for one in spent if one != words.MISSING]
    title = f"Paid: {' and '.join(known)} spent" if known else "Paid: no spend known"
    if not found.ads:
        title = "No ads belong to it"
    with frame.card(title, "By day it happened, in the ad account's days", key="paid"):
        if not found.ads:
            st.caption("Choose its ad campaigns with the button Change.")
            return
        for currency in currencies:
            days = drawn.spend_frame(found.days, currency)
            if not days.empty:
                chart.show(
                    drawn.spend(days, currency), days, alt=drawn.spend_words(days, currency),
                    key=f"campaign-spend-{currency}", height=230,
                )  # fmt: skip
        _matrix(found.figures, paid_columns(found), "paid")
        if any(line.ad.moving for line in found.ads):
            frame.note("Days younger than 28 days may still be changed by the network.")
        if len(currencies) > 1:
            frame.note("Currencies stand apart and are never added.")


def _matrix(figures: Sequence[Figure], columns: Mapping[str, Sequence[str]], key: str) -> None:
    table = matrix(figures, columns)
    st.dataframe(
        table,
        key=f"campaign-{key}",
        hide_index=True,
        height="content",
        placeholder="",
        column_config={"Figure": st.column_config.TextColumn(pinned=True)},
        alt=f"The campaign's {key} figures",
    )
    missing = silent(figures, columns)
    if missing:
        frame.note(f"Not reported by the network: {', '.join(missing)}.")


def _in_order(figures: Sequence[Figure], columns: Mapping[str, Sequence[str]]) -> list[str]:
    """Headline figures first, the parts after them."""
    shown = {scope for scopes in columns.values() for scope in scopes}
    names = dict.fromkeys(one.metric for one in figures if one.scope in shown)
    return [name for name in FIRST if name in names] + [n for n in names if n not in FIRST]


def _first(
    by_name: Mapping[tuple[str, str], Figure], name: str, scopes: Sequence[str]
) -> Figure | None:
    return next((by_name[name, scope] for scope in scopes if (name, scope) in by_name), None)


def _is_known(one: Figure | None) -> bool:
    return one is not None and one.value is not None


def _cell(one: Figure | None) -> str | None:
    if one is None:
        return None
    return formats.MISSING if one.value is None else words.number(one.value, one.unit)
