"""The workbook's native charts: they read their figures from its sheets."""

from typing import Any

from campaigns.figures import CampaignSummary
from campaigns.reports import words

_TEAL, _BLUE = "#006d7c", "#0072b2"


def add_charts(book: Any, page: Any, summary: CampaignSummary, networks: tuple[int, int]) -> None:
    """Engagement by network, and what each ad campaign in the first currency cost.

    `networks`: first and last row (from 0) of the table of networks on `page`, the first sheet.
    The sheet Ads is sorted by currency, then by spend.
    """
    first, last = networks[0] + 1, networks[1] + 1
    if first <= last:
        names, values = f"=Summary!$A${first}:$A${last}", f"=Summary!$B${first}:$B${last}"
        _insert(book, page, "F2", "Engagement by network", names, values, _BLUE)
    if summary.ads:
        currency = summary.ads[0].ad.currency
        end = sum(line.ad.currency == currency for line in summary.ads) + 1
        title = f"Ad spend by ad campaign, {words.clean(currency, 12)}"
        _insert(book, page, "F20", title, f"=Ads!$A$2:$A${end}", f"=Ads!$E$2:$E${end}", _TEAL)


def _insert(
    book: Any, page: Any, cell: str, title: str, names: str, values: str, colour: str
) -> None:
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {"name": title, "categories": names, "values": values, "fill": {"color": colour}, "gap": 60}
    )
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#dfe5e8"}}})
    chart.set_size({"width": 620, "height": 330})
    page.insert_chart(cell, chart, {"description": title})
