"""The findings that the headings of the page Engagement state. Pure."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard import formats
from dashboard.charts import WEEKDAYS
from dashboard.filters import Filters
from dashboard.shape import Measure
from dashboard.theme import network_label
from data.queries.coverage import Known

LEAST_POSTS = 3  # in an hour of the week, before it is called the best
CLOSE = 0.03  # a lead smaller than this is none


def figure(value: float | None, what: Measure) -> str:
    """A value of the measure in words."""
    if value is None:
        return formats.MISSING
    return f"{value:.1f}" if what.over is not None else formats.number(value)


def moved(what: Measure, now: float | None, before: float | None) -> str:
    """The heading of the totals."""
    if now is None:
        return f"{what.title}: no figures in this period"
    change = formats.change(now, before)
    if change is None:
        return f"{what.title}: {figure(now, what)}"
    if abs(change) < 0.005:
        return f"{what.title} stayed at {figure(now, what)}"
    verb = "rose" if change > 0 else "fell"
    return f"{what.title} {verb} {formats.percent(abs(change))} to {figure(now, what)}"


def drawn(
    what: Measure, filters: Filters, frame: pd.DataFrame, days_a_bar: int, known: Known | None
) -> str:
    """What the totals' chart shows, how much of it is estimated, why there is no comparison
    where complete figures begin too late for one, and where they end too early."""
    text = f"{what.title} {'a day' if days_a_bar == 1 else 'a week'}, {filters.axis_label}"
    if known is None or known.begins <= filters.before_start:
        text += f"; dotted: {filters.before_label}"
    else:
        begins = formats.day(known.begins)
        text += f"; complete figures begin on {begins}, so there is nothing to compare with"
    if known is not None and known.until < filters.end:
        text += f"; not everything was read after {formats.day(known.until)}"
    total = float(np.nansum(frame["value"]))
    share = float(np.nansum(frame["estimated"])) / total if total else 0.0
    return text if share <= 0 else f"{text}; hatched: estimated ({formats.percent(share)})"


def best(by: str, names: Sequence[str], frame: pd.DataFrame, what: Measure) -> str:
    """The heading of a ranking."""
    if frame.empty:
        return f"No {by} with figures"
    if len(names) == 1:
        return f"{names[0]} alone"
    values = frame["value"].to_numpy()
    if values[0] <= values[1] * (1 + CLOSE):
        return f"{names[0]} and {names[1][0].lower()}{names[1][1:]} are level"
    verb = "do" if names[0].endswith("s") else "does"
    if what.over is not None:
        return f"{names[0]} {verb} best"
    return f"{names[0]} {'bring' if verb == 'do' else 'brings'} the most"


def leader(sums: pd.DataFrame, what: Measure) -> str:
    """The heading of the networks' lines."""
    if sums.empty:
        return "No network with figures"
    first = network_label(str(sums["network"].iloc[0]))
    value = float(sums["value"].iloc[0])
    if what.over is not None or len(sums) == 1:
        return f"{first} leads with {figure(value, what)}" if len(sums) > 1 else f"{first} alone"
    share = value / float(sums["value"].sum() or 1.0)
    return f"{first} brings {formats.percent(share)} of it"


def hour(grid: pd.DataFrame, what: Measure) -> str:
    """The heading of the hours of the week: only an hour with enough posts is called best."""
    if grid.empty:
        return "No posts to tell an hour by"
    if what.name == "Posts":
        top = grid.sort_values("posts", ascending=False).iloc[0]
        return f"Most posts go out {_at(top)}"
    enough = grid[grid["posts"] >= LEAST_POSTS].sort_values("value", ascending=False)
    if len(enough) < 3:
        return "Too few posts an hour to tell the best one"
    return f"Best so far: {_at(enough.iloc[0])}"


def _at(row: "pd.Series[float]") -> str:
    return f"{WEEKDAYS[int(row['weekday'])]} at {int(row['hour'])}:00"
