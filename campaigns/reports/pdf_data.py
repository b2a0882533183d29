"""What stands in the PDF, as plain data: figures already written out, in reading order."""

from collections.abc import Iterable, Sequence
from typing import Any

from campaigns.figures import AdLine, CampaignSummary, Figure, PostLine
from campaigns.reports import words
from campaigns.reports.charts import Chart, engagement_chart, spend_chart

MOST_POSTS = 12
MOST_ADS = 20
_LABELS = {
    "kind": "Campaign summary",
    "page": "Page",
    "pacing": "Budget and time",
    "budget_spent": "Budget spent",
    "time_gone": "Time gone by",
    "organic": "Organic: posts",
    "paid": "Paid: ads",
    "no_posts": "No posts belong to this campaign.",
    "no_ads": "No ads belong to this campaign.",
    "reading": "— means not reported, which is not 0; an empty cell means that there is no such "
    "figure. Engagement is reactions or likes + comments or replies + shares, reposts and quotes + "
    "saves or bookmarks. Rates are by impressions on X and by views on Facebook and Instagram, "
    "over posts where both are known. Currencies and reach are never added up.",
    "ads": "Ads",
    "posts": "Posts",
    "trace": "Every figure and where it comes from",
    "trace_how": "The numbers in the column Source are those of the list below the table.",
    "sources": "Sources",
}
_ORGANIC = (
    "posts",
    "engagement",
    "engagement_rate",
    "impressions",
    "views",
    "clicks",
    "likes",
    "reactions",
    "comments",
    "replies",
    "shares",
    "reposts",
    "quotes",
    "saves",
    "bookmarks",
)
_PAID = (
    "spend",
    "impressions",
    "clicks",
    "click_rate",
    "cost_per_click",
    "results",
    "cost_per_result",
)


def page_data(summary: CampaignSummary) -> dict[str, Any]:
    """The template's data: texts, lists of texts, and the charts' SVG."""
    zone = summary.facts.zone
    sources = _numbered(summary.figures)
    title = words.clean(summary.facts.name, 160) or f"Campaign {summary.facts.id}"
    made = f"As of {words.day(summary.today)}"
    return {
        "lang": "en",
        "paper": "us-letter",
        "words": _LABELS,
        "title": title,
        "description": f"{_LABELS['kind']}, {words.period(summary)}. {made}.",
        "footer": f"{words.clean(title, 70)} · {made} · times in {zone}",
        "state": words.state(summary.state),
        "state_key": summary.state,
        "period": f"{words.period(summary)} · {made} · days of {zone}",
        "goal": words.clean(summary.facts.goal, 400) if summary.facts.goal else None,
        "cards": _cards(summary),
        "pacing": _pacing(summary),
        "organic": _side(summary, "organic", _ORGANIC, summary.scopes("organic")[:5]),
        "paid": _side(summary, "paid", _PAID, _paid_columns(summary)),
        "engagement_chart": _drawn(engagement_chart(summary)),
        "spend_chart": _drawn(spend_chart(summary)),
        "ads_head": [
            "Ad campaign",
            "Spend",
            "Impressions",
            "Clicks",
            "Click rate",
            "Cost per click",
            "Cost per result",
        ],
        "ads": [_ad(line) for line in summary.ads[:MOST_ADS]],
        "ads_note": _ads_note(summary.ads),
        "posts_head": ["Published", "Network", "Post", "Engagement", "Shown", "Rate"],
        "posts": [_post(line, zone) for line in _best(summary.posts)],
        "posts_note": _posts_note(summary),
        "trace_head": ["Figure", "Value", "Source", "As of", "Note"],
        "trace": _traces(summary, sources),
        "sources": [words.clean(source, 300) for source in sources],
    }


def _cards(summary: CampaignSummary) -> list[dict[str, str]]:
    """Four figures at most that an owner looks for first."""
    cards = [
        _card(summary.get("engagement", "organic"), "Engagement", _posts_counted(summary)),
        _card(_rate(summary), "Engagement rate", _rate_note(summary)),
    ]
    for scope in _paid_columns(summary)[1:3]:
        figure = summary.get("spend", scope)
        cards.append(_card(figure, "Ad spend", (figure and figure.note) or "all ad campaigns"))
    if len(cards) < 4:
        cards.append(_card(summary.get("clicks", "paid"), "Clicks on ads", "all ad campaigns"))
    if len(cards) < 4:
        cards.insert(0, _card(summary.get("posts", "organic"), "Posts", "on all networks"))
    return cards[:4]


def _card(figure: Figure | None, label: str, note: str) -> dict[str, str]:
    return {"label": label, "value": words.figure(figure), "note": note}


def _posts_counted(summary: CampaignSummary) -> str:
    shown = summary.get("engagement", "organic")
    return (shown and shown.note) or words.counted(len(summary.posts), "post")


def _rate(summary: CampaignSummary) -> Figure | None:
    """The rate of the network with most posts: rates of several networks have no common base."""
    scopes = summary.scopes("organic")[1:]
    by_posts = sorted(scopes, key=lambda scope: -_posts_in(summary, scope))
    return summary.get("engagement_rate", by_posts[0]) if by_posts else None


def _rate_note(summary: CampaignSummary) -> str:
    shown = _rate(summary)
    if shown is None:
        return "no posts"
    return f"{words.scope(shown.scope)}, {shown.note}" if shown.note else words.scope(shown.scope)


def _posts_in(summary: CampaignSummary, scope: str) -> int:
    figure = summary.get("posts", scope)
    return int(figure.value or 0) if figure else 0


def _pacing(summary: CampaignSummary) -> dict[str, Any] | None:
    pacing = summary.pacing
    if pacing is None:
        return None
    spend = words.number(pacing.spend, pacing.currency)
    note = f" · {spend} of {words.number(pacing.budget, pacing.currency)} · days up to yesterday"
    if pacing.other_currencies:
        note += f" · without what was spent in {', '.join(pacing.other_currencies)}"
    return {
        "spent": pacing.budget_share,
        "spent_shown": words.number(pacing.budget_share, "ratio"),
        "gone": pacing.time_share,
        "gone_shown": words.number(pacing.time_share, "ratio"),
        "verdict": pacing.verdict,
        "note": note,
    }


def _paid_columns(summary: CampaignSummary) -> list[str]:
    """All ads, then each currency."""
    currencies = dict.fromkeys(line.ad.currency for line in summary.ads)
    return ["paid", *(f"paid {currency}" for currency in currencies)] if currencies else []


def _side(
    summary: CampaignSummary, kind: str, names: Sequence[str], scopes: Sequence[str]
) -> dict[str, Any]:
    """A table of metrics by scope; a cell is empty where the figure does not exist there."""
    rows = []
    for name in names:
        cells = [summary.get(name, scope) for scope in scopes]
        if any(cells):
            rows.append([words.metric(name), *(words.figure(c) if c else "" for c in cells)])
    heads = [words.scope(s) if kind == "organic" else s.removeprefix("paid ") for s in scopes]
    labels = ["All", *heads[1:]] if heads else []
    return {"head": ["", *labels], "rows": rows}


def _ad(line: AdLine) -> list[str]:
    currency = line.ad.currency
    moving = " *" if line.ad.moving else ""
    return [
        words.clean(line.ad.campaign_name, 80) + moving,
        words.number(line.spend, currency),
        words.number(line.ad.impressions, "count"),
        words.number(line.ad.clicks, "count"),
        words.number(line.click_rate, "ratio"),
        words.number(line.cost_per_click, currency),
        words.number(line.cost_per_result, currency),
    ]


def _ads_note(lines: Sequence[AdLine]) -> str:
    notes = []
    if any(line.ad.moving for line in lines):
        notes.append("* may still change: younger than 28 days.")
    if len(lines) > MOST_ADS:
        notes.append(f"{len(lines) - MOST_ADS} more are in the sheet.")
    return " ".join(notes)


def _best(lines: Sequence[PostLine]) -> list[PostLine]:
    """Posts with most engagement first; those of which none is known come last."""
    return sorted(lines, key=lambda line: -1 if line.engagement is None else line.engagement)[::-1][
        :MOST_POSTS
    ]


def _post(line: PostLine, zone: str) -> list[str]:
    shown = line.post.metrics.get("impressions" if line.post.network == "x" else "views")
    return [
        words.moment(line.post.published_at, zone),
        words.network(line.post.network),
        words.clean(line.post.text, 90) or f"({line.post.kind})",
        words.number(line.engagement, "count"),
        words.number(shown, "count"),
        words.number(line.rate, "ratio"),
    ]


def _posts_note(summary: CampaignSummary) -> str:
    count = len(summary.posts)
    most = f"The {MOST_POSTS} of {count} posts with most engagement; all are in the sheet. "
    return (most if count > MOST_POSTS else "") + "Shown: impressions on X, views elsewhere."


def _numbered(figures: Iterable[Figure]) -> dict[str, int]:
    """Each source with its number, in the order in which the figures name them."""
    named = dict.fromkeys(source for figure in figures for source in figure.sources)
    return {source: number for number, source in enumerate(named, start=1)}


def _traces(summary: CampaignSummary, sources: dict[str, int]) -> list[dict[str, Any]]:
    """Figures in groups of one scope."""
    groups: dict[str, list[list[str]]] = {}
    for figure in summary.figures:
        row = _trace(figure, sources, summary.facts.zone)
        groups.setdefault(figure.scope, []).append(row)
    return [{"of": words.clean(_of(scope), 90), "rows": rows} for scope, rows in groups.items()]


def _drawn(chart: Chart | None) -> dict[str, str] | None:
    return vars(chart) if chart else None


def _trace(figure: Figure, sources: dict[str, int], zone: str) -> list[str]:
    numbers = [sources[source] for source in figure.sources]
    return [
        words.metric(figure.metric),
        words.figure(figure),
        _ranges(numbers),
        words.moment(figure.as_of, zone) if figure.as_of else "",
        words.clean(figure.note or "", 110),
    ]


def _of(scope: str) -> str:
    kind, _, rest = scope.partition(" ")
    return f"{kind.capitalize()} · {words.scope(scope)}" if rest else words.scope(scope)


def _ranges(numbers: Sequence[int]) -> str:
    """1, 2, 3, 7 as "1–3, 7"."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in parts)
