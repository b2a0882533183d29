"""What charts show, in words, for those who do not see them. Pure; computed from the data."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from dashboard import formats
from dashboard.charts import WEEKDAYS, Axes, Values, figure
from dashboard.theme import network_label


def totals(what: str, frame: pd.DataFrame, axes: Axes) -> str:
    """What `charts.totals` shows: the sum, the highest day and the estimated share."""
    value = frame["value"].to_numpy(dtype=np.float64)
    if not len(value) or np.isnan(value).all():
        return f"{what} {axes.time}: nothing in this period."
    top = int(np.nanargmax(value))
    day = pd.Timestamp(frame["day"].to_numpy()[top]).date()
    text = (
        f"{what} {axes.time}: {formats.number(float(np.nansum(value)))} in all, "
        f"most on {formats.day(day)} with {formats.number(float(value[top]))}."
    )
    share = float(np.nansum(frame["estimated"])) / (float(np.nansum(value)) or 1.0)
    return text + (f" {formats.percent(share)} of it is estimated." if share else "")


def lines(what: str, frame: pd.DataFrame, axes: Axes) -> str:
    """What `charts.lines` shows: each network's first and last point."""
    said = []
    for network, part in frame.groupby("network", sort=True, observed=True):
        value = part["value"].to_numpy(dtype=np.float64)
        known = value[~np.isnan(value)]
        first, last = known[0], known[-1]
        said.append(
            f"{network_label(str(network))} from {figure(first, axes)} to {figure(last, axes)}"
        )
    return f"{what} {axes.time}: {'; '.join(said)}."


def bars(what: str, names: Sequence[str], values: Values, axes: Axes) -> str:
    """What `markup.bars` shows: every bar with its figure."""
    said = (
        f"{name} {figure(float(value), axes)}" for name, value in zip(names, values, strict=True)
    )
    return f"{what}: {', '.join(said)} {axes.unit}."


def week_grid(what: str, frame: pd.DataFrame, axes: Axes) -> str:
    """What `markup.week_grid` shows: the best and the weakest hour that has posts."""
    if frame.empty:
        return f"{what}: no posts in this period."
    ordered = frame.sort_values("value")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    return (
        f"{what}: best {_hour(high)} with {figure(float(high['value']), axes)} {axes.unit}, "
        f"weakest {_hour(low)} with {figure(float(low['value']), axes)}."
    )


def _hour(row: Any) -> str:
    return f"{WEEKDAYS[int(row['weekday'])]} {int(row['hour'])}:00"
