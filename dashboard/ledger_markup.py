"""The ledger's bar and what years add up to, as HTML: it fits any width, and prints. Pure."""

from collections.abc import Sequence
from html import escape

from dashboard.ledger_words import Standing, amount
from data.privacy.tables import CAP_MICRO, PLAN_MICRO, RESERVE_MICRO


def bar(standing: Standing) -> str:
    """Two compartments that fill: the plan of regular releases, the reserve of corrections."""
    regular = standing.of.regular_micro if standing.of else 0
    corrections = standing.of.correction_micro if standing.of else 0
    plan = _percent(PLAN_MICRO)
    alt = (
        f"Of the budget of 1, {amount(PLAN_MICRO)} is the plan of regular releases, of which "
        f"{amount(regular)} is used, and {amount(RESERVE_MICRO)} the reserve of corrections, of "
        f"which {amount(corrections)} is used."
    )
    return (
        f'<div class="rw-ledger" role="img" aria-label="{escape(alt)}">'
        f'<b class="rw-above" style="left:0">Regular releases: {amount(regular)} of '
        f'{amount(PLAN_MICRO)}</b><b class="rw-above" style="right:0">Cap: 1</b>'
        '<div class="rw-track">'
        f'<i class="rw-regular" style="left:0;width:{_percent(regular)}"></i>'
        f'<i class="rw-reserve" style="left:{plan};right:0"></i>'
        f'<i class="rw-corrections" style="left:{plan};width:{_percent(corrections)}"></i></div>'
        f'<i class="rw-mark" style="left:{plan}"></i>'
        f'<b class="rw-below" style="right:0">Corrections: {amount(corrections)} of '
        f"{amount(RESERVE_MICRO)}</b></div>"
    )


def guesses(rows: Sequence[tuple[str, float]], alt: str) -> str:
    """Bars of chances: grey up to a coin's 50 %, blue beyond."""
    body = "".join(
        f"<div>{escape(name)}</div>"
        f'<span><i style="width:50%"></i><i style="left:50%;width:{100 * chance - 50:.1f}%"></i>'
        f"</span><div>{100 * chance:.0f} %</div>"
        for name, chance in rows
    )
    return f'<div class="rw-years" role="img" aria-label="{escape(alt)}">{body}</div>'


def guesses_words(rows: Sequence[tuple[str, float]]) -> str:
    """The alternative text of `guesses`."""
    said = ", ".join(f"{name}: {100 * chance:.0f} %" for name, chance in rows)
    return f"The chance that the best possible guess is right; a coin has 50 %. {said}."


def _percent(micro: int) -> str:
    return f"{100 * micro / CAP_MICRO:.2f}%"
