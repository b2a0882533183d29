"""Small charts as HTML and SVG, which a browser draws for next to nothing. Pure.

Each has its words in `aria-label` or goes where the words stand beside it.
"""

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np
import pandas as pd

from dashboard.charts import WEEKDAYS, Axes, Values, figure
from dashboard.theme import ACCENT, GREY


def bars(
    names: Sequence[str], values: Values, *, axes: Axes, alt: str, accent: int | None = 0
) -> str:
    """Horizontal bars as HTML, the largest on top, one of them in the accent colour, values at
    the end."""
    # Corrections may leave nothing above 0: then no bar has a length.
    largest = max(0.0, float(np.nanmax(values))) if len(values) else 1.0
    rows = "".join(
        f"<span>{escape(name)}</span>"
        f'<span><i style="width:{max(0.0, value / (largest or 1.0)) * 78:.1f}%;'
        f'background:{ACCENT if index == accent else GREY}"></i>{figure(value, axes)}</span>'
        for index, (name, value) in enumerate(zip(names, values, strict=True))
    )
    return f'<div class="rw-bars" role="img" aria-label="{escape(alt)}">{rows}</div>'


def week_grid(frame: pd.DataFrame, axes: Axes, *, alt: str) -> str:
    """The hours of the week as a grid: rows are weekdays, columns hours; blank: no post.

    frame: weekday (0 Monday), hour, value, posts. The strongest colour has the largest value.
    """
    if frame.empty:
        return ""
    first, last = _hours(frame)
    values = frame["value"].to_numpy(dtype=np.float64)
    places = zip(frame["weekday"], frame["hour"], values, frame["posts"], strict=True)
    cells = {(int(day), int(hour)): (value, int(posts)) for day, hour, value, posts in places}
    largest = float(np.nanmax(values))
    body = "".join(_weekday(day, first, last, cells, largest or 1.0, axes) for day in range(7))
    head = "".join(f"<b>{hour if hour % 2 == 0 else ''}</b>" for hour in range(first, last + 1))
    legend = f"strongest: {figure(largest, axes)} {escape(axes.unit)}; blank: no post"
    return (
        f'<div class="rw-week" role="img" aria-label="{escape(alt)}" '
        f'style="--hours:{last - first + 1}"><b></b>{head}{body}<small>{legend}</small></div>'
    )


def _weekday(
    day: int,
    first: int,
    last: int,
    cells: dict[tuple[int, int], tuple[float, int]],
    largest: float,
    axes: Axes,
) -> str:
    def _cells() -> Iterator[str]:
        for hour in range(first, last + 1):
            if (day, hour) not in cells:
                yield "<i></i>"
                continue
            value, posts = cells[day, hour]
            told = f"{WEEKDAYS[day]} {hour}:00: {figure(value, axes)} {axes.unit}, {posts} posts"
            shade = 8 + 92 * max(0.0, value) / largest
            yield f'<i style="--shade:{shade:.0f}%" title="{escape(told)}"></i>'

    return f"<b>{WEEKDAYS[day]}</b>{''.join(_cells())}"


def _hours(frame: pd.DataFrame) -> tuple[int, int]:
    if frame.empty:
        return 8, 20
    return min(8, int(frame["hour"].min())), max(20, int(frame["hour"].max()))


def sparkline(values: Values, shown: int, *, width: int = 240, height: int = 44) -> str:
    """An SVG of a row of weeks: those of the period in the accent colour, older ones grey.

    `shown`: how many of the last values belong to the period.
    """
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return ""
    low, high = float(known.min()), float(known.max())
    reach = (high - low) or 1.0
    x = np.linspace(3, width - 5, len(values))
    y = height - 5 - (values - low) / reach * (height - 10)
    split = max(0, len(values) - shown - 1)
    points = [f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True) if not np.isnan(b)]
    end = np.flatnonzero(~np.isnan(values))[-1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" preserveAspectRatio="none">'
        f"{_path(points[: split + 1], GREY)}{_path(points[split:], ACCENT)}"
        f'<circle cx="{x[end]:.1f}" cy="{y[end]:.1f}" r="3.5" fill="{ACCENT}"/></svg>'
    )


def _path(points: Sequence[str], colour: str) -> str:
    return (
        f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" '
        'stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>'
    )
