"""A summary as CSV: one figure a row, for machines and sheets. UTF-8 without a mark, CRLF."""

import csv
import io
from collections.abc import Iterator

from campaigns.figures import CampaignSummary, Figure, in_short
from campaigns.organic import figures_of_post

COLUMNS = (
    "metric",
    "scope",
    "day",
    "value",
    "unit",
    "source",
    "as_of",
    "interval_low",
    "interval_high",
    "note",
    "sources",
)
#: With these a sheet begins a formula; blanks before them do not stop it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render(summary: CampaignSummary) -> bytes:
    """All figures, then each post's, then the series by day; empty where nothing is known."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    writer.writerows(_figure(figure) for figure in summary.figures)
    writer.writerows(_figure(each) for line in summary.posts for each in figures_of_post(line))
    writer.writerows(_days(summary))
    return buffer.getvalue().encode("utf-8", errors="replace")


def guarded(text: str) -> str:
    """`text` that no sheet takes for a formula: an apostrophe goes before one."""
    text = text.replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _figure(figure: Figure) -> tuple[str, ...]:
    low, high = figure.interval or ("", "")
    return (
        guarded(figure.metric),
        guarded(figure.scope),
        "",
        "" if figure.value is None else str(figure.value),
        guarded(figure.unit),
        guarded(figure.source),
        figure.as_of.isoformat() if figure.as_of else "",
        str(low),
        str(high),
        guarded(figure.note or ""),
        guarded("; ".join(figure.sources)),
    )


def _days(summary: CampaignSummary) -> Iterator[tuple[str, ...]]:
    """The series by day; their scope names the day, so that no two rows have one name."""
    for each in summary.days:
        day = each.day.isoformat()
        value = "" if each.value is None else str(each.value)
        short, whole = guarded(in_short(each.sources)), guarded("; ".join(each.sources))
        named = (guarded(each.metric), guarded(f"{each.scope} on {day}"), day, value)
        yield (*named, guarded(each.unit), short, "", "", "", f"by day {each.axis}", whole)
