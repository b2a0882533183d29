"""Activity: who works, what runs, what it brought, what failed and what to do about it."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.components import activity_parts, chart, db, follow, frame
from dashboard.components.acting import acting
from dashboard.theme import network_label
from data import demo, requests
from data.models import Practice
from data.queries import activity as queries

VIEWS = ("All", "Brought something", "Failed")
COLLECT = "collect-request"
MOST_FAILURES = 3


def _page(practice: Practice) -> None:
    with db.read() as session:
        filling = queries.open_wish(session, demo.KIND)
        st.session_state.setdefault(COLLECT, queries.open_wish(session, "collect"))
    with frame.page_header("Activity", "What runs, what it brought, and what needs you"):
        st.button(
            "Collect now", icon=":material/sync:", type="primary", key="collect-now",
            on_click=_collect, disabled=filling is not None,
        )  # fmt: skip
    if filling is not None:
        with frame.card("The demo practice is being filled", key="filling"):
            follow.follow(filling, key="filling", waiting="The worker will begin in a moment")
    if st.session_state.get(COLLECT):
        with st.container(border=True, key="rw-collect"):
            follow.follow(st.session_state[COLLECT], key="collect", on_done=_collected)
    left, right = st.columns([2, 3])
    with left:
        activity_parts.workers()
    with right:
        activity_parts.running()
    activity_parts.backfills()
    _runs(practice)
    _spent()


def _collect() -> None:
    with acting(), db.write() as session:
        st.session_state[COLLECT] = requests.ask(session, "collect", {})


def _collected(found: follow.Followed) -> None:
    runs = (found.result or {}).get("runs", [])
    st.markdown(f":green[:material/check_circle:] {collected_words(runs)}")


def collected_words(runs: list[dict[str, object]]) -> str:
    """ "Collected: 3 new, 41 changed. x:… could not be read: …"; pure."""
    new = sum(int(str(run["inserted"])) for run in runs)
    changed = sum(int(str(run["updated"])) for run in runs)
    failed = [f"{run['account']}: {run['error']}" for run in runs if run.get("error")]
    words = f"Collected: {formats.number(new)} new, {formats.number(changed)} changed."
    return f"{words} Not read: {'; '.join(failed)}" if failed else words


def _runs(practice: Practice) -> None:
    view = chosen_view()
    with db.read() as session:
        found = queries.runs(session, failed_only=view == "Failed")
    if view == "Brought something":
        found = found[found["inserted"] + found["updated"] > 0].reset_index(drop=True)
    with frame.card(runs_title(found, view), "The newest 200 runs of the worker", key="runs"):
        st.segmented_control(
            "Show", VIEWS, default=VIEWS[0], required=True, key="runs-view", bind="query-params",
            label_visibility="collapsed",
        )  # fmt: skip
        if found.empty:
            st.caption(_no_runs(view))
            return
        if view != "Failed":
            _failures(found, practice.zone)
        table = shown(found, practice.zone, errors=view == "Failed")
        st.dataframe(
            table,
            key="runs-table",
            hide_index=True,
            height=frame.table_height(len(table), 420),
            placeholder="–",
            column_config={
                "Ended": st.column_config.DatetimeColumn(format="D MMM, HH:mm:ss"),
                "Took": st.column_config.NumberColumn(format="%.1f s"),
                "What failed": st.column_config.TextColumn(width=300),
                "What to do": st.column_config.TextColumn(width=260),
            },
            alt="The worker's runs: when, which account, what it brought, what failed",
        )
        chart.download(table, key="runs")


def chosen_view() -> str:
    """The view chosen, before its control is drawn below: at first the address names it."""
    named = st.session_state.get("runs-view") or st.query_params.get("runs-view")
    return str(named) if named in VIEWS else VIEWS[0]


def runs_title(found: pd.DataFrame, view: str) -> str:
    """The finding; pure."""
    failed = int(found["error"].notna().sum())
    if view == "Failed":
        return (
            "Nothing failed" if not failed else f"{failed} run{'s' if failed != 1 else ''} failed"
        )
    if found.empty:
        return "Nothing ran yet"
    share = f"{failed} of the last {len(found)} runs failed"
    return share if failed else f"All of the last {len(found)} runs went well"


def _no_runs(view: str) -> str:
    if view == "Failed":
        return "No run failed. What fails is shown here, with what to do."
    return "Runs appear here as soon as an account is connected and the worker has begun."


def _failures(found: pd.DataFrame, zone: str) -> None:
    """The newest failure of each account and kind of work, unless a later run went well."""
    newest = found.drop_duplicates(["network", "account", "stream"])
    failed = newest[newest["error"].notna()].head(MOST_FAILURES)
    for one in failed.to_dict("records"):
        what = queries.STREAM_WORDS.get(str(one["stream"]), str(one["stream"])).lower()
        when = one["finished_at"].tz_convert(zone)
        st.error(
            one["todo"] or "It is tried again by itself.",
            title=f"{network_label(str(one['network']))} {one['account']}, {what}, "
            f"{when:%-d %b %H:%M}: {one['error']}",
            icon=":material/error:",
        )


def shown(found: pd.DataFrame, zone: str, *, errors: bool = False) -> pd.DataFrame:
    """The runs as the table shows them, what failed only where `errors` asks for it; pure."""
    table = pd.DataFrame(
        {
            "Ended": found["finished_at"].dt.tz_convert(zone).dt.tz_localize(None),
            "Account": [
                f"{network_label(network)} {account}" if isinstance(network, str) else "–"
                for network, account in zip(found["network"], found["account"], strict=True)
            ],
            "What": [queries.STREAM_WORDS.get(str(one), str(one)) for one in found["stream"]],
            "Outcome": found["state"].str.capitalize(),
            "New": found["inserted"],
            "Changed": found["updated"],
            "Same": found["unchanged"],
            "Pages": found["pages"],
            "Took": found["seconds"],
        }
    )
    if errors:
        table.insert(4, "What failed", found["error"])
        table.insert(5, "What to do", found["todo"])
    return table


def _spent() -> None:
    with db.read() as session:
        found = queries.spent_by_day(session)
    if found.empty:
        return
    month = datetime.now(UTC).date().replace(day=1)
    cost = found.loc[found["day"] >= month, "cost_micros"].sum() / 1_000_000
    with frame.card(
        f"Reading cost ${cost:,.2f} this month",
        f"{formats.number(int(found['calls'].sum()))} calls in 31 days, in days of UTC. Only X "
        "charges for reading",
        key="spent",
    ):
        by_account = found.groupby(["network", "account"], as_index=False)[
            ["calls", "units", "cost_micros"]
        ].sum()
        table = pd.DataFrame(
            {
                "Account": [
                    f"{network_label(network)} {account}"
                    for network, account in zip(
                        by_account["network"], by_account["account"], strict=True
                    )
                ],
                "Calls": by_account["calls"],
                "Items read": by_account["units"],
                "US dollars": by_account["cost_micros"] / 1_000_000,
            }
        )
        st.dataframe(
            table, key="spent-table", hide_index=True, height="content",
            column_config={"US dollars": st.column_config.NumberColumn(format="%.3f")},
            alt="Calls and cost of reading by account",
        )  # fmt: skip
        chart.download(found, key="spent")


found_practice = db.practice()
if found_practice is not None:
    _page(found_practice)
