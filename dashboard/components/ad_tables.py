"""Tables of ad figures, of one currency each."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.components import chart, db, frame
from dashboard.figures import ads as drawn
from data.money import digits
from data.queries import ads as queries


def table(currency: str, rows: pd.DataFrame, level: str, today: date) -> None:
    """Campaigns, ad sets or ads of one currency, most spent first."""
    scale = 10 ** digits(currency)
    costs = queries.cost_per_result(rows)
    edge = drawn.moving_from(today)
    table = pd.DataFrame({level: rows["name"]})
    table["Spend"] = numbers(rows["spend_minor"]) / scale
    for name, title in (
        ("impressions", "Impressions"),
        ("clicks", "Clicks"),
        ("results", "Results"),
    ):
        table[title] = numbers(rows[name])
    table["Cost per result"] = costs / scale
    table["Days"] = [
        formats.span(a, b) for a, b in zip(rows["first_day"], rows["last_day"], strict=True)
    ]
    table["Figures"] = ["may still change" if day >= edge else "firm" for day in rows["last_day"]]
    if level == "Ad":
        table["Ad set"] = rows["adset"]
    if level != "Campaign":
        table["Campaign"] = rows["campaign"]
    title = f"{len(rows)} {level.lower()}{'s' if len(rows) != 1 else ''}, paid in {currency}"
    with frame.card(title, _read_words(rows), key=f"ads-{currency}"):
        st.dataframe(
            table,
            key=f"ads-table-{currency}",
            placeholder="–",
            hide_index=True,
            height="content" if len(table) <= 12 else 460,
            column_config=_columns(table),
            on_select="rerun",
            selection_mode="single-row",
            alt=f"Ads by {level.lower()}: spend in {currency}, impressions, clicks, results, cost",
        )
        frame.note(
            "Select a row to see its days above. Reach is not shown: people reached by one ad or "
            "on one day are reached by others too, so it does not add up."
        )
        chart.download(rows, key=f"ads-{currency}")


def day_table(currency: str, days: pd.DataFrame, today: date) -> None:
    """The days of one currency, newest first."""
    scale = 10 ** digits(currency)
    edge = drawn.moving_from(today)
    newest = days.iloc[::-1].reset_index(drop=True)
    table = pd.DataFrame(
        {
            "Day": newest["day"],
            "Spend": numbers(newest["spend_minor"]) / scale,
            "Impressions": numbers(newest["impressions"]),
            "Clicks": numbers(newest["clicks"]),
            "Results": numbers(newest["results"]),
            "Cost per result": queries.cost_per_result(newest) / scale,
            "Figures": ["may still change" if day >= edge else "firm" for day in newest["day"]],
        }
    )
    with frame.card(f"{len(table)} days, paid in {currency}", key=f"ads-{currency}"):
        st.dataframe(
            table,
            hide_index=True,
            height=460,
            placeholder="–",
            column_config=_columns(table),
            alt=f"Ads by day: spend in {currency}, impressions, clicks, results, cost",
        )
        chart.download(days, key=f"ads-{currency}")


def unique_labels(rows: pd.DataFrame) -> list[str]:
    """Names of rows; those that fit several rows with their campaign or id as well; pure."""
    twice = rows["name"].duplicated(keep=False)
    names, tops, ids = (rows[key].astype(str) for key in ("name", "campaign", "remote_id"))
    return [
        f"{name} ({top if top != name else remote_id})" if double else name
        for name, top, remote_id, double in zip(names, tops, ids, twice, strict=True)
    ]


def numbers(column: "pd.Series[int]") -> "pd.Series[float]":
    """Integers that may be missing, as tables want them."""
    return column.astype("Float64").astype(float)


def _columns(table: pd.DataFrame) -> dict[str, Any]:
    most = float(table["Spend"].max()) if table["Spend"].notna().any() else 1.0
    number = st.column_config.NumberColumn
    return {
        "Day": st.column_config.DateColumn(format="ddd D MMM YYYY"),
        "Spend": st.column_config.ProgressColumn(
            format="%.2f", min_value=0, max_value=max(most, 0.01), color="primary"
        ),
        "Impressions": number(format="localized"),
        "Clicks": number(format="localized"),
        "Results": number(format="localized"),
        "Cost per result": number(format="%.2f"),
    }


def _read_words(rows: pd.DataFrame) -> str:
    """When and from which reply the oldest of these figures were read."""
    oldest_reply = rows["raw_reply_id"].min()
    with db.read() as session:
        reply = queries.reply_of(session, None if pd.isna(oldest_reply) else int(oldest_reply))
    oldest = rows["captured_at"].min()
    read = f"As of {oldest:%-d %b %Y, %H:%M} UTC"
    return f"{read} · {reply.words()}" if reply else read
