"""Figures and instants in words. A missing figure is a dash, never a zero."""

from datetime import date, datetime

from data.money import digits, to_major

MISSING = "–"
_UP_TO = ((90, 1, "s"), (5400, 60, "min"), (129_600, 3600, "h"))


def number(value: float | None) -> str:
    """1234 -> "1,234"."""
    return MISSING if value is None else f"{value:,.0f}"


def rate(value: float | None, per: int = 1000) -> str:
    """A rate per thousand with one decimal: 0.0532 -> "53.2"."""
    return MISSING if value is None else f"{value * per:.1f}"


def percent(value: float | None, *, signed: bool = False) -> str:
    """0.123 -> "12 %"; under ten percent with one decimal. Signed ones have a true minus."""
    if value is None:
        return MISSING
    size = abs(value) * 100
    text = f"{size:.0f}" if size >= 10 or round(size, 1) == 0 else f"{size:.1f}"
    sign = "" if not signed or float(text) == 0 else ("+" if value > 0 else "−")
    return f"{sign}{text} %"


def change(now: float | None, before: float | None) -> float | None:
    """The relative change, or None where there is nothing to divide by."""
    return None if now is None or not before else now / before - 1


def money(minor: int | None, currency: str | None, *, named: bool = True) -> str:
    """Minor units as an amount: (184000, "USD") -> "1,840.00 USD"; JPY has no cents."""
    if minor is None:
        return MISSING
    amount = f"{to_major(minor, currency):,.{digits(currency)}f}"
    return f"{amount} {currency}" if currency and named else amount


def day(value: date, *, year: bool = True) -> str:
    """ "3 Aug 2026"."""
    return f"{value.day} {value:%b}" + (f" {value.year}" if year else "")


def span(start: date, end: date) -> str:
    """Two days as a period: "1 Oct – 25 Nov 2026"."""
    return f"{day(start, year=start.year != end.year)} – {day(end)}"


def ago(instant: datetime | None, now: datetime) -> str:
    """How long since, in the largest fitting unit: "4 min ago"."""
    if instant is None:
        return "never"
    seconds = max(0.0, (now - instant).total_seconds())
    for limit, size, unit in _UP_TO:
        if seconds < limit:
            return f"{max(1, round(seconds / size))} {unit} ago"
    return f"{round(seconds / 86_400)} days ago"
