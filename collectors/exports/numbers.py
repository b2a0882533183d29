"""Figures as exports write them. What cannot be read for sure is Wrong: nothing is guessed."""

import re
from decimal import Decimal

#: How public statistics mark a figure that is withheld: it is unknown, and never 0.
SUPPRESSED = frozenset({"", "DS", "*"})
#: More people than there are: beyond it a cell holds something else.
MOST = 10**10
_LONGEST, _PLAIN_DIGITS = 40, 11
_DIGITS = r"[0-9]+(\.[0-9]*)?|\.[0-9]+"
_PLAIN = re.compile(rf"-?({_DIGITS})([eE][+-]?[0-9]{{1,3}})?")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?")
_ONE_COMMA = re.compile(r"[0-9]{1,3},[0-9]{3}")


class Wrong(ValueError):
    """Why a cell cannot be used; without its value."""


def whole(text: str) -> int | None:
    """People: "6,905", "29.0", " -   " (none). None where suppressed."""
    if text.isascii() and text.isdigit() and len(text) < _PLAIN_DIGITS:  # nearly every cell
        return int(text)
    value = _number(text)
    if value is None:
        return None
    if value != value.to_integral_value():
        raise Wrong("not a whole number")
    return int(value)


def decimal(text: str, delimiter: str) -> float | None:
    """People on average: "32244893.5". None where suppressed.

    In a file that is not separated by commas, a comma may be a decimal mark.
    """
    if delimiter != "," and _ONE_COMMA.fullmatch(text.strip()):
        raise Wrong("its comma may be for thousands or for decimals")
    value = _number(text)
    return None if value is None else float(value)


def share(text: str) -> float | None:
    """A share from 0 to 1: "0.4791", "4.791E-1", "47.91%". None where suppressed."""
    plain = text.strip()
    is_percent = plain.endswith("%")
    value = _number(plain.removesuffix("%"))
    if value is None:
        if is_percent:
            raise Wrong("not a number")
        return None
    value = value / 100 if is_percent else value
    if value > 1:
        raise Wrong("a share of more than all")
    return float(value)


def _number(text: str) -> Decimal | None:
    plain = text.strip()
    if plain.upper() in SUPPRESSED:
        return None
    if plain == "-":  # how spreadsheets show a zero
        return Decimal(0)
    grouped = _GROUPED.fullmatch(plain)
    if len(plain) > _LONGEST or not (grouped or _PLAIN.fullmatch(plain)):
        raise Wrong("not a number")
    value = Decimal(plain.replace(",", ""))
    if value < 0:
        raise Wrong("below zero")
    if value > MOST:
        raise Wrong("larger than can be")
    # 3.09E+07 lost digits in a spreadsheet; 2.859483E6 has them all
    if "e" in plain.lower() and _exponent(value) > 0:
        raise Wrong("rounded, its last digits are lost")
    return value


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
