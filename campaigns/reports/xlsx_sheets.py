"""The workbook's tables as plain rows: what each sheet holds, before any format.

A cell is a text, a day, an instant, None, or a number with its unit as (value, unit).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.figures import AdLine, CampaignSummary, PostLine, distinct, in_short, oldest
from campaigns.reports import words
from data.metrics import BY_NAME

Row = Sequence[object]


@dataclass(frozen=True)
class Column:
    """A column's head and width in signs."""

    title: str
    width: int = 12
    wraps: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table with its head."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Row]


def sheets(summary: CampaignSummary) -> list[Sheet]:
    """All tables, in the order of the workbook's tabs."""
    return [_figures(summary), _posts(summary), _ads(summary), _days(summary)]


def front_rows(summary: CampaignSummary) -> list[Row]:
    """Name, figure and note of what an owner looks for first."""
    names = ("budget", "budget_share", "time_share", "posts", "engagement", "spend", "clicks")
    wanted = {"campaign", "organic", "paid", *(f"paid {line.ad.currency}" for line in summary.ads)}
    return [
        (
            f"{words.metric(figure.metric)} · {words.scope(figure.scope)}",
            (figure.value, figure.unit),
            "",
            figure.note or "",
        )
        for figure in summary.figures
        if figure.metric in names and figure.scope in wanted
    ]


def network_rows(summary: CampaignSummary) -> list[Row]:
    """Each network's engagement and rate."""
    rows: list[Row] = []
    for scope in summary.scopes("organic")[1:]:
        total, rate = summary.get("engagement", scope), summary.get("engagement_rate", scope)
        note = (rate and rate.note) or ""
        cells = [(figure.value, figure.unit) if figure else None for figure in (total, rate)]
        rows.append((words.scope(scope), *cells, note))
    return rows


def _figures(summary: CampaignSummary) -> Sheet:
    columns = [
        Column("Metric", 18),
        Column("Scope", 26),
        Column("Value", 16),
        Column("Unit", 8),
        Column("Source", 44, True),
        Column(f"As of ({summary.facts.zone})", 20),
        Column("Note", 44, True),
    ]
    rows = [
        (
            figure.metric,
            figure.scope,
            (figure.value, figure.unit),
            figure.unit,
            figure.source,
            figure.as_of or "",
            figure.note or "",
        )
        for figure in summary.figures
    ]
    return Sheet("Figures", columns, rows)


def _posts(summary: CampaignSummary) -> Sheet:
    names = [
        name
        for name in BY_NAME
        if any(line.post.metrics.get(name) is not None for line in summary.posts)
    ]
    columns = [
        Column(f"Published ({summary.facts.zone})", 18),
        Column("Network", 11),
        Column("Account", 16),
        Column("Post", 60, True),
        Column("Kind", 9),
        Column("Engagement"),
        Column("Engagement rate"),
        *(Column(words.metric(name)) for name in names),
        Column("Address", 36),
        Column("Source", 36, True),
        Column(f"As of ({summary.facts.zone})", 18),
    ]
    return Sheet("Posts", columns, [_post(line, names) for line in summary.posts])


def _post(line: PostLine, names: Sequence[str]) -> Row:
    post = line.post
    known = [name for name in names if post.metrics.get(name) is not None]
    return (
        post.published_at,
        words.network(post.network),
        post.account,
        post.text,
        post.kind,
        (line.engagement, "count"),
        (line.rate, "ratio"),
        *((post.metrics.get(name), "count") for name in names),
        post.permalink or "",
        in_short(distinct([post.source, *post.sources_of(known)])),
        oldest([post.captured_at, *post.times_of(known)]),
    )


def _ads(summary: CampaignSummary) -> Sheet:
    columns = [
        Column("Ad campaign", 36, True),
        Column("Id", 18),
        Column("Account", 18),
        Column("Currency", 9),
        Column("Spend", 14),
        Column("Impressions"),
        Column("Clicks"),
        Column("Click rate"),
        Column("Cost per click", 14),
        Column("Results"),
        Column("Results are", 16),
        Column("Cost per result", 14),
        Column("First day"),
        Column("Last day"),
        Column("May still change", 16),
        Column("Source", 36, True),
        Column(f"As of ({summary.facts.zone})", 18),
    ]
    return Sheet("Ads", columns, [_ad(line) for line in summary.ads])


def _ad(line: AdLine) -> Row:
    ad = line.ad
    return (
        ad.campaign_name,
        ad.campaign_remote_id,
        ad.account,
        ad.currency,
        (line.spend, ad.currency),
        (ad.impressions, "count"),
        (ad.clicks, "count"),
        (line.click_rate, "ratio"),
        (line.cost_per_click, ad.currency),
        (ad.results, "count"),
        ad.result_type or "",
        (line.cost_per_result, ad.currency),
        ad.first_day,
        ad.last_day,
        "yes" if ad.moving else "no",
        ad.source or "",
        ad.captured_at,
    )


def _days(summary: CampaignSummary) -> Sheet:
    columns = [
        Column("Day"),
        Column("Scope", 26),
        Column("Metric", 16),
        Column("Value", 14),
        Column("Unit", 8),
        Column("The day is", 22),
        Column("Source", 36, True),
    ]
    rows = [
        (
            day.day,
            day.scope,
            day.metric,
            (day.value, day.unit),
            day.unit,
            words.axis(day.axis),
            in_short(day.sources),
        )
        for day in summary.days
    ]
    return Sheet("Days", columns, rows)
