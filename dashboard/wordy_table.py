"""A table of sentences as HTML: its cells wrap, it prints, and on a phone each row is a card.

Streamlit's own scroll sideways on a phone, and read e-mail addresses as links. Pure.
"""

from collections.abc import Mapping, Sequence
from html import escape


def table(rows: Sequence[Mapping[str, str]], alt: str, *, whole: Sequence[str] = ()) -> str:
    """Rows with the same columns, the first of which heads its row. `whole` columns never wrap."""
    if not rows:
        return ""
    head = "".join(f'<th scope="col" role="columnheader">{escape(name)}</th>' for name in rows[0])
    body = "".join(f'<tr role="row">{_cells(row, whole)}</tr>' for row in rows)
    return (
        f'<table class="rw-wordy" role="table" aria-label="{escape(alt)}"><thead role="rowgroup">'
        f'<tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _cells(row: Mapping[str, str], whole: Sequence[str]) -> str:
    made = []
    for place, (name, value) in enumerate(row.items()):
        tag, role = ("th", "rowheader") if place == 0 else ("td", "cell")
        scope = ' scope="row"' if place == 0 else ""
        style = ' class="rw-whole"' if name in whole else ""
        made.append(
            f'<{tag}{scope}{style} role="{role}" data-label="{escape(name)}">'
            f"{escape(value)}</{tag}>"
        )
    return "".join(made)
