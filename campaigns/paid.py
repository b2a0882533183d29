"""Figures of a campaign's ads. Currencies never add up; neither does reach."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from campaigns.figures import NOT_REPORTED, AdLine, Figure, distinct, known_sum, oldest
from campaigns.model import AdFigures
from data.money import rounded, to_major

MOVING = "may still change: younger than 28 days"
_Reader = Callable[[AdFigures], int | None]


def ad_lines(ads: Sequence[AdFigures], home: str | None = None) -> tuple[AdLine, ...]:
    """Ad campaigns with rates and costs: by currency, `home` first, then most spent first."""

    def place(ad: AdFigures) -> tuple[bool, str, int, str, str]:
        spend = ad.spend_minor or 0
        return (ad.currency != home, ad.currency, -spend, ad.campaign_name, ad.campaign_remote_id)

    ordered = sorted(ads, key=place)
    return tuple(
        AdLine(
            ad=ad,
            scope=scope,
            spend=None if ad.spend_minor is None else to_major(ad.spend_minor, ad.currency),
            click_rate=_share(ad.clicks, ad.impressions),
            cost_per_click=_cost_per([ad], _clicks),
            cost_per_result=_cost_per([ad], _results),
        )
        for ad, scope in zip(ordered, _scopes(ordered), strict=True)
    )


def paid_figures(lines: Sequence[AdLine]) -> Iterator[Figure]:
    """Counts over all ads, money in each currency, then each ad campaign's figures."""
    ads = [line.ad for line in lines]
    if not ads:
        return
    yield from _counts("paid", ads)
    for currency in dict.fromkeys(ad.currency for ad in ads):
        own = [ad for ad in ads if ad.currency == currency]
        yield from _money(f"paid {currency}", currency, own)
    for line in lines:
        yield from _money(line.scope, line.ad.currency, [line.ad])
        yield from _counts(line.scope, [line.ad])


def _scopes(ads: Sequence[AdFigures]) -> list[str]:
    """A name for each, with its id and currency where the name alone would not be its own."""
    names = Counter(ad.campaign_name for ad in ads)
    taken = {ad.currency for ad in ads}
    return [
        f"paid {ad.campaign_name}"
        if names[ad.campaign_name] == 1 and ad.campaign_name not in taken
        else f"paid {ad.campaign_name} ({ad.campaign_remote_id}, {ad.currency})"
        for ad in ads
    ]


def _counts(scope: str, ads: Sequence[AdFigures]) -> Iterator[Figure]:
    yield _total("impressions", scope, ads, lambda ad: ad.impressions)
    yield _total("clicks", scope, ads, _clicks)
    both = [ad for ad in ads if ad.clicks is not None and ad.impressions is not None]
    rate = _share(known_sum(ad.clicks for ad in both), known_sum(ad.impressions for ad in both))
    yield _figure("click_rate", scope, rate, "ratio", both, ads)
    if _alike(ads):
        yield _total("results", scope, ads, _results)


def _money(scope: str, currency: str, ads: Sequence[AdFigures]) -> Iterator[Figure]:
    known = [ad for ad in ads if ad.spend_minor is not None]
    minor = known_sum(ad.spend_minor for ad in known)
    spend = None if minor is None else to_major(minor, currency)
    yield _figure("spend", scope, spend, currency, known, ads)
    for name, read in (("cost_per_click", _clicks), ("cost_per_result", _results)):
        if name == "cost_per_result" and not _alike(ads):
            continue
        both = [ad for ad in known if read(ad) is not None]
        yield _figure(name, scope, _cost_per(both, read), currency, both, ads)


def _total(metric: str, scope: str, ads: Sequence[AdFigures], read: _Reader) -> Figure:
    known = [ad for ad in ads if read(ad) is not None]
    return _figure(metric, scope, known_sum(read(ad) for ad in known), "count", known, ads)


def _figure(
    metric: str,
    scope: str,
    value: int | float | Decimal | None,
    unit: str,
    known: Sequence[AdFigures],
    ads: Sequence[AdFigures],
) -> Figure:
    return Figure(
        metric=metric,
        scope=scope,
        value=value,
        unit=unit,
        sources=distinct(ad.source for ad in known),
        as_of=oldest(ad.captured_at for ad in known),
        note=_note(metric, known, ads),
    )


def _note(metric: str, known: Sequence[AdFigures], ads: Sequence[AdFigures]) -> str | None:
    if not known:
        return NOT_REPORTED
    notes = []
    if len(known) < len(ads):
        notes.append(f"reported for {len(known)} of {len(ads)} ad campaigns")
    if metric == "results" and known[0].result_type:
        notes.append(f"counted: {known[0].result_type.replace('_', ' ')}")
    if any(ad.moving for ad in known):
        notes.append(MOVING)
    return "; ".join(notes) or None


def _alike(ads: Sequence[AdFigures]) -> bool:
    """Whether all known results count the same thing, such as link clicks."""
    return len({ad.result_type for ad in ads if ad.results is not None}) <= 1


def _clicks(ad: AdFigures) -> int | None:
    return ad.clicks


def _results(ad: AdFigures) -> int | None:
    return ad.results


def _share(part: int | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None


def _cost_per(ads: Sequence[AdFigures], read: _Reader) -> Decimal | None:
    """Spend over a count, to the currency's digits; over ads (of one currency) that tell both."""
    both = [(ad.spend_minor, count) for ad in ads if (count := read(ad)) is not None]
    spend = known_sum(minor for minor, _ in both)
    count = sum(count for minor, count in both if minor is not None)
    if spend is None or not count:
        return None
    currency = ads[0].currency
    return rounded(to_major(spend, currency) / count, currency)
