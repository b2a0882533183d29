"""Money as integer minor units: how many digits a currency has, and to and from amounts."""

from decimal import ROUND_HALF_UP, Decimal

#: ISO 4217 currencies whose minor unit is not a hundredth.
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_WITHOUT_MINOR = frozenset(_WHOLE.split())
_THOUSANDTHS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


def digits(currency: str | None) -> int:
    """Digits after the point: USD 2, JPY 0, KWD 3; 2 where the currency is unknown."""
    if currency in _WITHOUT_MINOR:
        return 0
    return 3 if currency in _THOUSANDTHS else 2


def to_major(minor: int, currency: str | None) -> Decimal:
    """Minor units as an exact amount: (184000, "USD") -> Decimal("1840.00")."""
    return Decimal(minor).scaleb(-digits(currency))


def to_minor(amount: Decimal, currency: str | None) -> int:
    """An amount as minor units, halves rounded away from zero: ("1.005", "USD") -> 101."""
    return int(amount.scaleb(digits(currency)).to_integral_value(rounding=ROUND_HALF_UP))


def rounded(amount: Decimal, currency: str | None) -> Decimal:
    """An amount rounded to the currency's digits, such as a cost per click."""
    return to_major(to_minor(amount, currency), currency)
